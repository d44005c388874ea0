// Communicators of more than one rank; the serial one belongs to core.
export type { Communicator, NeighbourExchange } from "@parakkt/core";
