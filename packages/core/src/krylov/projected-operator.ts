import { hessenbergEigenvalues, type ComplexNumber } from "../linalg/hessenberg-eigenvalues.js";

/**
 * The preconditioned operator projected on the Krylov space of m iterations: column k of the (m + 1) × m upper Hessenberg matrix H̲ as
 * its entries 0 … k + 1. Of the symmetric methods H̲ is tridiagonal, the projection of M^{-1/2} A M^{-1/2}: entries k − 1 … k + 1.
 * The last entry of the last column may not be known, and missing.
 */
export interface ProjectedOperator {
  readonly symmetric: boolean;
  readonly columns: readonly (readonly number[])[];
}

/** Eigenvalue estimates in ascending order of their real parts. */
export interface RitzValues {
  /** Eigenvalues of H: inside the field of values, good for the largest ones. */
  readonly ritz: readonly ComplexNumber[];
  /** Eigenvalues of H + h² H⁻ᵀ eₘ eₘᵀ, h = hₘ₊₁ₘ: the roots of the residual polynomial of minimal residuals, good for the smallest ones [Goossens1999]. */
  readonly harmonic: readonly ComplexNumber[];
}

/** Ritz and harmonic Ritz values; none of the latter where H is singular. O(m³) operations. */
export function ritzValues({ symmetric, columns }: ProjectedOperator): RitzValues {
  const square = columns.map((column, k) => (symmetric ? [...new Array<number>(Math.max(0, k - 1)).fill(0), ...column] : column));
  const m = square.length;
  if (m === 0) return { ritz: [], harmonic: [] };
  const beyond = square[m - 1][m] ?? 0;
  const shift = solveTransposed(square, m).map((value) => beyond * beyond * value);
  const harmonic = square.map((column, k) => (k < m - 1 ? column : column.map((value, i) => value + (shift[i] ?? 0))));
  return { ritz: hessenbergEigenvalues(square), harmonic: shift.every(Number.isFinite) ? hessenbergEigenvalues(harmonic) : [] };
}

/** f with Hᵀ f = eₘ by Gaussian elimination with row exchanges between neighbours: Hᵀ is lower Hessenberg. */
function solveTransposed(columns: readonly (readonly number[])[], m: number): number[] {
  const rows = columns.map((column) => Array.from({ length: m }, (_, i) => column[i] ?? 0));
  const rhs = rows.map((_, k): number => (k === m - 1 ? 1 : 0));
  for (let pivot = 0; pivot < m; pivot++) {
    let best = pivot;
    for (let row = pivot + 1; row < m; row++) if (Math.abs(rows[row][pivot]) > Math.abs(rows[best][pivot])) best = row;
    [rows[pivot], rows[best]] = [rows[best], rows[pivot]];
    [rhs[pivot], rhs[best]] = [rhs[best], rhs[pivot]];
    for (let row = pivot + 1; row < m; row++) {
      const factor = rows[row][pivot] / rows[pivot][pivot];
      if (factor !== 0) eliminate(rows, rhs, { pivot, row, factor });
    }
  }
  for (let row = m - 1; row >= 0; row--) {
    for (let column = row + 1; column < m; column++) rhs[row] -= rows[row][column] * rhs[column];
    rhs[row] /= rows[row][row];
  }
  return rhs;
}

function eliminate(rows: number[][], rhs: number[], { pivot, row, factor }: { pivot: number; row: number; factor: number }): void {
  for (let column = pivot; column < rows.length; column++) rows[row][column] -= factor * rows[pivot][column];
  rhs[row] -= factor * rhs[pivot];
}

/** A projected operator as numbers, and back. */
export function projectionValues({ symmetric, columns }: ProjectedOperator): number[] {
  return [symmetric ? 1 : 0, columns.length, ...columns.flatMap((column) => [column.length, ...column])];
}

export function projectionOf(values: readonly number[]): ProjectedOperator {
  const [symmetric, count] = values;
  let at = 2;
  const columns = Array.from({ length: count }, () => values.slice(at + 1, (at += 1 + values[at])));
  return { symmetric: symmetric === 1, columns };
}

/** The columns of a growing H̲, cycle by cycle; remembers the longest of a solve. */
export interface ProjectionRecord {
  /** A new solve. */
  reset(): void;
  /** A new cycle begins. */
  begin(): void;
  append(column: ArrayLike<number>): void;
  /** Amends the last column, whose last entry was not known yet. */
  extend(entry: number): void;
  longest(): ProjectedOperator;
  /** The whole record as numbers, and back. */
  values(): number[];
  restore(values: readonly number[]): void;
}

export function projectionRecord(symmetric: boolean): ProjectionRecord {
  let kept: ProjectedOperator = { symmetric, columns: [] };
  let columns: number[][] = [];
  const longest = (): ProjectedOperator => (columns.length >= kept.columns.length ? { symmetric, columns } : kept);
  return {
    reset() {
      kept = { symmetric, columns: [] };
      columns = [];
    },
    begin() {
      kept = longest();
      columns = [];
    },
    append: (column) => void columns.push(Array.from(column)),
    extend: (entry) => void columns.at(-1)?.push(entry),
    longest,
    values() {
      const first = projectionValues(kept);
      return [first.length, ...first, ...projectionValues({ symmetric, columns })];
    },
    restore(values) {
      const [length] = values;
      kept = projectionOf(values.slice(1, length + 1));
      columns = projectionOf(values.slice(length + 1)).columns.map((column) => [...column]);
    },
  };
}
