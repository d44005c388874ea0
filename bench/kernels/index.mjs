import { multigridPair } from "./multigrid.mjs";
import { stencilPair } from "./stencil.mjs";
import { sweepPair } from "./sweep.mjs";
import { transformPair } from "./transform.mjs";
import { axpyDotPair, multiDotPair } from "./vectors.mjs";

/**
 * Each makes one of our kernels and its C peers on the same data: { ours(), peers: { id: run }, items, check() } and, where repeating changes the
 * data, reset() and maxRepetitions. `check` returns the difference of the results after one call of each, `undefined` when it cannot be said.
 */
export const kernelPairs = {
  "axpy-dot": axpyDotPair,
  "multi-dot": multiDotPair,
  multigrid: multigridPair,
  stencil: stencilPair,
  sweep: sweepPair,
  transform: transformPair,
};
