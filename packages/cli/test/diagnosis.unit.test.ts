import { loadConfig, type ResolvedConfig } from "@parakkt/cli";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseOverride } from "../dist/config/apply-overrides.js";
import { describeDiagnosis } from "../dist/diagnosis/describe-diagnosis.js";
import { diagnose, type RunEvidence } from "../dist/diagnosis/diagnose.js";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();

function configWith(...overrides: string[]): ResolvedConfig {
  const path = join(directory(), "heat.yaml");
  writeFileSync(path, 'problem: { target: "x*t", domain: { cells: [8, 8] }, time: { steps: 64 }, diffusivity: "1 + x" }\n');
  return loadConfig({ path, overrides: overrides.map(parseOverride) }).config;
}

const falling = (rate: number, iterations: number): number[] => Array.from({ length: iterations + 1 }, (_, k) => rate ** k);
const spectrum = (condition: number) => ({ dimension: 3, smallest: 1 / condition, largest: 1, condition, ritz: [], harmonicRitz: [] });

function run(overrides: readonly string[], evidence: Partial<RunEvidence>): RunEvidence {
  const residualNorms = evidence.residualNorms ?? falling(0.5, 10);
  return { config: configWith(...overrides), reason: { kind: "stopped", by: "max-iterations" }, iterations: residualNorms.length - 1, residualNorms, relativeResidual: residualNorms.at(-1)!, ...evidence };
}

const stagnation = { kind: "failed", by: "stagnation", iteration: 60, evidence: "not 1 % below 1e-3" } as const;

test.each<[string, readonly string[], Partial<RunEvidence>, readonly [RegExp, string]]>([
  ["too few iterations", [], {}, [/too few iterations.*0\.50/, "--set solver.maxIterations=40"]],
  ["too few iterations, with checkpoints", ["output.checkpoint.everyIterations=5"], {}, [/too few iterations/, "--resume"]],
  ["a tolerance below rounding", ["solver.relativeTolerance=1e-15"], { reason: { kind: "stopped", by: "attainable-accuracy" }, relativeResidual: 3e-14 }, [/double precision/, "--set solver.relativeTolerance=6.0e-14"]],
  ["a short restart", ["solver.method=gmres", "solver.restart=5"], { reason: stagnation, residualNorms: falling(0.99, 60) }, [/restart is too short/, "--set solver.restart=20"]],
  ["no preconditioner", ["preconditioner.kind=none"], { reason: stagnation, residualNorms: falling(0.995, 60), spectrum: spectrum(1e5) }, [/wide spectrum.*1\.0e\+5/, "--set preconditioner.kind=two-level"]],
  ["inexact spatial solves", ["spatialSolver.kind=multigrid", "spatialSolver.cycles=1"], { reason: stagnation, residualNorms: falling(0.995, 60), spectrum: spectrum(50) }, [/not accurate enough/, "--set spatialSolver.cycles=4"]],
  ["single precision", ["spatialSolver.kind=multigrid", "spatialSolver.precision=single"], { reason: { ...stagnation, by: "indefinite-preconditioner" } }, [/not positive definite/, "--set spatialSolver.precision=double"]],
])("%s is found with its evidence, and the next command would mend it", (_name, overrides, evidence, [says, options]) => {
  const diagnosis = diagnose(run(overrides, evidence))!;
  const [first] = diagnosis.causes;
  expect(`${first!.cause}: ${first!.evidence}`).toMatch(says);
  expect(diagnosis.next).toEqual({ command: "solve", options: expect.stringContaining(options) as string });
  expect(diagnosis.causes.map(({ weight }) => weight)).toEqual(diagnosis.causes.map(({ weight }) => weight).sort((a, b) => b - a));
  // The options are understood by the loader.
  const sets = diagnosis.next.options.split("--set ").slice(1).map((text) => text.split(" ")[0]!);
  expect(() => configWith(...overrides, ...sets)).not.toThrow();
});

test.each(["non-finite", "breakdown", "indefinite-operator"] as const)("a failure by %s is shown as it was seen and sent to verify", (by) => {
  const diagnosis = diagnose(run([], { reason: { kind: "failed", by, iteration: 3, evidence: "operator: A p is not finite (sweep, step 7)" } }))!;
  expect(diagnosis.causes[0]!.evidence).toContain("step 7");
  expect(describeDiagnosis(diagnosis, "my heat.yaml", { set: ["problem.target=x + t"] })).toContain("try: parakkt verify 'my heat.yaml' --set 'problem.target=x + t'");
});

test("a run that converged has no diagnosis (negative control)", () => {
  expect(diagnose(run([], { reason: { kind: "converged", by: "relative-tolerance" } }))).toBeUndefined();
});

test("stagnation with fixed V-cycles is put down to them, whatever the spectrum", () => {
  const diagnosis = diagnose(run(["spatialSolver.kind=multigrid", "spatialSolver.cycles=1"], { reason: stagnation, residualNorms: falling(0.995, 60) }))!;
  expect(diagnosis.causes[0]!.cause).toContain("not accurate enough");
  expect(diagnosis.causes.map(({ cause }) => cause)).not.toContain("operators or preconditioner do not fit together");
});

test("a run that the user stopped has no diagnosis", () => {
  expect(diagnose(run([], { reason: { kind: "stopped", by: "observer" } }))).toBeUndefined();
});

test("what is to be tried takes the place of what was set", () => {
  const text = describeDiagnosis(diagnose(run([], {}))!, "heat.yaml", { set: ["solver.maxIterations=1", "problem.final=2"] });
  expect(text).toContain("try: parakkt solve heat.yaml --set problem.final=2 --set solver.maxIterations=40");
  expect(text).not.toContain("maxIterations=1 ");
});
