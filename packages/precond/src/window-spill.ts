import { gather, scatterAdd, type NeighbourExchange, type SpaceTimeDiscretization } from "@parakkt/core";

/** What the adjoint sweeps of the windows leave in the δ steps before their subdomains, added to the values of the subdomains that own these steps. */
export interface WindowSpill {
  /** Adds a state to step n of `out`, or keeps it for the rank that owns the step. */
  add(n: number, state: Float64Array, out: Float64Array): void;
  /** Sends what was kept to the previous rank and adds what comes from the next one. */
  exchange(out: Float64Array): void;
}

/** Each step gets one value at most, so that the sum has no order. Storage: δ states each way. */
export function windowSpill({ stateLayout, partition, communicator, arena }: SpaceTimeDiscretization): WindowSpill {
  const { dofs, steps } = stateLayout;
  const length = partition.overlap * dofs;
  const isLastRank = steps.last === partition.grid.steps;
  const buffers: NeighbourExchange = {
    toPrevious: arena.allocate(steps.first === 1 ? 0 : length),
    fromPrevious: arena.allocate(0),
    toNext: arena.allocate(0),
    fromNext: arena.allocate(isLastRank ? 0 : length),
  };
  const received = arena.allocate(dofs);
  const addState = (n: number, state: Float64Array, out: Float64Array): void =>
    scatterAdd(1, state, out, { offset: stateLayout.offsetOf(n), stride: stateLayout.strideOf(n) });
  return {
    add(n, state, out) {
      if (n >= steps.first) addState(n, state, out);
      else buffers.toPrevious.set(state, (n - steps.first + partition.overlap) * dofs);
    },
    exchange(out) {
      communicator.startExchange(buffers);
      communicator.finishExchange();
      for (let k = 0; (k + 1) * dofs <= buffers.fromNext.length; k++) {
        gather(buffers.fromNext, k * dofs, 1, received);
        addState(steps.last - partition.overlap + 1 + k, received, out);
      }
    },
  };
}
