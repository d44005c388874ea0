import { gatherAdd, type NeighbourExchange, type SpaceTimeDiscretization } from "@parakkt/core";
import type { IntervalPart, LaneIntervals } from "./lane-intervals.js";

/** Pᵀ */
export interface Restriction {
  /** Hands each node whose interval ends on this rank its state of Pᵀ fine; the interval before a node is summed apart from the one after it. */
  restrict(fine: Float64Array, writeNode: (node: number, state: Float64Array) => void): void;
}

/**
 * Pᵀ: the state of a node is Σ θₙ xₙ over the interval before it plus Σ (1 − θₙ) xₙ over the one after it, each sum in ascending order of the
 * steps whoever holds them. Three turns: the sums over an interval that is cut go from rank to rank; each rank gets the sum before its first
 * interval from the rank on which that ends; and it passes this on where the interval is cut. Storage: nine states at most.
 */
export function intervalSums(fine: SpaceTimeDiscretization, parts: readonly IntervalPart[], sideBySide: readonly LaneIntervals[]): Restriction {
  const { stateLayout: { dofs }, communicator, arena } = fine;
  const { rank, size } = communicator;
  const { begun } = parts[0];
  const { continued } = parts[parts.length - 1];
  const firstEnding = parts.find((part) => !part.continued);
  /** After the node and before the next one. */
  const sums = arena.allocate(2 * dofs);
  const [after, beforeNext] = [sums.subarray(0, dofs), sums.subarray(dofs)];
  const [before, incoming, first] = Array.from({ length: 3 }, () => arena.allocate(dofs));
  const ends: NeighbourExchange = {
    toPrevious: arena.allocate(0),
    fromPrevious: rank > 0 && !begun ? incoming : arena.allocate(0),
    toNext: rank < size - 1 && !continued ? before : arena.allocate(0),
    fromNext: arena.allocate(0),
  };
  const sumUp = sumsOf(fine, sideBySide, sums);
  /** incoming ← the sum before the first interval; passed on, or the one before the last interval, where that is cut. */
  const passOn = (): void => {
    communicator.startExchange(ends);
    communicator.finishExchange();
    if (continued && firstEnding) communicator.send(rank + 1, before);
    if (begun) communicator.receive(rank - 1, incoming);
    if (continued && !firstEnding) communicator.send(rank + 1, incoming);
  };
  return {
    restrict(x, writeNode) {
      for (const part of parts) {
        sumUp(part, x);
        if (part.continued) break;
        if (part === firstEnding) first.set(after);
        else writeNode(part.node, added(before, after));
        before.set(beforeNext);
      }
      passOn();
      if (firstEnding) writeNode(firstEnding.node, added(incoming, first));
    },
  };
}

/** The function sums ← Σ (1 − θₙ) xₙ and Σ θₙ xₙ of a part; the sums over an interval that is cut go from rank to rank. */
function sumsOf({ stateLayout: layout, communicator }: SpaceTimeDiscretization, sideBySide: readonly LaneIntervals[], sums: Float64Array): (part: IntervalPart, x: Float64Array) => void {
  const { rank } = communicator;
  const [after, beforeNext] = [sums.subarray(0, layout.dofs), sums.subarray(layout.dofs)];
  const blockOf = new Map(sideBySide.flatMap((block) => block.parts.map((part, lane) => [part, { block, lane }] as const)));
  return (part, x) => {
    const found = blockOf.get(part);
    if (found) {
      if (found.lane === 0) found.block.sumUp(x);
      return found.block.take(found.lane, after, beforeNext);
    }
    if (part.begun) communicator.receive(rank - 1, sums);
    else sums.fill(0);
    for (let n = part.first; n <= part.last; n++) {
      const theta = part.weights[n - part.first];
      const place = { offset: layout.offsetOf(n), stride: layout.strideOf(n) };
      gatherAdd(1 - theta, x, place, after);
      gatherAdd(theta, x, place, beforeNext);
    }
    if (part.continued) communicator.send(rank + 1, sums);
  };
}

/** right ← left + right */
function added(left: Float64Array, right: Float64Array): Float64Array {
  for (let j = 0; j < right.length; j++) right[j] = left[j] + right[j];
  return right;
}
