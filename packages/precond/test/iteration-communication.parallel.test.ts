import { iterationCommunication, iterationSolves, type DistributedSolve } from "@parakkt/precond";
import { simulateRanks } from "@parakkt/testing";
import { BASE, iterationCounts, modelledCounts, ofAllRanks, OTHER_SOLVES, SOLVES, type IterationCounts } from "./iteration-counts.js";

const counted = (solve: DistributedSolve, ranks: number): IterationCounts => ofAllRanks(simulateRanks(ranks, (communicator) => iterationCounts(solve, communicator)));

const RANKS = [1, 2, 4, 8, 16];

test("on ranks between which subdomains are cut, too", () => {
  for (const ranks of [7, 20]) expect([ranks, counted(BASE, ranks)]).toEqual([ranks, modelledCounts(BASE, ranks)]);
});

test.each(SOLVES)("an iteration of CG on S with %s sends and solves on 1 to 16 ranks as much as the model says", (_name, solve) => {
  for (const ranks of RANKS) expect([ranks, counted(solve, ranks)]).toEqual([ranks, modelledCounts(solve, ranks)]);
});

test.each(OTHER_SOLVES)("an iteration with %s sends as many messages on 1 to 16 ranks, and solves as often, as the model says", (_name, solve) => {
  for (const ranks of RANKS) {
    const { messages, solves } = counted(solve, ranks);
    expect({ ranks, messages, solves }).toEqual({ ranks, messages: modelledCounts(solve, ranks).messages, solves: iterationSolves(solve, ranks) });
  }
});

test("one rank sends nothing, and a model without the coarse level counts too few (negative control)", () => {
  expect(iterationCommunication(BASE, 1)).toEqual([]);
  const withoutCoarse = modelledCounts({ ...BASE, preconditioner: "one-level" }, 4);
  const { messages, solves } = counted(BASE, 4);
  expect(withoutCoarse.messages).toBeLessThan(messages);
  expect(withoutCoarse.solves).toBeLessThan(solves);
});
