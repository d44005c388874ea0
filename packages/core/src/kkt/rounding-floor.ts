import type { SpaceTimeVector } from "../space-time/space-time-vector.js";
import type { KktCandidate } from "./certificate.js";
import type { Certificate } from "./certificate-sums.js";

/** (KKT.2) this close to (FLOOR.1) is made of rounding: measured are 0.6 to 2.2 (docs/theory/convergence.md). */
const AT_THE_FLOOR = 2.5;

/** (FLOOR.1), if the relative residual has come down to it. Cost: one certificate. */
export function reachedFloor(certificate: (candidate: KktCandidate) => Certificate, candidate: KktCandidate, relativeResidual: number): number | undefined {
  const floor = roundingFloor(certificate, candidate, relativeResidual);
  return relativeResidual <= AT_THE_FLOOR * floor ? floor : undefined;
}

/**
 * The part of (KKT.2) that no solution in double precision is without: how ρ changes when the last bit of every number in u and λ is flipped,
 *
 *     ρ_ε = √(ρ(x + δ)² − ρ(x)²),   |δ_j| = ulp(x_j)   (FLOOR.1)
 *
 * an estimate of ‖K δ‖/‖r‖ ≲ ε ‖|K||x|‖/‖r‖ that asks nothing of the discretization. Which way a number moves is decided by its own last bit:
 * the same on any number of ranks. Reliable where it is not much below `relativeResidual`, ρ(x). The candidate is what it was afterwards.
 * Cost: one certificate.
 */
export function roundingFloor(certificate: (candidate: KktCandidate) => Certificate, candidate: KktCandidate, relativeResidual: number): number {
  flipLastBits(candidate);
  const perturbed = certificate(candidate).relativeResidual;
  flipLastBits(candidate);
  return Math.sqrt(Math.max(0, perturbed ** 2 - relativeResidual ** 2));
}

/** Twice is not at all. */
function flipLastBits({ state, adjoint }: KktCandidate): void {
  for (const vector of [state, adjoint]) if (!vector.read) flipSeries(vector);
}

/** Zeros stay: among them are the unused lanes. */
function flipSeries({ data }: SpaceTimeVector): void {
  const words = new Int32Array(data.buffer, data.byteOffset, 2 * data.length);
  for (let j = 0; j < data.length; j++) if (data[j] !== 0) words[2 * j] ^= 1;
}
