import { runOnThreads } from "@parakkt/parallel";
import { communicatorLaws } from "@parakkt/testing";

const program = new URL("./communicator-laws-program.js", import.meta.url);

test.each([1, 2, 3, 4, 8])("%i threads obey the laws of communicators", async (threads) => {
  const results = await runOnThreads<number[][]>(program, { threads });
  communicatorLaws.forEach(({ expected, name }, law) => {
    results.forEach((of, rank) => expect([name, rank, of[law]]).toEqual([name, rank, expected(rank, threads)]));
  });
});
