import { communicatorLaws } from "@parakkt/testing";
import type { RankProgram } from "@parakkt/parallel";

/** What each law's program hands back on this rank. */
export const rankProgram: RankProgram<undefined, number[][]> = (communicator) =>
  communicatorLaws.map(({ name, program }) => {
    const before = { messages: communicator.messages, bytes: communicator.bytes };
    const result = program(communicator);
    return name.startsWith("messages and bytes") ? [result[0] - before.messages, result[1] - before.bytes] : result;
  });
