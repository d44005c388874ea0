import { serialCommunicator } from "@parakkt/core";
import type { Communicator } from "@parakkt/parallel";

test("the serial communicator is a communicator of this package", () => {
  const communicator: Communicator = serialCommunicator();
  expect(communicator.size).toBe(1);
});
