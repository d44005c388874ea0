import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();
const PROGRAM = fileURLToPath(new URL("../bin/parakkt.js", import.meta.url));
/** The time of day goes an hour back or forth whenever somebody looks, as when a clock is set in the middle of a run. */
const JUMPING = 'const { now } = Date; let looks = 0; Date.now = () => now() + (looks++ % 2 ? 3600e3 : -3600e3);';
const AN_HOUR = 1800;

function run(...args: string[]) {
  writeFileSync(join(directory(), "jumping.cjs"), JUMPING);
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--require", join(directory(), "jumping.cjs"), PROGRAM, ...args], { cwd: directory(), encoding: "utf8" });
  return { status, stdout, stderr };
}

/** Seconds in words such as "about 3.1 s left" or "2 h". */
const hours = (text: string): string[] => text.match(/\d+ ?(?:h|min)\b|-\d+(?:\.\d+)? s/g) ?? [];

test("a clock that is set in the middle of a run changes no duration: timings, time limit, checkpoints by seconds, time left", () => {
  writeFileSync(join(directory(), "rod.yaml"), "problem: { domain: { cells: [8] }, time: { steps: 16 }, target: 1 }\noutput: { checkpoint: { everySeconds: 1000 } }\n");
  const solved = run("solve", "rod.yaml", "--out", "run", "--time-limit", "1000");
  expect(solved).toMatchObject({ status: 0 });
  const { timings } = JSON.parse(readFileSync(join(directory(), "run/report.json"), "utf8")) as { timings: Record<string, number> };
  for (const seconds of Object.values(timings)) {
    expect(seconds).toBeGreaterThanOrEqual(0);
    expect(seconds).toBeLessThan(AN_HOUR);
  }
  expect(hours(solved.stderr)).toEqual([]);
});

test("nor the time left of a study and of a training", () => {
  writeFileSync(join(directory(), "study.yaml"), "problem: { domain: { cells: [8] }, time: { steps: 16 }, target: 1 }\nstudy: { grid: { problem.regularization: [1, 0.1, 0.01] } }\n");
  const study = run("study", "study.yaml");
  expect(study).toMatchObject({ status: 0 });
  expect(study.stderr).toContain("s left");
  expect(hours(study.stderr)).toEqual([]);
  writeFileSync(join(directory(), "net.yaml"), "data: { kind: two-spirals, samples: 20, validationSamples: 10 }\nnetwork: { layers: 8 }\ntraining: { epochs: 3 }\n");
  const training = run("train", "net.yaml", "--time-limit", "1000");
  expect(training).toMatchObject({ status: 0 });
  expect(hours(training.stderr)).toEqual([]);
});
