/** The functions of assembly/diagonal.ts. Pointers are in bytes, 0 for a block that is not there. */
export interface DiagonalExports {
  combineDiagonal1(size: number, eigenvalues: number, factors: number, x: number, y: number, z: number, out: number, sums: number): void;
  combineDiagonal2(size: number, eigenvalues: number, factors: number, x: number, y: number, z: number, out: number, sums: number): void;
  combineDiagonal4(size: number, eigenvalues: number, factors: number, x: number, y: number, z: number, out: number, sums: number): void;
  combineDiagonal8(size: number, eigenvalues: number, factors: number, x: number, y: number, z: number, out: number, sums: number): void;
  solveDiagonal(lanes: number, size: number, eigenvalues: number, factors: number, x: number, y: number, out: number): void;
}
