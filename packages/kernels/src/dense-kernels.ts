/** A dense matrix in a vector, row-major: entry (i, j) at i · stride + j. */
export interface MatrixOperand {
  /** The operand is the transpose of what is stored. Default: no. */
  readonly transposed?: boolean;
  /** From one stored row to the next; default: the stored rows are adjacent. */
  readonly stride?: number;
}

/** C ← α op(A) op(B) + β C: op(A) is [rows][inner], op(B) is [inner][columns], C is [rows][columns]. */
export interface MatrixProductData {
  readonly rows: number;
  readonly columns: number;
  readonly inner: number;
  readonly a?: MatrixOperand;
  readonly b?: MatrixOperand;
  readonly c?: Pick<MatrixOperand, "stride">;
  /** α, default 1. */
  readonly alpha?: number;
  /** β, default 0, which does not read C. */
  readonly beta?: number;
}

/** The products of one shape. */
export interface MatrixProductKernel {
  /** c ← α op(a) op(b) + β c. C must not overlap with the others. */
  apply(a: Float64Array, b: Float64Array, c: Float64Array): void;
  /** The same for independent triples, with the same bits. */
  applyMany(a: readonly Float64Array[], b: readonly Float64Array[], c: readonly Float64Array[]): void;
}

/**
 * Dense matrices and functions of their entries. Vectors may come from anywhere; those from `allocate` of the same kernels are not copied.
 *
 * A row of C has the same bits whatever the other rows are, and a tanh whatever the other entries are.
 */
export interface DenseKernels {
  /** Cost: 2 · rows · columns · inner flops. Storage: at first use, copies of operands that come from elsewhere. */
  matrixProduct(data: MatrixProductData): MatrixProductKernel;
  /** x ← tanh x, entry by entry, to 2 units in the last place. */
  tanh(x: Float64Array): void;
}

/** Strides of op(A), op(B) and C as [row, column]. */
export interface ProductStrides {
  readonly a: readonly [number, number];
  readonly b: readonly [number, number];
  readonly c: readonly [number, number];
}

export function productStrides({ rows, columns, inner, a = {}, b = {}, c = {} }: MatrixProductData): ProductStrides {
  const strides = ({ transposed = false, stride }: MatrixOperand, [height, width]: [number, number]): [number, number] =>
    transposed ? [1, stride ?? height] : [stride ?? width, 1];
  return { a: strides(a, [rows, inner]), b: strides(b, [inner, columns]), c: strides(c, [rows, columns]) };
}
