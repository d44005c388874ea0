import { checkConfig, loadConfig, type LoadedConfig } from "@parakkt/cli";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { applyOverrides, parseOverride } from "../dist/config/apply-overrides.js";
import { readYaml } from "../dist/config/read-yaml.js";
import { allKeyPaths } from "../dist/config/schema-keys.js";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();

function load(text: string, ...overrides: string[]): LoadedConfig {
  const tree = applyOverrides(readYaml(text, "good.yaml"), overrides.map(parseOverride));
  return checkConfig(tree, { name: "good", directory: ".", allowPath: false });
}

const TARGET = 'problem: { target: "sin(pi*x)" }\n';

test("every section but the problem may be left out", () => {
  const { config, notes } = load(TARGET);
  expect(config).toEqual({
    problem: {
      domain: { extent: [1, 1], cells: [64, 64] },
      time: { final: 1, steps: 256 },
      diffusivity: 1,
      parameters: {},
      source: 0,
      controlScale: 1,
      initialState: 0,
      target: "sin(pi*x)",
      regularization: 1e-4,
    },
    integrator: { kind: "backward-euler" },
    solver: { formulation: "schur", method: "cg", relativeTolerance: 1e-8, absoluteTolerance: 0, maxIterations: 200, restart: 30, stagnationWindow: 50 },
    preconditioner: { kind: "two-level", subdomains: 32, overlap: 1, local: "tapered", combination: "additive", coarse: { nodesPerSubdomain: 1 } },
    spatialSolver: { kind: "fast-diagonalization" },
    parallel: { backend: "serial" },
    output: { directory: "runs/good", fields: ["npy"] },
    budget: { memory: "auto" },
  });
  expect(notes).toEqual([]);
});

test("a resolved config resolves to itself", () => {
  const texts = [TARGET, `${TARGET}solver: { formulation: direct }\n`, `${TARGET}solver: { formulation: full-space, timeLimit: 9 }\npreconditioner: { kind: multilevel }\n`, `problem: { target: 1, diffusivity: 1+x, domain: { cells: [8, 8, 8] }, time: { nodes: [0, 1, 3] } }\nspatialSolver: { kind: multigrid }\n`];
  for (const text of texts) {
    const { config } = load(text);
    const again = load(JSON.stringify(config));
    expect(again.config).toEqual(config);
    expect(again.notes).toEqual([]);
  }
});

test.each([
  [1, 1],
  [15, 1],
  [16, 2],
  [100, 8],
  [256, 32],
])("with %d steps the default is %d subdomains", (steps, subdomains) => {
  expect(load(TARGET, `problem.time.steps=${steps}`).config.preconditioner).toMatchObject({ subdomains });
});

test.each([
  ["schur", "cg", "additive"],
  ["full-space", "fgmres", "restricted"],
])("formulation %s uses %s with the %s combination", (formulation, method, combination) => {
  const { config } = load(TARGET, `solver.formulation=${formulation}`);
  expect(config.solver).toMatchObject({ method });
  expect(config.preconditioner).toMatchObject({ combination });
});

test.each([
  ["[64]", "1+x", "cholesky"],
  ["[512, 512]", "peak/2", "fast-diagonalization"],
  ["[16, 16, 16]", "2*peak", "fast-diagonalization"],
])("on %s cells with diffusivity %s the spatial solver is %s, and there was nothing to weigh", (cells, diffusivity, kind) => {
  const { config, plan } = load("problem: { target: 1, parameters: { peak: 1 } }", `problem.domain.cells=${cells}`, `problem.diffusivity=${diffusivity}`);
  expect(config.spatialSolver.kind).toBe(kind);
  expect(plan === undefined).toBe(kind === "fast-diagonalization");
});

const VARIABLE = 'problem: { target: 1, diffusivity: "1 + 0.9*sin(2*pi*x)*sin(2*pi*y)" }\n';

test("with a variable diffusivity the spatial solver is the one that the planner predicts to be fastest for the given formulation and preconditioner", () => {
  const { config, plan } = load(VARIABLE);
  expect(plan!.chosen).toMatchObject({ formulation: "schur", preconditioner: { kind: "two-level", subdomains: 32 } });
  expect(config.preconditioner).toMatchObject({ kind: "two-level", subdomains: 32 });
  expect(config.spatialSolver).toEqual(plan!.chosen.spatialSolver);
  for (const { formulation, preconditioner } of plan!.alternatives) expect({ formulation, preconditioner }).toEqual({ formulation: "schur", preconditioner: { kind: "two-level", subdomains: 32 } });
  expect(load(VARIABLE, "spatialSolver.kind=cholesky").plan).toBeUndefined();
});

test("formulation auto is direct for a constant diffusivity, and keys for an iteration then have no effect", () => {
  const { config, plan, notes } = load(TARGET, "solver.formulation=auto", "solver.maxIterations=50", "preconditioner.subdomains=4");
  expect(config.solver).toEqual({ formulation: "direct", relativeTolerance: 1e-8, absoluteTolerance: 0 });
  expect(config.preconditioner).toEqual({ kind: "none" });
  expect(config.spatialSolver).toEqual({ kind: "fast-diagonalization" });
  expect(plan!.why).toMatch(/^direct: the diffusivity is constant; predicted /);
  expect(notes.map((note) => /note: (\S+)/.exec(note)?.[1])).toEqual(["solver.maxIterations", "preconditioner.subdomains"]);
});

test("formulation auto takes what the planner chose, schur for ω = 1e-8, and the config says all of it", () => {
  for (const omega of ["1", "1e-8"]) {
    const { config, plan } = load(VARIABLE, "solver.formulation=auto", `problem.regularization=${omega}`, "problem.domain.cells=[24, 24]");
    const { formulation, preconditioner, spatialSolver } = plan!.chosen;
    expect(config.solver).toMatchObject({ formulation, method: "cg" });
    expect(config.preconditioner).toMatchObject(preconditioner);
    expect(config.spatialSolver).toMatchObject(spatialSolver);
    expect(plan!.chosen).toBe(plan!.alternatives[0]);
    expect(new Set(plan!.alternatives.map((alternative) => alternative.formulation))).toEqual(new Set(["reduced", "schur"]));
    if (omega === "1e-8") expect(formulation).toBe("schur");
  }
});

test("what is given beside formulation auto stays", () => {
  const given = (...keys: string[]) => load(VARIABLE, "solver.formulation=auto", ...keys).config;
  expect(given("preconditioner.kind=one-level", "problem.regularization=1")).toMatchObject({ solver: { formulation: "schur" }, preconditioner: { kind: "one-level" } });
  expect(given("solver.method=gmres").solver).toMatchObject({ formulation: "schur", method: "gmres" });
  expect(given("preconditioner.kind=none").solver.formulation).toBe("reduced");
  expect(given("spatialSolver={kind: multigrid, cycles: 3}", "preconditioner.kind=matching").spatialSolver).toMatchObject({ kind: "multigrid", cycles: 3 });
  expect(given("preconditioner={kind: two-level, subdomains: 6, overlap: 2}").preconditioner).toMatchObject({ subdomains: 6, overlap: 2 });
  expect(load(TARGET, "solver.formulation=auto", "preconditioner.kind=matching").config.solver.formulation).toBe("schur");
});

test("one subdomain overlaps with none", () => {
  const divided = (...overrides: string[]) => load(VARIABLE, ...overrides).config.preconditioner;
  for (const kind of ["one-level", "two-level", "multilevel"]) {
    expect(divided(`preconditioner.kind=${kind}`, "problem.time.steps=1")).toMatchObject({ kind, subdomains: 1, overlap: 0 });
    expect(divided(`preconditioner.kind=${kind}`, "problem.time.steps=16")).toMatchObject({ kind, subdomains: 2, overlap: 1 });
  }
});

test("overlapping-matching takes at most eight windows, which overlap by the steps in which their sweeps forget all but a tenth (WIN.2)", () => {
  const preconditioner = (...overrides: string[]) => load(VARIABLE, "preconditioner.kind=overlapping-matching", "problem.time={final: 1, steps: 512}", ...overrides).config.preconditioner;
  expect(preconditioner("problem.regularization=1e-4")).toEqual({ kind: "overlapping-matching", subdomains: 8, overlap: 14, local: "tapered" });
  expect(preconditioner("problem.regularization=1e-8")).toEqual({ kind: "overlapping-matching", subdomains: 8, overlap: 0, local: "tapered" });
  expect(preconditioner("problem.regularization=1")).toMatchObject({ overlap: 64 });
  expect(preconditioner("preconditioner.subdomains=4", "preconditioner.overlap=3")).toMatchObject({ subdomains: 4, overlap: 3 });
});

test("Cholesky factors of the preconditioner are double unless single is asked for", () => {
  expect(load(VARIABLE, "spatialSolver.kind=cholesky").config.spatialSolver).toEqual({ kind: "cholesky" });
  expect(load(VARIABLE, "spatialSolver={kind: cholesky, precision: single}").config.spatialSolver).toEqual({ kind: "cholesky", precision: "single" });
  expect(load(VARIABLE, "spatialSolver={kind: cholesky, precision: single}", "solver.formulation=reduced").notes).toHaveLength(1);
});

test("multigrid in a preconditioner takes the number of cycles that is predicted to be fastest, more where ν jumps up by 1e4, and in double precision", () => {
  const inclusion = "problem.diffusivity=1 + 9999*(x>0.25)*(x<0.5)*(y>0.25)*(y<0.75)";
  const cyclesOf = (...overrides: string[]) => load(VARIABLE, "spatialSolver.kind=multigrid", ...overrides).config.spatialSolver;
  expect(cyclesOf()).toEqual({ kind: "multigrid", cycles: 1, precision: "double" });
  expect(cyclesOf(inclusion)).toEqual({ kind: "multigrid", cycles: 8, precision: "double" });
  expect(cyclesOf(inclusion, "solver.formulation=full-space")).toMatchObject({ cycles: 8 });
  expect(cyclesOf(inclusion, "spatialSolver.precision=single")).toMatchObject({ cycles: 8, precision: "single" });
  const { plan } = load(VARIABLE, "spatialSolver.kind=multigrid", inclusion);
  expect(plan!.alternatives.map(({ spatialSolver }) => spatialSolver.cycles)).toEqual([8, 4, 2, 1]);
  expect(plan!.why).toMatch(/multigrid \(8 cycles, double precision\): predicted .*; next best .*\(4 cycles, double precision\)/);
});

test("cycles that are given stay, and nothing is planned for them", () => {
  expect(load(VARIABLE, "spatialSolver={kind: multigrid, cycles: 2}").plan).toBeUndefined();
  expect(load(VARIABLE, "spatialSolver.kind=multigrid", "solver.formulation=reduced").plan).toBeUndefined();
  const given = load(VARIABLE, "spatialSolver={kind: multigrid, cycles: 1, precision: single}");
  expect(given.config.spatialSolver).toEqual({ kind: "multigrid", cycles: 1, precision: "single" });
  expect(given.notes).toEqual([]);
  expect(load(VARIABLE, "spatialSolver={kind: multigrid, cycles: 1, precision: single}", "solver.formulation=reduced").notes).toHaveLength(2);
});

test("a resolved choice resolves to itself without a plan", () => {
  for (const keys of [["problem.regularization=1"], ["problem.regularization=1e-6"], ["problem.diffusivity=2"], ["problem.domain.cells=[8, 8, 8]"], ["problem.time={nodes: [0, 1, 3, 4]}"]]) {
    const { config } = load(VARIABLE, "solver.formulation=auto", ...keys);
    const again = load(JSON.stringify(config));
    expect(again.config).toEqual(config);
    expect(again.plan).toBeUndefined();
    expect(again.notes).toEqual([]);
  }
});

test("a diffusivity that cannot be read or is not positive is left to the reader of the data, whose message has the place", () => {
  expect(load('problem: { target: 1, diffusivity: "x - 0.5" }\nsolver: { formulation: auto }\n').plan).toBeDefined();
});

test("numbers such as 1e-3 are numbers, in files and options", () => {
  expect(load(`${TARGET}solver: { relativeTolerance: 1e-3 }`).config.solver.relativeTolerance).toBe(1e-3);
  expect(load(TARGET, "solver.relativeTolerance=1e-3").config.solver.relativeTolerance).toBe(1e-3);
});

test("options take lists, mappings, formulas with colons, and take back sections", () => {
  const { config } = load(TARGET, "problem.domain.cells=[8, 9]", "problem.target=x < 0.5 ? 1 : 0", "problem.parameters={a: 1}", "output.fields.0=vtk", "output=null");
  expect(config.problem.domain.cells).toEqual([8, 9]);
  expect(config.problem.target).toBe("x < 0.5 ? 1 : 0");
  expect(config.problem.parameters).toEqual({ a: 1 });
});

test("an empty section counts as left out", () => {
  expect(load(`${TARGET}solver:\npreconditioner:\n  # subdomains: 4\n`).config).toEqual(load(TARGET).config);
});

test("keys that change nothing are named, their defaults are not", () => {
  const direct = load(`${TARGET}solver: { formulation: direct, method: cg, restart: 30 }\npreconditioner: { kind: two-level, subdomains: 4 }\n`);
  expect(direct.notes.map((note) => /note: (\S+)/.exec(note)?.[1])).toEqual(["solver.method", "preconditioner.kind", "preconditioner.subdomains"]);
  expect(direct.notes[0]).toMatch(/^good\.yaml:2:32: note: solver\.method has no effect/);
  expect(load(`${TARGET}preconditioner: { kind: matching, overlap: 3 }`).notes).toHaveLength(1);
});

test("the config of the product description is accepted without a note", () => {
  const text = `problem:
  domain: { extent: [1, 1], cells: [64, 64] }     # 1, 2 or 3 entries
  time: { final: 1, steps: 256 }
  diffusivity: 1
  parameters: { peak: 1.0 }
  source: 0
  controlScale: 1
  initialState: "sin(pi*x)*sin(pi*y)"
  target: "sin(2*pi*t)*sin(pi*x)*sin(2*pi*y) + t*x*(1-x)*y*(1-y)"
  regularization: 1.0e-4
integrator: { kind: backward-euler }
solver: { formulation: schur, method: cg, relativeTolerance: 1.0e-8, absoluteTolerance: 0, maxIterations: 200, restart: 30 }
preconditioner:
  kind: two-level
  subdomains: 16
  overlap: 1
  local: tapered
  combination: additive
  coarse: { nodesPerSubdomain: 1, serialSteps: 64 }
spatialSolver: { kind: auto }
parallel: { backend: serial }
output: { directory: runs/heat-2d, fields: [vtk, npy] }
`;
  expect(load(text).notes).toEqual([]);
});

test("a report can be run again: its part config is taken, and places are those of the report", () => {
  const path = join(directory(), "report.json");
  const { config } = load(TARGET);
  writeFileSync(path, JSON.stringify({ schemaVersion: 1, config, reason: {} }));
  expect(loadConfig({ path }).config).toEqual(config);
  writeFileSync(path, JSON.stringify({ schemaVersion: 7, config }));
  expect(() => loadConfig({ path })).toThrow("report of version 1, got 7");
  writeFileSync(path, JSON.stringify({ schemaVersion: 1, config: { problem: { target: "q" } } }, undefined, 2));
  expect(() => loadConfig({ path })).toThrow("report.json:5:17: problem.target: unknown name");
});

test("every key of the config is known to the schema walk", () => {
  expect(allKeyPaths()).toEqual(expect.arrayContaining(["problem.time.nodes", "preconditioner.coarse.serialSteps", "problem.target.file", "budget.memory"]));
});
