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
}
