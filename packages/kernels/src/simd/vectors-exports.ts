/** The functions of assembly/vectors.ts. Pointers are in bytes, lengths and sizes in entries and dofs. */
export interface VectorKernelsExports {
  axpy(a: number, x: number, y: number, length: number): void;
  xpay(x: number, a: number, y: number, length: number): void;
  advance(a: number, b: number, z: number, p: number, x: number, length: number): void;
  combineLanes(length: number, factors: number, x: number, y: number, out: number): void;
  laneProducts(lanes: number, size: number, x: number, y: number, sums: number): void;
  multiProducts(lanes: number, size: number, table: number, count: number, y: number, sums: number): void;
  separateLanes(lanes: number, size: number, x: number, out: number): void;
  joinLanes(lanes: number, size: number, x: number, out: number): void;
  axpyLaneProducts(lanes: number, size: number, a: number, x: number, y: number, sums: number): void;
}
