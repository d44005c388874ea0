import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunReport } from "@parakkt/cli";
import { predictedSolves } from "../dist/plan-solves.js";
import { runMain } from "./run-main.js";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();
const EXAMPLES = fileURLToPath(new URL("../../../examples", import.meta.url));

const solvedExamples = readdirSync(EXAMPLES).filter((name) => name.endsWith(".yaml") && !name.startsWith("train-"));

/** The run directories there are, with the times of their last change. */
function runs(): (readonly [string, number])[] {
  return existsSync("runs") ? readdirSync("runs").map((name) => [name, statSync(join("runs", name)).mtimeMs] as const) : [];
}

test.each(solvedExamples)("plan says about examples/%s what it will take, and computes nothing", async (name) => {
  const before = runs();
  const { code, stdout } = await runMain("plan", join(EXAMPLES, name));
  expect(code).toBe(0);
  expect(stdout).toMatch(/^problem +\d-D, [\s\S]*\nmethod [\s\S]*\npredicted +\d+ iterations[\s\S]*\nmemory +about [\d.]+ MiB at the peak[\s\S]*\nlargest +on this budget [\d,]+ time steps/);
  expect(runs()).toEqual(before);
});

test("plan says what auto chooses and why, with the alternatives", async () => {
  const { stdout } = await runMain("plan", join(EXAMPLES, "direct-2d.yaml"), "--set", "solver.formulation=auto");
  expect(stdout).toMatch(/chosen +direct: the diffusivity is constant; predicted/);
  expect(stdout).toMatch(/compared +[\d.]+ s +0 it +direct\n +[\d.]+ s +\d+ it +schur/);
});

test("a plan that does not fit is refused with code 77 and the largest size that does, which is then accepted", async () => {
  const path = join(EXAMPLES, "direct-2d.yaml");
  const refused = await runMain("plan", path, "--set", "problem.time.steps=100000000", "--set", "budget.memory=4GiB");
  expect(refused.code).toBe(77);
  const steps = /at most (\d+) time steps fit/.exec(refused.stderr)?.[1] ?? "";
  expect((await runMain("plan", path, "--set", `problem.time.steps=${steps}`, "--set", "budget.memory=4GiB")).code).toBe(0);
  expect((await runMain("plan", path, "--set", `problem.time.steps=${Number(steps) + 1}`, "--set", "budget.memory=4GiB")).code).toBe(77);
});

test.each([
  ["schur, two levels", "problem.regularization=1e-4", "preconditioner.subdomains=8"],
  ["schur, matching", "preconditioner.kind=matching", "problem.regularization=1e-4"],
  ["full-space, restricted", "solver.formulation=full-space", "preconditioner.subdomains=4"],
  ["reduced", "solver.formulation=reduced", "problem.regularization=1"],
  ["several levels", "preconditioner={kind: multilevel, subdomains: 16, coarse: {serialSteps: 4}}", "problem.regularization=1e-2"],
])("the spatial solves of a run are those of the formula within 5 %%: %s", async (_name, ...sets) => {
  const file = join(directory(), "small.yaml");
  writeFileSync(file, 'problem: { domain: { cells: [8, 8] }, time: { steps: 64 }, target: "x*y + t" }\n');
  const { code, stdout } = await runMain("solve", file, "--out", join(directory(), "run"), "--json", ...sets.flatMap((set) => ["--set", set]));
  expect(code).toBe(0);
  const { config, counts, iterations } = JSON.parse(stdout) as RunReport;
  expect(Math.abs(predictedSolves(config, iterations) / counts.spatialSolves - 1)).toBeLessThan(0.05);
});

test("plan --threads takes less time and more memory than one thread", async () => {
  const path = join(EXAMPLES, "inclusion-2d.yaml");
  const plans = await Promise.all([[], ["--threads", "2"]].map(async (threads) => JSON.parse((await runMain("plan", path, "--json", "--set", "problem.time.steps=1024", ...threads)).stdout) as { memory: { bytes: number }; predicted: { predictedSeconds: number } }));
  const [one, two] = plans as [(typeof plans)[0], (typeof plans)[0]];
  expect(two.predicted.predictedSeconds).toBeLessThan(0.9 * one.predicted.predictedSeconds);
  expect(two.memory.bytes).toBeGreaterThan(one.memory.bytes + 30e6);
  expect((await runMain("plan", path, "--threads", "2")).stdout).toContain("on 2 threads, each like one of");
});
