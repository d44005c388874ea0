import type { Arena } from "../linalg/arena.js";
import type { Communicator, NeighbourExchange } from "../parallel/communicator.js";
import type { SpaceTimeLayout } from "./space-time-layout.js";
import { gather } from "../linalg/strided.js";

/** Which neighbouring steps a rank needs: `before` its first and `after` its last step. */
export interface HaloWidth {
  readonly before: number;
  readonly after: number;
}

/** Read access to a rank's own steps and, after an exchange, to the steps of its neighbours next to them. */
export interface SpaceTimeHalo {
  /** Sends the edge steps of x to the neighbours; own steps may be read until `finish`, halo steps only after it. */
  start(x: Float64Array): void;
  finish(): void;
  /** state ← x at `step`, own or halo; steps outside 1 … N read as zero. */
  read(x: Float64Array, step: number, state: Float64Array): void;
}

/** Buffers of a halo of the given width; one exchange of (before + after) states with the two neighbours. */
export function spaceTimeHalo(layout: SpaceTimeLayout, communicator: Communicator, width: HaloWidth, arena: Arena): SpaceTimeHalo {
  const { first, last } = layout.steps;
  const { dofs } = layout;
  const isFirstRank = first === 1;
  const isLastRank = last === layout.partition.grid.steps;
  const before = isFirstRank ? 0 : width.before;
  const after = isLastRank ? 0 : width.after;
  const exchange: NeighbourExchange = {
    toPrevious: arena.allocate(isFirstRank ? 0 : width.after * dofs),
    fromPrevious: arena.allocate(before * dofs),
    toNext: arena.allocate(isLastRank ? 0 : width.before * dofs),
    fromNext: arena.allocate(after * dofs),
  };

  const pack = (x: Float64Array, from: number, buffer: Float64Array): void => {
    for (let k = 0; (k + 1) * dofs <= buffer.length; k++) {
      gather(x, layout.offsetOf(from + k), layout.strideOf(from + k), buffer.subarray(k * dofs, (k + 1) * dofs));
    }
  };
  return {
    start(x) {
      pack(x, first, exchange.toPrevious);
      pack(x, last - width.before + 1, exchange.toNext);
      communicator.startExchange(exchange);
    },
    finish() {
      communicator.finishExchange();
    },
    read(x, step, state) {
      if (step >= first && step <= last) gather(x, layout.offsetOf(step), layout.strideOf(step), state);
      else if (step < first && step >= first - before) gather(exchange.fromPrevious, (step - first + before) * dofs, 1, state);
      else if (step > last && step <= last + after) gather(exchange.fromNext, (step - last - 1) * dofs, 1, state);
      else state.fill(0);
    },
  };
}
