import { type InitialGuess } from "@parakkt/layers";
import { relativeDistance } from "@parakkt/testing";
import { denseNetwork, hierarchyOf, lossGradient, randomState, smoothWeights } from "./network-cases.js";

const N = 256;
const width = 16;
const SEEDS = [1, 2, 3, 4, 5];

/** Relative errors of the gradient after so many forward and backward cycles from zero adjoints: geometric mean over five networks. */
function gradientErrors(cycles: readonly [number, number][]): number[] {
  const sums = new Array<number>(cycles.length).fill(0);
  for (const seed of SEEDS) {
    const steps = denseNetwork({ weights: smoothWeights({ steps: N, width, seed, amplitude: 1.1 }), width });
    const [initialState, target] = [99, 98].map((s) => randomState(steps.stateSize, s));
    const zeros: InitialGuess = (_n, out) => void out.fill(0);
    const gradient = (levels: number, forward: number, backward: number): Float64Array =>
      lossGradient({ hierarchy: hierarchyOf(N, { levels, duration: 5 }), steps, initialState, target, forward, backward, adjointGuess: zeros }).gradient;
    const serial = gradient(1, 0, 0);
    cycles.forEach(([forward, backward], k) => (sums[k] += Math.log(relativeDistance(gradient(2, forward, backward), serial))));
  }
  return sums.map((sum) => Math.exp(sum / SEEDS.length));
}

test("inexact gradients have the reference errors within a factor of 1.5: N = 256, T = 5, smooth weights, c = 4, zero adjoint guess", () => {
  const reference: [[number, number], number][] = [
    [[1, 1], 3.9e-2],
    [[2, 1], 2.1e-2],
    [[2, 2], 7.2e-4],
    [[3, 3], 7.3e-6],
    [[5, 5], 6.7e-10],
  ];
  const found = gradientErrors(reference.map(([cycles]) => cycles));
  found.forEach((error, k) => expect(Math.abs(Math.log(error / reference[k][1]))).toBeLessThan(Math.log(1.5)));
});
