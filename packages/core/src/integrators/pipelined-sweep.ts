import type { Arena } from "../linalg/arena.js";
import type { Communicator } from "../parallel/communicator.js";
import type { Sweep, SweepEnds } from "./sweep.js";

/** Where the lane of a sweep goes on: on the rank before this one, on the rank after it. */
export interface LaneContinuation {
  readonly fromPrevious: boolean;
  readonly toNext: boolean;
}

/** Whether a sweep in either direction waits for another rank. */
export function isPipelined({ fromPrevious, toNext }: LaneContinuation): boolean {
  return fromPrevious || toNext;
}

/**
 * The sweep over a lane that several ranks hold parts of: each one waits for the state before its own part and hands on its last one, so
 * that the sweep is as sequential as on one rank and has its bits. One state from rank to rank and direction. Storage: one state.
 */
export function pipelinedSweep(sweep: Sweep, continuation: LaneContinuation, { communicator, arena, stateSize }: PipelineParts): Sweep {
  if (!isPipelined(continuation)) return sweep;
  const { rank } = communicator;
  const state = arena.allocate(stateSize);
  const pass = (from: number | undefined, to: number | undefined, { work, entering }: PipelinedWork): void => {
    if (from !== undefined) communicator.receive(from, state);
    work({ entering: from === undefined ? entering : state, leaving: to === undefined ? undefined : state });
    if (to !== undefined) communicator.send(to, state);
  };
  const previous = continuation.fromPrevious ? rank - 1 : undefined;
  const next = continuation.toNext ? rank + 1 : undefined;
  return {
    forward: (x, out = x, { entering } = {}) => pass(previous, next, { work: (ends) => sweep.forward(x, out, ends), entering }),
    adjoint: (x, { entering } = {}) => pass(next, previous, { work: (ends) => sweep.adjoint(x, ends), entering }),
  };
}

/** A rank's part of a sweep, and what enters the lane where it begins on this rank. */
interface PipelinedWork {
  readonly work: (ends: SweepEnds) => void;
  readonly entering: Float64Array | undefined;
}

export interface PipelineParts {
  readonly communicator: Communicator;
  readonly arena: Arena;
  readonly stateSize: number;
}
