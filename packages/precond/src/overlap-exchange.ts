import { gather, scatterAdd, type NeighbourExchange, type SpaceTimeDiscretization } from "@parakkt/core";
import type { LocalVector } from "./local-vectors.js";

/** Sends the overlap rows of a rank's outermost local vectors to the ranks that own those steps, and adds what comes back. */
export interface OverlapExchange {
  start(): void;
  finish(): void;
  /** out ← out + the previous rank's values on this rank's first steps. */
  addFromPrevious(out: Float64Array): void;
  /** out ← out + the next rank's values on this rank's last steps. */
  addFromNext(out: Float64Array): void;
}

/** δ states each way across those ends of the rank's steps that are ends of subdomains. Storage: those buffers and one state. */
export function overlapExchange({ stateLayout, partition, communicator, arena }: SpaceTimeDiscretization, locals: readonly LocalVector[]): OverlapExchange {
  const { dofs, steps } = stateLayout;
  const firstLocal = locals[0];
  const lastLocal = locals[locals.length - 1];
  const toPrevious = steps.first - firstLocal.extended.first;
  const toNext = lastLocal.extended.last - steps.last;
  const startsSubdomain = steps.first > 1 && partition.subdomainOf(steps.first) !== partition.subdomainOf(steps.first - 1);
  const endsSubdomain = steps.last < partition.grid.steps && partition.subdomainOf(steps.last) !== partition.subdomainOf(steps.last + 1);
  const state = arena.allocate(dofs);
  const exchange: NeighbourExchange = {
    toPrevious: arena.allocate(toPrevious * dofs),
    fromPrevious: arena.allocate((startsSubdomain ? partition.overlap : 0) * dofs),
    toNext: arena.allocate(toNext * dofs),
    fromNext: arena.allocate((endsSubdomain ? partition.overlap : 0) * dofs),
  };
  const pack = (local: LocalVector, first: number, buffer: Float64Array): void => {
    for (let k = 0; (k + 1) * dofs <= buffer.length; k++) {
      const row = local.rowOf(first + k);
      gather(local.data, local.offsets[row], local.strides[row], state);
      buffer.set(state, k * dofs);
    }
  };
  const add = (buffer: Float64Array, first: number, out: Float64Array): void => {
    for (let k = 0; (k + 1) * dofs <= buffer.length; k++) {
      state.set(buffer.subarray(k * dofs, (k + 1) * dofs));
      scatterAdd(1, state, out, { offset: stateLayout.offsetOf(first + k), stride: stateLayout.strideOf(first + k) });
    }
  };
  return {
    start() {
      pack(firstLocal, firstLocal.extended.first, exchange.toPrevious);
      pack(lastLocal, steps.last + 1, exchange.toNext);
      communicator.startExchange(exchange);
    },
    finish() {
      communicator.finishExchange();
    },
    addFromPrevious: (out) => add(exchange.fromPrevious, steps.first, out),
    addFromNext: (out) => add(exchange.fromNext, steps.last - partition.overlap + 1, out),
  };
}
