import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TrainingPlan } from "../dist/train/plan-training.js";
import { useTemporaryDirectory } from "./temporary-directory.js";

const PROGRAM = fileURLToPath(new URL("../bin/parakkt.js", import.meta.url));
/** Collections come when they like, more so on a busy machine: the median of so many. */
const RUNS = 3;
const directory = useTemporaryDirectory();

function run(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args, "--json"], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const measured = <Result>(action: () => Result): Result[] => Array.from({ length: RUNS }, action);

test.each([1, 2])("the peak memory of a training on %d threads is within -10 to +25 %% of the plan, which names data and scratch of the layers", (threads) => {
  const config = join(directory(), "train.yaml");
  writeFileSync(
    config,
    `data: { kind: digits, samples: 200, validationSamples: 20 }\nnetwork: { kind: convolutional, layers: 16, width: 4 }\ntraining: { epochs: 2, batchSize: 50 }\nparallel: { threads: ${threads} }\noutput: { page: false }\n`,
  );
  const plans = measured(() => (JSON.parse(run("plan", config)) as TrainingPlan).memory);
  const peaks = measured(() => (JSON.parse(run("train", config, "--out", `${config}-run`, "--force")) as { memory: { peakRss: number } }).memory.peakRss);
  for (const { scratch } of plans) expect(scratch).toBeGreaterThan(0);
  const ratio = median(peaks) / median(plans.map(({ peak }) => peak));
  expect(ratio).toBeGreaterThan(0.9);
  expect(ratio).toBeLessThan(1.25);
});

test.each([
  ["one batch size", "network: { layers: 10000, width: 4 }\ntraining: { epochs: 1, batchSize: 50 }\n"],
  ["two, and wider", "network: { layers: 8000, width: 8 }\ntraining: { epochs: 1, batchSize: 30 }\n"],
  ["serial", "network: { layers: 10000, width: 4 }\ntraining: { epochs: 1, batchSize: 50 }\npropagation: { kind: serial }\n"],
])("so is that of many layers, of which the plan makes 1024: %s", (_name, rest) => {
  const config = join(directory(), "deep.yaml");
  writeFileSync(config, `data: { kind: peaks, samples: 100, validationSamples: 50 }\n${rest}output: { page: false }\n`);
  const { sampledLayers, memory } = JSON.parse(run("plan", config)) as TrainingPlan;
  expect(sampledLayers).toBe(1024);
  const { memory: { peakRss } } = JSON.parse(run("train", config, "--out", `${config}-run`, "--force")) as { memory: { peakRss: number } };
  expect(peakRss / memory.peak).toBeGreaterThan(0.9);
  expect(peakRss / memory.peak).toBeLessThan(1.25);
});
