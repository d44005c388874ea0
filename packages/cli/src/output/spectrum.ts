import { ritzValues, type ComplexNumber, type ProjectedOperator } from "@parakkt/core";

/** Eigenvalue estimates of the preconditioned operator from a run: real ones as numbers, others as [real part, imaginary part]. */
export interface Spectrum {
  /** Dimension of the Krylov space: the longest cycle. */
  readonly dimension: number;
  /** Smallest and largest modulus of the Ritz values. */
  readonly smallest: number;
  readonly largest: number;
  /** Their quotient; of a symmetric positive definite pair a lower bound of the condition. */
  readonly condition: number;
  readonly ritz: readonly (number | readonly [number, number])[];
  readonly harmonicRitz: readonly (number | readonly [number, number])[];
}

/** `undefined` for a run without iterations. */
export function spectrumOf(projection: ProjectedOperator | undefined): Spectrum | undefined {
  if (projection === undefined || projection.columns.length === 0) return undefined;
  const { ritz, harmonic } = ritzValues(projection);
  const sizes = ritz.map(({ real, imaginary }) => Math.hypot(real, imaginary));
  const [smallest, largest] = [Math.min(...sizes), Math.max(...sizes)];
  return { dimension: ritz.length, smallest, largest, condition: largest / smallest, ritz: ritz.map(short), harmonicRitz: harmonic.map(short) };
}

function short({ real, imaginary }: ComplexNumber): number | readonly [number, number] {
  return imaginary === 0 ? real : [real, imaginary];
}
