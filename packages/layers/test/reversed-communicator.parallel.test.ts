import { communicatorLaws, simulateRanks } from "@parakkt/testing";
import { reversedCommunicator } from "../dist/hierarchy/reversed-communicator.js";

/** Counting apart: a reduction of the reversed ranks gathers. */
const laws = communicatorLaws.filter(({ name }) => !name.startsWith("messages and bytes"));

describe.each(laws)("the reversed ranks: $name", ({ program, expected }) => {
  test.each([1, 2, 3, 5])("%i ranks", (size) => {
    const results = simulateRanks(size, (communicator) => program(reversedCommunicator(communicator)));
    results.reverse().forEach((result, rank) => expect(result).toEqual(expected(rank, size)));
  });
});
