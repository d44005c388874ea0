import { requireArgument } from "@parakkt/core";
import { heldSteps } from "../hierarchy/held-steps.js";
import type { InitialGuess } from "../mgrit/mgrit.js";
import type { Propagation } from "../network/propagation.js";

/**
 * What a solve starts from: afresh; or from the states of the last update, which fit where the batch stays the same and the
 * parameters have moved a little. Adjoints that lag behind cost accuracy (TRN.7): for experiments.
 */
export type WarmStart = "none" | "states" | "states-and-adjoints";

/** The trajectories of a propagation that the next update starts from. */
export interface WarmStates {
  readonly stateGuess: InitialGuess;
  readonly adjointGuess: InitialGuess;
  /** To be called after an update. */
  solved(): void;
  /** Copies of the trajectories, [N][state] each, on all ranks; none where the next solve starts afresh. */
  save(): Float64Array[];
  restore(vectors: readonly Float64Array[]): void;
}

/** `fresh` is the guess without a trajectory. */
export function warmStates({ forward, adjoint }: Propagation, warmStart: WarmStart, fresh: InitialGuess): WarmStates {
  const { hierarchy, held } = forward;
  const [finest] = hierarchy.levels;
  const { communicator } = hierarchy;
  const warm = [warmStart !== "none", warmStart === "states-and-adjoints"];
  let guesses: InitialGuess[] = [fresh, fresh];
  const trajectory = (at: (n: number) => Float64Array, shift: number): Float64Array => {
    const size = at(held.first).length;
    const all = new Float64Array(finest.steps * size);
    for (let n = held.first; n <= held.last; n++) all.set(at(n - shift), (n - 1) * size);
    if (finest.blocks.replicated) return all;
    for (let owner = 0; owner < communicator.size; owner++) {
      const { first, last } = heldSteps(finest, owner);
      communicator.broadcast(owner, all.subarray((first - 1) * size, last * size));
    }
    return all;
  };
  const guessFrom = (all: Float64Array, shift: number): InitialGuess => {
    const size = all.length / finest.steps;
    return (n, out) => out.set(all.subarray((n + shift - 1) * size, (n + shift) * size));
  };
  return {
    get stateGuess() {
      return guesses[0];
    },
    get adjointGuess() {
      return guesses[1];
    },
    solved() {
      guesses = warm.map((is) => (is ? "previous" : fresh));
    },
    save: () => [...(guesses[0] === "previous" ? [trajectory(forward.state, 0)] : []), ...(guesses[1] === "previous" ? [trajectory(adjoint.adjoint, 1)] : [])],
    restore(vectors) {
      requireArgument(vectors.length <= 2, () => ({ what: "snapshot", where: "warmStates", expected: "at most states and adjoints", got: `${vectors.length} trajectories` }));
      guesses = [0, 1].map((k) => (k < vectors.length ? guessFrom(vectors[k], k) : fresh));
    },
  };
}
