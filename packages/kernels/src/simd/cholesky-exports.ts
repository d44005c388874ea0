/** The functions of assembly/cholesky.ts. Pointers and strides are in bytes. */
export interface CholeskyExports {
  factoriseSupernodes(pattern: number, from: number, to: number, panels: number): number;
  roundPanels(source: number, length: number, target: number): void;
  gatherLanes(order: number, size: number, x: number, y: number, row: number, group: number, work: number, pairs: number): void;
  gatherLanesSingle(order: number, size: number, x: number, y: number, row: number, group: number, work: number, pairs: number): void;
  scatterLanes(order: number, size: number, out: number, row: number, group: number, work: number, pairs: number, all: number): void;
  scatterLanesSingle(order: number, size: number, out: number, row: number, group: number, work: number, pairs: number, all: number): void;
  solveForward(pattern: number, from: number, to: number, panels: number, work: number, vectors: number): void;
  solveForwardSingle(pattern: number, from: number, to: number, panels: number, work: number, vectors: number): void;
  solveBackward(pattern: number, from: number, to: number, panels: number, work: number, vectors: number): void;
  solveBackwardSingle(pattern: number, from: number, to: number, panels: number, work: number, vectors: number): void;
  chainLanes(places: number, size: number, x: number, source: number, group: number, work: number, vectors: number, scaled: number): void;
  chainKept(size: number, x: number, scales: number, source: number, group: number, work: number, vectors: number, scaled: number): void;
  chainSquares(places: number, size: number, work: number, group: number, sums: number, vectors: number, scaled: number): void;
  keepBlock(size: number, work: number, kept: number, vectors: number): void;
  chainAdvance(places: number, size: number, work: number, group: number, a: number, b: number, p: number, x: number, vectors: number): void;
}
