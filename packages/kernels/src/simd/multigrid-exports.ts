/** The functions of assembly/multigrid.ts and assembly/lane-krylov.ts. Pointers and strides are in bytes. */
export interface MultigridExports {
  multigridCycle(plan: number, lanes: number, single: boolean): void;
  laneProducts(lanes: number, size: number, x: number, y: number, sums: number): void;
  laneDirection(lanes: number, size: number, factors: number, z: number, p: number): void;
  laneStep(lanes: number, size: number, factors: number, p: number, q: number, x: number, r: number, sums: number): void;
}
