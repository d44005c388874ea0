import type { Arena, Communicator, NeighbourExchange } from "@parakkt/core";

/** One exchange: `end`, the last state of this rank, to the next rank; that of the previous rank into `start`. */
export function boundaryExchange(communicator: Communicator, end: Float64Array, start: Float64Array, arena: Arena): () => void {
  const { rank, size } = communicator;
  if (size === 1) return () => {};
  const none = new Float64Array(0);
  const exchange: NeighbourExchange = {
    toPrevious: none,
    fromPrevious: rank === 0 ? none : arena.allocate(start.length),
    toNext: rank === size - 1 ? none : arena.allocate(end.length),
    fromNext: none,
  };
  return () => {
    if (exchange.toNext.length > 0) exchange.toNext.set(end);
    communicator.startExchange(exchange);
    communicator.finishExchange();
    if (exchange.fromPrevious.length > 0) start.set(exchange.fromPrevious);
  };
}
