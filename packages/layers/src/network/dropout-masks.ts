import { requireArgument, type SeededRandom } from "@parakkt/core";

export interface DropoutMasksOptions {
  /** N */
  readonly steps: number;
  readonly stateSize: number;
  /** Probability that an entry of what a layer adds is left out. */
  readonly rate: number;
}

/** Dropout masks of all layers for one batch: 0 with probability p, else 1/(1 − p), so that the mean is 1. */
export interface DropoutMasks {
  /** One vector a step, for `Network.setMasks`; overwritten by `redraw`. */
  readonly masks: readonly Float64Array[];
  /** New masks for the next batch. Not between the sweeps of one: the iteration would have no solution to converge to. */
  redraw(random: Pick<SeededRandom, "uniform">): void;
}

/** Storage: N states. */
export function dropoutMasks({ steps, stateSize, rate }: DropoutMasksOptions): DropoutMasks {
  requireArgument(rate >= 0 && rate < 1, () => ({ what: "dropout rate", where: "dropoutMasks", expected: "at least 0 and less than 1", got: String(rate) }));
  const masks = Array.from({ length: steps }, () => new Float64Array(stateSize).fill(1));
  return {
    masks,
    redraw(random) {
      for (const mask of masks) for (let j = 0; j < stateSize; j++) mask[j] = random.uniform() < rate ? 0 : 1 / (1 - rate);
    },
  };
}
