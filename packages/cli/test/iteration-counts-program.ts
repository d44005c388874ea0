import type { RankProgram } from "@parakkt/parallel";
import { iterationCounts, OTHER_SOLVES, SOLVES } from "../../precond/dist-test/iteration-counts.js";

/** Messages, doubles and solves of this rank in an iteration of each solve. */
export const rankProgram: RankProgram<undefined, number[][]> = (communicator) =>
  [...SOLVES, ...OTHER_SOLVES].map(([, solve]) => {
    const { messages, doubles, solves } = iterationCounts(solve, communicator);
    return [messages, doubles, solves];
  });
