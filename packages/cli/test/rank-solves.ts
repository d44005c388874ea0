import { serialCommunicator } from "@parakkt/core";
import { rankConfigs } from "./rank-configs.js";
import { solveOnRank, type RankSolve } from "./solve-program.js";

const names = Object.keys(rankConfigs);
let serial: RankSolve[] | undefined;

/** All configs on one rank. */
export function serialSolves(): RankSolve[] {
  return (serial ??= names.map((name) => solveOnRank(name, serialCommunicator())));
}

/** Defines a test for each config: `results()` are those of all ranks, for all configs. */
export function describeSameBits(results: () => readonly (readonly RankSolve[])[]): void {
  test.each(names.map((name, i) => [name, i] as const))("%s has the residual history, the certificate and the solution of one rank, bit for bit", (_name, i) => {
    const ranks = results().map((solves) => solves[i]);
    expect(ranks.flatMap(({ stepHashes }) => stepHashes)).toEqual(serialSolves()[i].stepHashes);
    for (const { stepHashes, ...told } of ranks) {
      expect(stepHashes.length).toBeGreaterThan(0);
      expect({ ...told, stepHashes: serialSolves()[i].stepHashes }).toEqual(serialSolves()[i]);
    }
  });
}
