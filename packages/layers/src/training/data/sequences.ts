import { requireArgument, seededRandom } from "@parakkt/core";
import { dataSetOf, type DataSet } from "./data-set.js";
import type { GeneratedSet } from "./planar-classes.js";

export interface SequenceOptions extends GeneratedSet {
  /** Elements of a sequence: time steps of a recurrent network. */
  readonly steps: number;
}

export interface SineOptions extends SequenceOptions {
  /** How many steps after the end of the sequence the value is asked for; default 8. */
  readonly horizon?: number;
  /** Standard deviation of the noise on the inputs, default 0.05. */
  readonly noise?: number;
}

/**
 * Regression: noisy samples of sin(ωn + φ), n = 1 … N, in, and the clean value `horizon` steps after the last one out.
 *
 * Frequencies are from 0.05 to 0.25 rad a step whatever N is. A guess of 0 has mean square error ½, a loss of ¼.
 */
export function sineSequences({ count, seed, steps, horizon = 8, noise = 0.05 }: SineOptions): DataSet {
  const random = seededRandom(seed);
  return dataSetOf(count, { inputShape: [steps, 1], targetShape: [1] }, () => {
    const frequency = 0.05 + 0.2 * random.uniform();
    const phase = 2 * Math.PI * random.uniform();
    const input = Float64Array.from({ length: steps }, (_, n) => Math.sin(frequency * (n + 1) + phase) + noise * random.normal());
    return { input, target: [Math.sin(frequency * (steps + horizon) + phase)] };
  });
}

/**
 * The adding problem [Hochreiter1997]: a sequence of pairs (value in [0, 1), mark), of which two are marked, one in each half; the sum of
 * their values is wanted. A guess of 1 has mean square error 1/6, a loss of 1/12.
 */
export function addingProblem({ count, seed, steps }: SequenceOptions): DataSet {
  requireArgument(steps >= 2, () => ({ what: "steps", where: "addingProblem", expected: "at least 2, to mark two of them", got: String(steps) }));
  const random = seededRandom(seed);
  const half = Math.floor(steps / 2);
  return dataSetOf(count, { inputShape: [steps, 2], targetShape: [1] }, () => {
    const input = Float64Array.from({ length: 2 * steps }, (_, j) => (j % 2 === 0 ? random.uniform() : 0));
    const marked = [Math.floor(half * random.uniform()), half + Math.floor((steps - half) * random.uniform())];
    for (const n of marked) input[2 * n + 1] = 1;
    return { input, target: [input[2 * marked[0]] + input[2 * marked[1]]] };
  });
}
