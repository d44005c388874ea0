/**
 * min ‖β e₁ − H y‖₂ for an upper Hessenberg H that grows by one column at a time, by Givens rotations [Saad2003] section 6.5.3.
 *
 * Storage: m(m + 1)/2 + 4m + 1 doubles for at most m columns. Cost of column k: k rotations, of `solve`: k²/2 multiplications.
 */
export interface HessenbergLeastSquares {
  /** Columns held. */
  readonly columns: number;
  /** min ‖β e₁ − H y‖₂ over the columns held. */
  readonly residualNorm: number;
  /** No columns, right-hand side β e₁. */
  reset(beta: number): void;
  /** Adds h[0] … h[columns + 1]; returns the new pivot of R, 0 if the column depends on the others. */
  append(h: Float64Array): number;
  /** Forgets the last column; only to be followed by `solve` or `reset`. */
  discard(): void;
  /** The minimiser y, in a buffer of its own. */
  solve(): Float64Array;
}

/** Doubles that `hessenbergLeastSquares` takes. */
export function hessenbergStorage(maxColumns: number): number {
  return (maxColumns * (maxColumns + 1)) / 2 + 4 * maxColumns + 1;
}

/** An empty problem for at most `maxColumns` columns. */
export function hessenbergLeastSquares(maxColumns: number, allocate: (length: number) => Float64Array): HessenbergLeastSquares {
  const upper = allocate((maxColumns * (maxColumns + 1)) / 2);
  const rotations = givensRotations(allocate(maxColumns), allocate(maxColumns));
  const y = allocate(maxColumns);
  const g = allocate(maxColumns + 1);
  let columns = 0;
  return {
    get columns() {
      return columns;
    },
    get residualNorm() {
      return Math.abs(g[columns]);
    },
    reset(beta) {
      columns = 0;
      g[0] = beta;
    },
    append(h) {
      const last = columns++;
      const pivot = rotations.triangularize(h, upper.subarray(place(0, last)), last);
      rotations.advance(g, last);
      return pivot;
    },
    discard() {
      columns--;
    },
    solve() {
      backSubstitute(upper, g, columns, y);
      return y;
    },
  };
}

/** R is kept column by column without its zeros. */
function place(row: number, column: number): number {
  return (column * (column + 1)) / 2 + row;
}

/** The rotations G₀, G₁, … that make H triangular. */
function givensRotations(cosines: Float64Array, sines: Float64Array) {
  return {
    /** r ← column `last` of R, from h by the earlier rotations and a new one; returns its diagonal entry. */
    triangularize(h: Float64Array, r: Float64Array, last: number): number {
      let carried = h[0];
      for (let row = 0; row < last; row++) {
        r[row] = cosines[row] * carried + sines[row] * h[row + 1];
        carried = cosines[row] * h[row + 1] - sines[row] * carried;
      }
      const pivot = Math.hypot(carried, h[last + 1]);
      cosines[last] = pivot > 0 ? carried / pivot : 1;
      sines[last] = pivot > 0 ? h[last + 1] / pivot : 0;
      r[last] = pivot;
      return pivot;
    },
    /** Applies the last rotation to the right-hand side, whose next entry was zero. */
    advance(g: Float64Array, last: number): void {
      g[last + 1] = -sines[last] * g[last];
      g[last] *= cosines[last];
    },
  };
}

/** y ← R⁻¹ g for the first `columns` columns. */
function backSubstitute(upper: Float64Array, g: Float64Array, columns: number, y: Float64Array): void {
  for (let row = columns - 1; row >= 0; row--) {
    let sum = g[row];
    for (let column = row + 1; column < columns; column++) sum -= upper[place(row, column)] * y[column];
    y[row] = sum / upper[place(row, row)];
  }
}
