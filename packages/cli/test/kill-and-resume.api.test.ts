import { readdirSync } from "node:fs";
import { join } from "node:path";
import { killAndResume, outcomeOf, reportIn, resumableSolves, solveIn, writeResumableConfig } from "./killed-runs.js";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();

test("a solve that is stopped goes on with --resume to the same history and digest, and leaves no checkpoint behind", async () => {
  writeResumableConfig(directory(), resumableSolves[0]![1]);
  await solveIn(directory(), ["--out", "whole"]);
  expect((await solveIn(directory(), ["--out", "run", "--set", "solver.maxIterations=4"])).code).toBe(2);
  expect(readdirSync(join(directory(), "run", "checkpoint"))).toContain("generation-4.json");
  const { code, stderr } = await solveIn(directory(), ["--out", "run", "--resume"]);
  expect(code).toBe(0);
  expect(stderr).toContain("resuming after iteration 4");
  expect(outcomeOf(reportIn(directory(), "run"))).toEqual(outcomeOf(reportIn(directory(), "whole")));
  expect(readdirSync(join(directory(), "run")).sort()).toEqual(readdirSync(join(directory(), "whole")).sort());

  const again = await solveIn(directory(), ["--out", "run", "--resume"]);
  expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining("come to its end already") as string });
});

test("a solve killed by SIGKILL goes on with --resume to the same history and digest", async () => {
  writeResumableConfig(directory(), resumableSolves[1]![1]);
  await solveIn(directory(), ["--out", "whole"]);
  await killAndResume(directory(), { kills: 2, seed: 1 });
  expect(outcomeOf(reportIn(directory(), "run"))).toEqual(outcomeOf(reportIn(directory(), "whole")));
});

test("another config is refused with 65 and the key that differs; limits and output may differ", async () => {
  writeResumableConfig(directory(), resumableSolves[0]![1]);
  const stopped = ["--out", "run", "--set", "solver.maxIterations=3"];
  await solveIn(directory(), stopped);
  const other = await solveIn(directory(), ["--out", "run", "--resume", "--set", "problem.regularization=1e-3"]);
  expect(other.code).toBe(65);
  expect(other.stderr).toContain("problem.regularization was 0.00001 and is now 0.001");
  expect((await solveIn(directory(), ["--out", "run", "--resume", "--set", "solver.maxIterations=5"])).code).toBe(2);
  expect((await solveIn(directory(), ["--out", "run"])).stderr).toContain("--resume");
});
