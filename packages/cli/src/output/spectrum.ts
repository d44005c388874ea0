import { ritzValues, type ComplexNumber, type ProjectedOperator } from "@parakkt/core";

/** Eigenvalue estimates of the preconditioned operator from a run: real ones as numbers, others as [real part, imaginary part]. */
export interface Spectrum {
  /** Dimension of the Krylov space: of the longest cycle, or its first vectors where that is longer than `spectrumOf` was asked for. */
  readonly dimension: number;
  /** Smallest and largest modulus of the Ritz values. */
  readonly smallest: number;
  readonly largest: number;
  /** Their quotient; of a symmetric positive definite pair a lower bound of the condition. */
  readonly condition: number;
  readonly ritz: readonly (number | readonly [number, number])[];
  readonly harmonicRitz: readonly (number | readonly [number, number])[];
}

/** Vectors of a Krylov space that are enough for a diagnosis: O(m³) operations, some milliseconds. */
export const DIAGNOSTIC_DIMENSION = 200;
/** Those of a reported spectrum. */
export const REPORTED_DIMENSION = 1000;

/**
 * Ritz values of the projection on the first `largestDimension` vectors of the Krylov space: of a symmetric positive definite pair inside the spectrum
 * for any number of them. `undefined` for a run without iterations. O(min(m, largestDimension)³) operations.
 */
export function spectrumOf(projection: ProjectedOperator | undefined, largestDimension = REPORTED_DIMENSION): Spectrum | undefined {
  if (projection === undefined || projection.columns.length === 0) return undefined;
  const { ritz, harmonic } = ritzValues({ ...projection, columns: projection.columns.slice(0, largestDimension) });
  const sizes = ritz.map(({ real, imaginary }) => Math.hypot(real, imaginary));
  const [smallest, largest] = [Math.min(...sizes), Math.max(...sizes)];
  return { dimension: ritz.length, smallest, largest, condition: largest / smallest, ritz: ritz.map(short), harmonicRitz: harmonic.map(short) };
}

function short({ real, imaginary }: ComplexNumber): number | readonly [number, number] {
  return imaginary === 0 ? real : [real, imaginary];
}
