import { join } from "node:path";
import { checkConfig } from "@parakkt/cli";
import type { RankProgram } from "@parakkt/parallel";
import { readYaml } from "../dist/config/read-yaml.js";
import { loadInputData } from "../dist/data/load-input-data.js";
import { writeRun } from "../dist/output/write-run.js";
import { solveJob } from "../dist/run-solve.js";

/** Configs as objects, and the directory for their runs. */
export interface AllocationTask {
  readonly configs: readonly object[];
  readonly directory: string;
}

/** Calls `work` and hands back the lengths of the longest vector of doubles that was made meanwhile, on the heap or as a view of a kernel's memory. */
function longestVector(work: () => void): number {
  const original = globalThis.Float64Array;
  let longest = 0;
  const made = (vector: Float64Array): Float64Array => {
    longest = Math.max(longest, vector.length);
    return vector;
  };
  globalThis.Float64Array = new Proxy(original, { construct: (target, given, caller) => made(Reflect.construct(target, given, caller) as Float64Array) });
  try {
    work();
  } finally {
    globalThis.Float64Array = original;
  }
  return longest;
}

/** Data, set-up, solve and output of one rank: the length of its longest vector with each config. */
export const rankProgram: RankProgram<AllocationTask, number[]> = (communicator, { configs, directory }) =>
  configs.map((config, i) =>
    longestVector(() => {
      const loaded = checkConfig(readYaml(JSON.stringify(config), "config.yaml"), { name: "config", directory: ".", allowPath: false });
      const inputs = loadInputData({ ...loaded, allowPath: false }, communicator);
      const outcome = solveJob(loaded.config, inputs, { progress() {}, shouldStop: () => undefined }, communicator);
      const runDirectory = join(directory, String(i));
      writeRun({ config: loaded.config, inputs, outcome, communicator, runDirectory, configDirectory: ".", loadSeconds: 0, elapsed: () => 0 });
    }),
  );
