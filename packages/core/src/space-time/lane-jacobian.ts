import type { CombinationFactors } from "@parakkt/kernels";
import type { LaneIntegrator } from "../integrators/lane-integrator.js";
import type { Arena } from "../linalg/arena.js";
import type { LinearOperator } from "../linalg/linear-operator.js";
import type { Communicator } from "../parallel/communicator.js";
import type { TimeStep } from "../time/time-step.js";
import { laneFactors, laneNeighbours } from "./lane-neighbours.js";
import type { LaneGroup, SpaceTimeLayout } from "./space-time-layout.js";

/**
 * J of `stateJacobian` by kernels on blocks of lanes: (J u)ₙ = (1 + τₙρ) uₙ + τₙ L uₙ − uₙ₋₁, (Jᵀλ)ₙ = (1 + τₙρ) λₙ + τₙ L λₙ − λₙ₊₁.
 *
 * One combination a row, one state from or to each neighbour. Storage: four rows of the widest lane group, two states and the halos.
 */
export function laneJacobian({ operator, reaction }: LaneIntegrator, layout: SpaceTimeLayout, communicator: Communicator, arena: Arena): LinearOperator {
  const factors = groupFactors(layout, {
    a: ({ size }) => 1 + size * reaction,
    b: ({ size }) => size,
    c: () => -1,
    d: () => 0,
  });
  const applyWith = (side: "before" | "after") => {
    const neighbours = laneNeighbours(layout, communicator, arena, { before: 0, after: 0, [side]: 1 });
    return (x: Float64Array, out: Float64Array): void => {
      neighbours.exchange(x);
      layout.groups.forEach((group, g) => {
        for (let k = 0; k < group.rows; k++) {
          const blocks = { x: neighbours.row(x, group, k), y: neighbours[side](x, group, k), out: neighbours.row(out, group, k) };
          operator.combine(group.lanes, factors[g][k], blocks);
        }
      });
    };
  };
  return { rows: layout.length, cols: layout.length, symmetric: false, apply: applyWith("before"), applyTranspose: applyWith("after") };
}

/** The factors of a combination as functions of the step. */
export type StepFactors = Record<keyof CombinationFactors, (step: TimeStep) => number>;

/** Factors of each row of each group, zero for idle lanes; `shift` −1: those of the step before the row's. */
export function groupFactors(layout: SpaceTimeLayout, of: StepFactors): CombinationFactors[][] {
  return layout.groups.map((group) => Array.from({ length: group.rows }, (_, k) => rowFactors(layout, { group, k }, of)));
}

/** Factors of row k of a group; row −1 holds the steps before the subdomains. */
export function rowFactors(layout: SpaceTimeLayout, { group, k }: { group: LaneGroup; k: number }, of: StepFactors): CombinationFactors {
  const { grid } = layout.partition;
  const each = (value: (step: TimeStep) => number): Float64Array => laneFactors(group, k, (n) => (n < 1 ? 0 : value(grid.step(n))));
  return { a: each(of.a), b: each(of.b), c: each(of.c), d: each(of.d) };
}
