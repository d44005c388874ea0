/** The pattern of a supernodal Cholesky factor; core's `SymbolicCholesky` has this shape. */
export interface CholeskyPattern {
  readonly size: number;
  /** order[k] = the unknown eliminated k-th. */
  readonly order: Int32Array;
  readonly supernodes: number;
  /** Supernode s owns the columns firstColumn[s] … firstColumn[s+1] − 1. */
  readonly firstColumn: Int32Array;
  readonly supernodeOf: Int32Array;
  /** Row numbers of supernode s, own columns first: rows[rowPointers[s] … rowPointers[s+1] − 1]. */
  readonly rowPointers: Int32Array;
  readonly rows: Int32Array;
  /** Where the panel of supernode s begins, row by row with its width in doubles a row. */
  readonly panelPointers: Int32Array;
  /** Entry e of the lower triangle: values[entrySources[e]] belongs to panel position entryTargets[e]. */
  readonly entrySources: Int32Array;
  readonly entryTargets: Int32Array;
  /** Panel position of the k-th pivot. */
  readonly pivots: Int32Array;
  /** Doubles of one numeric factor. */
  readonly doubles: number;
}

/** A + σI in the pattern of its factor. */
export interface CholeskyData {
  readonly pattern: CholeskyPattern;
  /** Values of A in the order that `pattern.entrySources` refers to. */
  readonly values: Float64Array;
}

export interface CholeskyOptions {
  /**
   * Storage of the factors and arithmetic of the triangular solves; the factorisation is in double and blocks are double on both sides.
   * In single precision A + σI and its inverse should have entries within 1e±20; right-hand sides may have any size. Default double.
   */
  readonly precision?: "single" | "double" | undefined;
}
