import type { Block, VectorKernels } from "@parakkt/kernels";
import type { Communicator } from "../parallel/communicator.js";
import type { OptimalControlProblem } from "../problem/optimal-control-problem.js";
import type { LaneGroup, SpaceTimeLayout } from "../space-time/space-time-layout.js";
import { rankInvariantSums } from "../space-time/space-time-space.js";
import { rowScales } from "./row-scales.js";

/** J_h and its two parts (OBJ.1). */
export interface ObjectiveValue {
  readonly total: number;
  /** (v/2) Σ τₙ ‖uₙ − ũₙ‖² */
  readonly tracking: number;
  /** (vω/2) Σ τₙ ‖zₙ‖² */
  readonly control: number;
}

/** The evidence for a solution: (KKT.2) and (OBJ.1). */
export interface Certificate {
  /** ‖K x − r‖, the three rows brought to one unit (`rowScales`) */
  readonly residualNorm: number;
  /** ‖r‖ in the same norm */
  readonly rhsNorm: number;
  /** Their quotient (KKT.2). */
  readonly relativeResidual: number;
  readonly objective: ObjectiveValue;
}

/** Squares of the residuals of the three rows, of the data W ũ and b, and the two parts of (OBJ.1) without their factors. */
const SUMS = ["state", "control", "adjoint", "target", "source", "tracking", "cost"] as const;
export type SumName = (typeof SUMS)[number];

/** Adds up one value a step of each name, by the binary tree over the step index. */
export interface StepSums {
  set(name: SumName, n: number, value: number): void;
  /** Over the steps of all ranks. One all-gather. */
  totals(): Record<SumName, number>;
}

export function stepSums(layout: SpaceTimeLayout, communicator: Communicator): StepSums {
  const { first, last } = layout.steps;
  const values = SUMS.map(() => new Float64Array(last - first + 1));
  const sums = new Float64Array(SUMS.length);
  const sumOverSteps = rankInvariantSums(layout, communicator);
  return {
    set(name, n, value) {
      values[SUMS.indexOf(name)][n - first] = value;
    },
    totals() {
      sumOverSteps(sums, (i) => (n) => values[i][n - first]);
      return Object.fromEntries(SUMS.map((name, i) => [name, sums[i]])) as Record<SumName, number>;
    },
  };
}

/** Sets the sums `name` of the steps in row k of a group to Σ x·x, times τ to a power. */
export type LaneSquares = (name: SumName, row: { readonly group: LaneGroup; readonly k: number }, x: Block, power: 0 | 1 | 2) => void;

export function laneSquares({ partition, dofs }: SpaceTimeLayout, vectors: VectorKernels, sums: StepSums): LaneSquares {
  const products = new Float64Array(16);
  return (name, { group, k }, x, power) => {
    vectors.products(group.lanes, dofs, x, x, products);
    for (let lane = 0; lane < group.lanes; lane++) {
      const { first, last } = group.ranges[lane];
      const n = first + k;
      if (n <= last) sums.set(name, n, partition.grid.step(n).size ** power * (products[2 * lane] + products[2 * lane + 1]));
    }
  };
}

/** ‖r‖ of (KKT.2) from the squares of the data. */
export function dataNorm({ grid, integrator }: Pick<OptimalControlProblem, "grid" | "integrator">, { target, source }: Record<"target" | "source", number>): number {
  return Math.sqrt(rowScales(grid, integrator).state ** 2 * target + source);
}

/** (KKT.2) and (OBJ.1) from the sums over all steps. */
export function certificateOf(problem: OptimalControlProblem, totals: Record<SumName, number>): Certificate {
  const { grid, integrator, regularization, cellVolume = 1 } = problem;
  const scales = rowScales(grid, integrator);
  const residualNorm = Math.sqrt(scales.state ** 2 * totals.state + scales.control ** 2 * totals.control + totals.adjoint);
  const rhsNorm = dataNorm(problem, totals);
  const tracking = (cellVolume / 2) * totals.tracking;
  const control = ((cellVolume * regularization) / 2) * totals.cost;
  return { residualNorm, rhsNorm, relativeResidual: residualNorm / (rhsNorm || 1), objective: { total: tracking + control, tracking, control } };
}
