import { gather, scatter, type NeighbourExchange, type SpaceTimeDiscretization, type TimeSlices } from "@parakkt/core";

/** The way of node states to and from a coarse vector; node k is coarse step k. */
export interface CoarseNodes {
  /** The state of a node whose interval ends on this rank. */
  write(coarse: Float64Array, node: number, state: Float64Array): void;
  /** Completes the coarse vector after all nodes were written. */
  collect(coarse: Float64Array): void;
  /** Makes ready for `read`. */
  share(coarse: Float64Array): void;
  /** state ← that of a node of an interval of which this rank holds a part, or of the node after it; zero beyond the last node. */
  read(coarse: Float64Array, node: number, state: Float64Array): void;
}

/**
 * Every rank holds all nodes. One all-gather of the N_c states; none on one rank. Storage: those states where there are several ranks.
 */
export function gatheredNodes({ communicator, arena }: SpaceTimeDiscretization, { stateLayout: layout }: SpaceTimeDiscretization, slices: TimeSlices): CoarseNodes {
  const { dofs } = layout;
  const { steps } = layout.partition.grid;
  const counts = Array.from({ length: slices.ranks }, (_, rank) => {
    const { first, last } = slices.ownedBy(rank);
    return first < 1 ? 0 : Math.max(0, last - first + 1) * dofs;
  });
  const start = Math.max(1, slices.ownedBy(communicator.rank).first);
  const own = arena.allocate(communicator.size > 1 ? counts[communicator.rank] : 0);
  const all = arena.allocate(communicator.size > 1 ? steps * dofs : 0);
  const isAlone = communicator.size === 1;
  return {
    write(coarse, node, state) {
      if (isAlone) scatter(state, coarse, layout.offsetOf(node), layout.strideOf(node));
      else own.set(state, (node - start) * dofs);
    },
    collect(coarse) {
      if (isAlone) return;
      communicator.allGather(own, all, counts);
      for (let node = 1; node <= steps; node++) {
        scatter(all.subarray((node - 1) * dofs, node * dofs), coarse, layout.offsetOf(node), layout.strideOf(node));
      }
    },
    share() {},
    read(coarse, node, state) {
      if (node > steps) state.fill(0);
      else gather(coarse, layout.offsetOf(node), layout.strideOf(node), state);
    },
  };
}

/**
 * Every rank holds the nodes whose intervals end on it, and reads the next one or two: one state from the next rank, and a second one, one
 * exchange later, where an interval is cut between the two. Storage: four states.
 */
export function distributedNodes(nodes: readonly number[], fine: SpaceTimeDiscretization, { stateLayout: layout }: SpaceTimeDiscretization): CoarseNodes {
  const { dofs, steps: { first, last } } = layout;
  const { steps } = layout.partition.grid;
  const { communicator, arena } = fine;
  const { rank, size } = communicator;
  const cutAfter = (of: number): boolean => of >= 0 && of < size - 1 && nodes[layout.slices.ownedBy(of).last] !== fine.stateLayout.slices.ownedBy(of).last + 1;
  const exchange = (toPrevious: boolean, fromNext: boolean): NeighbourExchange => ({
    toPrevious: arena.allocate(toPrevious ? dofs : 0),
    fromPrevious: arena.allocate(0),
    toNext: arena.allocate(0),
    fromNext: arena.allocate(fromNext ? dofs : 0),
  });
  const firsts = exchange(rank > 0, rank < size - 1);
  const seconds = exchange(cutAfter(rank - 1), cutAfter(rank));
  const read = (coarse: Float64Array, node: number, state: Float64Array): void => {
    if (node <= last) gather(coarse, layout.offsetOf(node), layout.strideOf(node), state);
    else if (node > steps) state.fill(0);
    else state.set(node === last + 1 ? firsts.fromNext : seconds.fromNext);
  };
  const send = (buffers: NeighbourExchange, coarse: Float64Array, node: number): void => {
    if (buffers.toPrevious.length > 0) read(coarse, node, buffers.toPrevious);
    communicator.startExchange(buffers);
    communicator.finishExchange();
  };
  return {
    write: (coarse, node, state) => scatter(state, coarse, layout.offsetOf(node), layout.strideOf(node)),
    collect() {},
    share(coarse) {
      send(firsts, coarse, first);
      send(seconds, coarse, first + 1);
    },
    read,
  };
}
