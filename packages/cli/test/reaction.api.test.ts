import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runMain } from "./run-main.js";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();
const CONFIG = `problem: { target: "sin(pi*x)*sin(2*pi*y)*sin(2*pi*t) + t*x*(1-x)", regularization: 1.0, time: { steps: 128 }, domain: { cells: [16, 16] } }
solver: { formulation: schur }
preconditioner: { kind: matching }
output: { fields: [] }
`;

async function solved(...overrides: string[]): Promise<{ iterations: number; config: { preconditioner: object } }> {
  writeFileSync(join(directory(), "run.yaml"), CONFIG);
  const set = overrides.flatMap((override) => ["--set", override]);
  const { code } = await runMain("solve", join(directory(), "run.yaml"), "--out", join(directory(), "run"), "--force", "--quiet", ...set);
  expect(code).toBe(0);
  return JSON.parse(readFileSync(join(directory(), "run", "report.json"), "utf8")) as Awaited<ReturnType<typeof solved>>;
}

const SOLVERS = ["{ kind: fast-diagonalization }", "{ kind: cholesky }", "{ kind: cholesky, precision: single }", "{ kind: multigrid, cycles: 8, precision: double }"];

test.each(SOLVERS)("matching is exact for the slowest mode unless its reaction is to be the classical one, which needs more iterations at ω = 1, %s", async (settings) => {
  const solver = `spatialSolver=${settings}`;
  const usual = await solved(solver);
  const classical = await solved(solver, "preconditioner.reaction=classical");
  expect(usual.iterations).toBeLessThan(classical.iterations);
  expect(usual.config.preconditioner).toEqual({ kind: "matching", local: "tapered" });
  expect(classical.config.preconditioner).toEqual({ kind: "matching", local: "tapered", reaction: "classical" });
});

test("a reaction without preconditioner is said to change nothing", async () => {
  writeFileSync(join(directory(), "run.yaml"), CONFIG);
  const { stderr } = await runMain("solve", join(directory(), "run.yaml"), "--out", join(directory(), "run"), "--force", "--set", "preconditioner.kind=none", "--set", "solver.formulation=direct", "--set", "preconditioner.reaction=classical");
  expect(stderr).toContain("preconditioner.reaction");
});
