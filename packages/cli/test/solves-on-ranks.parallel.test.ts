import { runOnThreads } from "@parakkt/parallel";
import { rankConfigs } from "./rank-configs.js";
import { describeSameBits, serialSolves } from "./rank-solves.js";
import type { RankSolve } from "./solve-program.js";

const PROGRAM = new URL("./solve-program.js", import.meta.url);
const names = Object.keys(rankConfigs);

test("on one rank the cases end as they should: converged, or with the iterations that they are given", () => {
  for (const { reason } of serialSolves()) expect(["converged relative-tolerance", "converged direct", "stopped max-iterations"]).toContain(reason);
  expect(new Set(serialSolves().map(({ stepHashes }) => stepHashes.join())).size).toBe(names.length);
});

describe.each([2, 7])("on %i threads", (threads) => {
  let results: RankSolve[][] = [];
  beforeAll(async () => {
    results = await runOnThreads<RankSolve[]>(PROGRAM, { threads, data: names });
  });
  describeSameBits(() => results);
});
