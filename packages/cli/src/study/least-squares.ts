/** Solution of min ‖Xβ − y‖₂ with what a bootstrap needs. */
export interface LeastSquares {
  /** β of the independent columns; 0 for a column that depends on earlier ones. */
  readonly coefficients: number[];
  /** Columns that are combinations of earlier ones, as far as the observations can tell. */
  readonly dependent: boolean[];
  readonly residuals: number[];
  /** Diagonal of the hat matrix: how much an observation decides about its own fit. */
  readonly leverages: number[];
}

/** A column whose part orthogonal to the earlier ones is smaller than this, relative to itself, counts as dependent. */
const DEPENDENT = 1e-9;

/** Least squares by modified Gram–Schmidt, X given by its columns. Cost: 2 m n² for m observations and n columns. */
export function leastSquares(columns: readonly (readonly number[])[], y: readonly number[]): LeastSquares {
  const basis: { readonly q: number[]; readonly column: number; readonly r: number[] }[] = [];
  columns.forEach((given, column) => {
    const q = [...given];
    const r = basis.map((other) => subtractProjection(q, other.q));
    basis.forEach((other, i) => (r[i]! += subtractProjection(q, other.q)));
    const norm = norm2(q);
    if (norm > DEPENDENT * norm2(given)) basis.push({ q: q.map((value) => value / norm), column, r: [...r, norm] });
  });
  const residuals = [...y];
  const projections = basis.map(({ q }) => subtractProjection(residuals, q));
  const coefficients = new Array<number>(columns.length).fill(0);
  for (let k = basis.length - 1; k >= 0; k--) {
    const later = basis.slice(k + 1).reduce((sum, { r, column }) => sum + r[k]! * coefficients[column]!, 0);
    coefficients[basis[k]!.column] = (projections[k]! - later) / basis[k]!.r[k]!;
  }
  const leverages = y.map((_, i) => basis.reduce((sum, { q }) => sum + q[i]! ** 2, 0));
  return { coefficients, dependent: columns.map((_, k) => basis.every(({ column }) => column !== k)), residuals, leverages };
}

/** v ← v − (q·v) q; hands back q·v. */
function subtractProjection(v: number[], q: readonly number[]): number {
  const product = q.reduce((sum, value, i) => sum + value * v[i]!, 0);
  q.forEach((value, i) => (v[i]! -= product * value));
  return product;
}

function norm2(v: readonly number[]): number {
  return Math.sqrt(v.reduce((sum, value) => sum + value * value, 0));
}
