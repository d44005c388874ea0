import { seededRandom } from "@parakkt/core";
import { leastSquares, type LeastSquares } from "./least-squares.js";

/** One measured cell: positive factors in a fixed order, and a positive value. */
export interface Observation {
  readonly factors: readonly number[];
  readonly value: number;
}

/** How a power law is fitted. */
export interface PowerLawOptions {
  readonly seed: number;
  readonly resamples: number;
  /** The values are whole numbers, so that each is only known up to ±½. */
  readonly counts: boolean;
}

/** An exponent and its 95 % interval. */
export interface Exponent {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** value ≈ C · Π factorᵢ^exponentᵢ. */
export interface PowerLaw {
  readonly constant: number;
  /** In the order of the factors; `undefined` where the factor only varies together with earlier ones. */
  readonly exponents: readonly (Exponent | undefined)[];
  /** Standard deviation of log(value / fitted value). */
  readonly scatter: number;
  readonly observations: number;
}

/**
 * Fits log value = log C + Σ exponentᵢ log factorᵢ by least squares. Intervals are the 2.5 and 97.5 % quantiles of a bootstrap of the residuals
 * (each divided by √(1 − leverage)), so that the design stays as it was; rounding of whole numbers enters each resample as a uniform error of ±½.
 * `undefined` where there are not more observations than coefficients.
 */
export function fitPowerLaw(observations: readonly Observation[], { seed, resamples, counts }: PowerLawOptions): PowerLaw | undefined {
  const factorCount = observations[0]?.factors.length ?? 0;
  const columns = [observations.map(() => 1), ...Array.from({ length: factorCount }, (_, k) => observations.map(({ factors }) => Math.log(factors[k]!)))];
  const fit = leastSquares(columns, observations.map(({ value }) => Math.log(value)));
  const freedom = observations.length - fit.dependent.filter((dependent) => !dependent).length;
  if (freedom < 1) return undefined;
  const random = seededRandom(seed);
  const errors = studentized(fit, freedom);
  const replicas = Array.from({ length: resamples }, () => {
    const rounding = (value: number): number => (counts ? Math.log1p((random.uniform() - 0.5) / value) : 0);
    const resampled = observations.map(({ value }, i) => Math.log(value) - fit.residuals[i]! + errors[Math.floor(random.uniform() * errors.length)]! + rounding(value));
    return leastSquares(columns, resampled).coefficients;
  });
  const interval = (k: number): Exponent => {
    const sorted = replicas.map((coefficients) => coefficients[k]!).sort((a, b) => a - b);
    return { value: fit.coefficients[k]!, low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
  };
  return {
    constant: Math.exp(fit.coefficients[0]!),
    exponents: Array.from({ length: factorCount }, (_, k) => (fit.dependent[k + 1] ? undefined : interval(k + 1))),
    scatter: Math.sqrt(fit.residuals.reduce((sum, residual) => sum + residual ** 2, 0) / freedom),
    observations: observations.length,
  };
}

/** Residuals of equal variance with mean 0; one that the fit reproduces by construction is left out. */
function studentized({ residuals, leverages }: LeastSquares, freedom: number): number[] {
  const free = residuals.flatMap((residual, i) => (leverages[i]! < 1 - 1e-9 ? [residual / Math.sqrt(1 - leverages[i]!)] : []));
  if (free.length === 0) return residuals.map((residual) => residual / Math.sqrt(freedom));
  const mean = free.reduce((sum, value) => sum + value, 0) / free.length;
  return free.map((value) => value - mean);
}

/** Of sorted values, interpolated. */
function quantile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  return sorted[below]! + (position - below) * ((sorted[below + 1] ?? sorted[below]!) - sorted[below]!);
}
