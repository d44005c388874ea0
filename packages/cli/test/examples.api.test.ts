import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunReport } from "@parakkt/cli";
import { checkTimeIntegrator, gmres, uniformTimeGrid, type KrylovSystem, type TimeIntegrator } from "@parakkt/core";
import { twoLevel } from "@parakkt/precond";
import { schurIterations, seededRandom } from "@parakkt/testing";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const EXAMPLES = join(ROOT, "examples");
const PROGRAM = join(ROOT, "packages", "cli", "bin", "parakkt.js");

function runNode(...args: string[]) {
  return spawnSync(process.execPath, args, { cwd: directory(), encoding: "utf8" });
}

const configs = readdirSync(EXAMPLES).filter((name) => name.endsWith(".yaml") && !name.startsWith("train-"));

test.each(configs)("examples/%s converges and reports a relative KKT residual within its tolerance", (name) => {
  const { status, stdout, stderr } = runNode(PROGRAM, "solve", join(EXAMPLES, name), "--out", join(directory(), basename(name, ".yaml")), "--json");
  expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
  const report = JSON.parse(stdout) as RunReport;
  expect(report.reason.kind).toBe("converged");
  expect(report.relativeResidual).toBeLessThanOrEqual(report.config.solver.relativeTolerance);
});

test("examples/heat-2d.yaml and examples/direct-2d.yaml solve the same problem: their objectives agree to ten digits", () => {
  const total = (name: string): number =>
    (JSON.parse(runNode(PROGRAM, "solve", join(EXAMPLES, name), "--out", join(directory(), name), "--json").stdout) as RunReport).objective.total;
  const direct = total("direct-2d.yaml");
  expect(Math.abs(total("heat-2d.yaml") - direct)).toBeLessThan(1e-10 * direct);
});

test("direct takes unequal steps too, and agrees with schur", () => {
  writeFileSync(join(directory(), "unequal.yaml"), 'problem:\n  domain: { cells: [8, 6] }\n  time: { nodes: [0, 0.1, 0.3, 0.4, 1] }\n  target: "x*y + t"\n');
  const total = (formulation: string): number => {
    const { stdout } = runNode(PROGRAM, "solve", "unequal.yaml", "--out", formulation, "--json", "--set", `solver.formulation=${formulation}`, "--set", "solver.relativeTolerance=1e-11");
    return (JSON.parse(stdout) as RunReport).objective.total;
  };
  expect(Math.abs(total("direct") / total("schur") - 1)).toBeLessThan(1e-12);
});

test("the smallest config of docs/how-to/solve-from-a-config.md converges", () => {
  const page = readFileSync(join(ROOT, "docs", "how-to", "solve-from-a-config.md"), "utf8");
  writeFileSync(join(directory(), "heat.yaml"), /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? "");
  expect(runNode(PROGRAM, "solve", "heat.yaml", "--quiet").status).toBe(0);
});

test("examples/library.ts prints a converged solution", () => {
  const { status, stdout } = runNode(join(EXAMPLES, "dist", "library.js"));
  expect(status).toBe(0);
  expect(stdout).toMatch(/^converged \d+ \d\.\d+e-(?:09|9|1\d) \d\.\d+/);
});

test("the program of the README is examples/library.ts, line by line", () => {
  const [, program] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(ROOT, "README.md"), "utf8"))!;
  expect(readFileSync(join(EXAMPLES, "library.ts"), "utf8").replace(/^\/\*\*.*\n/, "")).toBe(program);
});

test("examples/parallel.ts converges on one and two threads with the same residual history", () => {
  const { status, stdout } = runNode(join(EXAMPLES, "dist", "parallel.js"));
  expect(status).toBe(0);
  expect(stdout).toMatch(/^1 rank: converged after \d+ iterations.* 0 messages\n2 ranks: converged after/);
  expect(stdout).toContain("the residual histories are the same, bit for bit");
});

test("the ten lines of the README are those of examples/library.ts", () => {
  const code = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(ROOT, "README.md"), "utf8"))?.[1] ?? "";
  const library = readFileSync(join(EXAMPLES, "library.ts"), "utf8");
  const lines = code.split("\n").filter((line) => line !== "" && !line.startsWith("console.log"));
  expect(lines.length).toBeGreaterThan(10);
  for (const line of lines) expect(library).toContain(line);
});

interface CustomIntegrator {
  advectionDiffusionIntegrator(model: { points: number; diffusivity: number; velocity: [number, number] }): TimeIntegrator;
}

describe("examples/custom-integrator.ts: upwind advection–diffusion, ν = 1e-3, velocity (1, ½), n = 31", () => {
  const createIntegrator = async () => {
    const url = new URL("../../../examples/dist/custom-integrator.js", import.meta.url).href;
    const { advectionDiffusionIntegrator } = (await import(url)) as CustomIntegrator;
    return advectionDiffusionIntegrator({ points: 31, diffusivity: 1e-3, velocity: [1, 0.5] });
  };

  test("passes the shipped conformance suite", async () => {
    const { uniform } = seededRandom(7);
    const checks = checkTimeIntegrator(await createIntegrator(), { step: uniformTimeGrid(1, 128).step(1), random: () => 2 * uniform() - 1 });
    expect(checks.length).toBeGreaterThanOrEqual(12);
    expect(checks.filter(({ passed }) => !passed)).toEqual([]);
  });

  test.each([
    [1, [41, 29, 20]],
    [1e-4, [12, 11, 11]],
  ])("gets the two-level preconditioner unchanged: ω = %d needs %j iterations at P = 4, 16, 64, ± 2", async (regularization, reference) => {
    const integrator = await createIntegrator();
    const found = [4, 16, 64].map((subdomains) =>
      schurIterations({
        integrator,
        steps: 128,
        subdomains,
        regularization,
        method: (system: KrylovSystem) => gmres(system, { restart: 200 }),
        preconditioner: (discretization) => twoLevel(discretization, { combination: "restricted", factor: "dyadic" }),
      }),
    );
    found.forEach((iterations, i) => expect(Math.abs(iterations - reference[i])).toBeLessThanOrEqual(2));
  });

  test("prints its checks and converges when it is run", () => {
    const { status, stdout } = runNode(join(EXAMPLES, "dist", "custom-integrator.js"));
    expect(status).toBe(0);
    expect(stdout).not.toContain("FAIL");
    expect(stdout).toMatch(/\nconverged after \d+ iterations/);
  });
});
