import { serialCommunicator } from "@parakkt/core";
import { runOnThreads } from "@parakkt/parallel";
import { rankConfigs } from "./rank-configs.js";
import { solveOnRank, type RankSolve } from "./solve-program.js";

const PROGRAM = new URL("./solve-program.js", import.meta.url);
const names = Object.keys(rankConfigs);
const serial = names.map((name) => solveOnRank(name, serialCommunicator()));

test("on one rank the cases end as they should: converged, or with the iterations that they are given", () => {
  for (const { reason } of serial) expect(["converged relative-tolerance", "converged direct", "stopped max-iterations"]).toContain(reason);
  expect(new Set(serial.map(({ stepHashes }) => stepHashes.join())).size).toBe(names.length);
});

describe.each([2, 7])("on %i threads", (threads) => {
  let results: RankSolve[][] = [];
  beforeAll(async () => {
    results = await runOnThreads<RankSolve[]>(PROGRAM, { threads, data: names });
  });

  test.each(names.map((name, i) => [name, i] as const))("%s has the residual history, the certificate and the solution of one rank, bit for bit", (_name, i) => {
    const ranks = results.map((solves) => solves[i]);
    expect(ranks.flatMap(({ stepHashes }) => stepHashes)).toEqual(serial[i].stepHashes);
    for (const { stepHashes, ...told } of ranks) {
      expect(stepHashes.length).toBeGreaterThan(0);
      expect({ ...told, stepHashes: serial[i].stepHashes }).toEqual(serial[i]);
    }
  });
});
