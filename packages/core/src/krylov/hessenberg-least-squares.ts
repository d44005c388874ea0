/**
 * min ‖β e₁ − H y‖₂ for an upper Hessenberg H that grows by one column at a time, by Givens rotations [Saad2003] section 6.5.3.
 *
 * Storage: m(m + 1)/2 + 4m + 1 doubles for at most m columns. Cost of column k: 3k rotations, of `solve`: k²/2 multiplications.
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

export function hessenbergLeastSquares(maxColumns: number, allocate: (length: number) => Float64Array): HessenbergLeastSquares {
  const upper = allocate((maxColumns * (maxColumns + 1)) / 2);
  const [cosines, sines, y] = [allocate(maxColumns), allocate(maxColumns), allocate(maxColumns)];
  const g = allocate(maxColumns + 1);
  const at = (row: number, column: number): number => (column * (column + 1)) / 2 + row;
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
      let carried = h[0];
      for (let row = 0; row < last; row++) {
        upper[at(row, last)] = cosines[row] * carried + sines[row] * h[row + 1];
        carried = cosines[row] * h[row + 1] - sines[row] * carried;
      }
      const pivot = Math.hypot(carried, h[last + 1]);
      cosines[last] = pivot > 0 ? carried / pivot : 1;
      sines[last] = pivot > 0 ? h[last + 1] / pivot : 0;
      upper[at(last, last)] = pivot;
      g[last + 1] = -sines[last] * g[last];
      g[last] *= cosines[last];
      return pivot;
    },
    discard() {
      columns--;
    },
    solve() {
      for (let row = columns - 1; row >= 0; row--) {
        let sum = g[row];
        for (let column = row + 1; column < columns; column++) sum -= upper[at(row, column)] * y[column];
        y[row] = sum / upper[at(row, row)];
      }
      return y;
    },
  };
}
