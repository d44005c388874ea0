/** The functions of assembly/matrix-product.ts and hyperbolic-tangent.ts. Pointers and strides are in bytes. */
export interface DenseExports {
  matrixProductWork(): number;
  matrixProduct(m: number, n: number, k: number, a: number, aRow: number, aColumn: number, b: number, bRow: number, bColumn: number, c: number, cRow: number, alpha: number, beta: number, work: number): void;
  matrixProducts(count: number, table: number, m: number, n: number, k: number, aRow: number, aColumn: number, bRow: number, bColumn: number, cRow: number, alpha: number, beta: number, work: number): void;
  tanhAll(x: number, length: number): void;
}
