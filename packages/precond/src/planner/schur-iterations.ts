import { reactionOf } from "../matching.js";
import { cgBound } from "./iteration-bound.js";
import type { CompleteFacts, PlannedPreconditioner } from "./plan-facts.js";
import { firstFrequency, smallestEigenvalue } from "./reduced-iterations.js";

/** How the inverse of S is approximated, as far as the number of iterations depends on it. */
export interface SchurInverseFacts {
  readonly preconditioner: PlannedPreconditioner;
  /** P */
  readonly subdomains: number;
  /** Left out: exact spatial solves. */
  readonly cycles?: number | undefined;
}

/** (KKT.2) of the candidate is mostly so much smaller than the relative residual of S that CG sees. */
const OVERRATED = 10;

/** The predicted number of CG iterations on S: the CG bound for the predicted condition number (docs/theory/cost-model.md). */
export function schurIterations(facts: CompleteFacts, inverse: SchurInverseFacts): number {
  const tolerance = Math.min(0.5, OVERRATED * facts.relativeTolerance);
  return cgBound(schurCondition(facts, inverse), tolerance);
}

/** The predicted κ(M⁻¹S). */
export function schurCondition(facts: CompleteFacts, inverse: SchurInverseFacts): number {
  if (inverse.preconditioner === "none") return unpreconditionedCondition(facts);
  const matched = matchingCondition(facts);
  const inexact = inverse.cycles === undefined ? 0 : inexactness(facts, inverse.cycles) / matched ** 1.5;
  return matched * decompositionFactor(facts, inverse) + inexact;
}

/**
 * κ(Ŝ⁻¹S) of matching (COST.3). In the mode of L with eigenvalue µ and at the frequency θ in time, S has the symbol θ² + µ² + a² and Ŝ has
 * θ² + (µ + ρ)², a = |s|/√ω and ρ from (RAT.1). Their quotient is 1 at µ₁ and largest at θ = π/(2T) and µ = µ₁ + √(µ₁² + a² + θ²), or at the end of the
 * spectrum of L.
 */
export function matchingCondition(facts: CompleteFacts): number {
  const { rate } = facts;
  const [frequency, decay] = [firstFrequency(facts), smallestEigenvalue(facts)];
  const worst = Math.min(decay + Math.hypot(decay, rate, frequency), Number.MAX_VALUE);
  const mu = Math.min(worst, Math.max(decay, largestEigenvalue(facts)));
  const [m, a, f, reaction] = [mu, rate, frequency, reactionOf(rate, decay)].map((value) => value / worst);
  return Math.min(2, Math.max(1, (f * f + (m + reaction) ** 2) / (f * f + m * m + a * a)));
}

/** The largest eigenvalue of L, from above. */
export function largestEigenvalue({ points, extent, diffusivity }: CompleteFacts): number {
  const sum = points.reduce((total, count, axis) => total + 4 * ((count + 1) / extent[axis]) ** 2, 0);
  return Math.min(Number.MAX_VALUE, diffusivity.largest * sum);
}

/** Steps of overlap on either side. */
const OVERLAP = 1;

/** The coupling of rank one that the blocks leave out raises the condition from 2 to at most 4, measured 2.2 (docs/theory/time-diagonalization.md). */
const DROPPED_COUPLING = 1.3;

/** The overlapping subdomains and the coarse grid double the condition, and beyond w = 2δ + 1 steps it grows as √(m/w) (docs/theory/convergence.md). */
function decompositionFactor({ steps }: CompleteFacts, { preconditioner, subdomains }: SchurInverseFacts): number {
  if (preconditioner === "time-diagonalization") return DROPPED_COUPLING;
  if (preconditioner === "matching" || preconditioner === "overlapping-matching" || subdomains === 1) return 1;
  const width = 2 * OVERLAP + 1;
  if (preconditioner === "one-level") return 2 + subdomains ** 2 / width;
  return Math.max(2, 0.7 * Math.sqrt(steps / subdomains / width));
}

/** S has eigenvalues from (θ₁² + µ₁² + a²)τ to (1/τ + µ_max)²τ. */
function unpreconditionedCondition(facts: CompleteFacts): number {
  const largest = (2 * facts.steps) / facts.duration + largestEigenvalue(facts) + facts.rate;
  const least = Math.hypot(firstFrequency(facts), smallestEigenvalue(facts), facts.rate);
  return (largest / least) ** 2;
}

/** Measured excess of the condition number with one V-cycle a solve, and its factor for each further cycle, by the contrast of isolated regions of large ν. */
const CONTRASTS = [2, 10, 100, 10_000] as const;
const FIRST_CYCLE = [2.3, 40, 1200, 1000] as const;
const NEXT_CYCLE = [0.17, 0.22, 0.27, 0.43] as const;

/** What a fixed number of V-cycles adds to κ(Ŝ⁻¹S) (COST.4); less where the shift dominates L. */
function inexactness(facts: CompleteFacts, cycles: number): number {
  const contrast = isolatedContrast(facts);
  const first = Math.exp(between(Math.log(contrast), CONTRASTS.map(Math.log), FIRST_CYCLE.map(Math.log)));
  const next = between(Math.log(contrast), CONTRASTS.map(Math.log), NEXT_CYCLE);
  const largest = largestEigenvalue(facts);
  const shift = facts.steps / facts.duration + facts.rate;
  return first * next ** (cycles - 1) * (largest / (largest + shift) || 0);
}

/** Linear interpolation goes wrong where ν jumps up in a part of the box: largest over typical ν, but no more than the largest jump. */
function isolatedContrast({ diffusivity }: CompleteFacts): number {
  return Math.max(1, Math.min(diffusivity.jump, diffusivity.largest / diffusivity.typical));
}

/** Piecewise linear, constant beyond the ends. */
function between(x: number, xs: readonly number[], ys: readonly number[]): number {
  if (x <= xs[0]) return ys[0];
  const right = xs.findIndex((node) => x <= node);
  if (right < 0) return ys[ys.length - 1];
  const share = (x - xs[right - 1]) / (xs[right] - xs[right - 1]);
  return ys[right - 1] + share * (ys[right] - ys[right - 1]);
}
