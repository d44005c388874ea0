import type { LaneIntegrator } from "../integrators/lane-integrator.js";
import type { OptimalControlProblem } from "../problem/optimal-control-problem.js";
import { groupFactors, type StepFactors } from "../space-time/lane-jacobian.js";
import { rowBuffer } from "../space-time/lane-neighbours.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import type { LaneGroup } from "../space-time/space-time-layout.js";
import { dataNorm, laneSquares, stepSums } from "./certificate-sums.js";
import { laneData } from "./lane-data.js";

const none = (): number => 0;
const SUBTRACT: StepFactors = { a: () => 1, b: () => -1, c: none, d: none };
const ADD: StepFactors = { a: () => 1, b: () => 1, c: none, d: none };

/** A row of a group: its number, its group's number, and where it begins in a vector. */
interface RowPlace {
  readonly group: LaneGroup;
  readonly g: number;
  readonly k: number;
  readonly offset: number;
}

function forEachRow({ stateLayout: { groups, dofs } }: SpaceTimeDiscretization, visit: (place: RowPlace) => void): void {
  groups.forEach((group, g) => {
    for (let k = 0; k < group.rows; k++) visit({ group, g, k, offset: group.offset + k * dofs * group.lanes });
  });
}

/** The function x ← J ũ − b on blocks of lanes: the defect of zero. Returns ‖r‖ of (KKT.2). Storage: three rows of the widest lane group. */
export function laneInitialDefect(discretization: SpaceTimeDiscretization, { operator, vectors, reaction }: LaneIntegrator, problem: OptimalControlProblem): (x: Float64Array) => number {
  const { stateLayout: layout, communicator, arena } = discretization;
  const data = laneData(problem, layout, vectors, arena);
  const evolve = groupFactors(layout, { a: ({ size }) => 1 + size * reaction, b: ({ size }) => size, c: () => -1, d: none });
  const subtract = groupFactors(layout, SUBTRACT);
  let [target, before] = [rowBuffer(layout, arena), rowBuffer(layout, arena)];
  const source = rowBuffer(layout, arena);
  const sums = stepSums(layout, communicator);
  const record = laneSquares(layout, vectors, sums);
  return (x) => {
    forEachRow(discretization, (place) => {
      const { group, g, k, offset } = place;
      if (k === 0) data.target(group, -1, before);
      data.target(group, k, target);
      record("target", place, target, 2);
      const out = { data: x, offset };
      operator.combine(group.lanes, evolve[g][k], { x: target, y: before, out });
      if (data.source(group, k, source)) {
        record("source", place, source, 0);
        vectors.combine(group.lanes, layout.dofs, subtract[g][k], { x: out, y: source, out });
      }
      [target, before] = [before, target];
    });
    return dataNorm(problem, sums.totals());
  };
}

/** The function x ← b + factor(step) y on blocks of lanes. Storage: a row of the widest lane group. */
export function laneForcing(discretization: SpaceTimeDiscretization, { vectors }: LaneIntegrator, problem: OptimalControlProblem, factor: StepFactors["a"]): (y: Float64Array, x: Float64Array) => void {
  const { stateLayout: layout, arena } = discretization;
  const data = laneData(problem, layout, vectors, arena);
  const source = rowBuffer(layout, arena);
  const scale = groupFactors(layout, { a: factor, b: none, c: none, d: none });
  const scaleAndAdd = groupFactors(layout, { ...ADD, a: factor });
  return (y, x) => {
    forEachRow(discretization, ({ group, g, k, offset }) => {
      const [from, out] = [{ data: y, offset }, { data: x, offset }];
      const added = data.source(group, k, source);
      vectors.combine(group.lanes, layout.dofs, (added ? scaleAndAdd : scale)[g][k], { x: from, y: added ? source : from, out });
    });
  };
}

/** The function λ ← W (ũ − u) on blocks of lanes. Storage: a row of the widest lane group. */
export function laneMisfit(discretization: SpaceTimeDiscretization, { vectors }: LaneIntegrator, problem: OptimalControlProblem): (state: Float64Array, adjoint: Float64Array) => void {
  const { stateLayout: layout, arena } = discretization;
  const data = laneData(problem, layout, vectors, arena);
  const target = rowBuffer(layout, arena);
  const factors = groupFactors(layout, { a: ({ size }) => size, b: ({ size }) => -size, c: none, d: none });
  return (state, adjoint) => {
    forEachRow(discretization, ({ group, g, k, offset }) => {
      data.target(group, k, target);
      vectors.combine(group.lanes, layout.dofs, factors[g][k], { x: target, y: { data: state, offset }, out: { data: adjoint, offset } });
    });
  };
}

/** The function out ← a(step) x + b(step) y on blocks of lanes. */
export function laneCombination(
  discretization: SpaceTimeDiscretization,
  { vectors }: LaneIntegrator,
  { a, b }: Pick<StepFactors, "a" | "b">,
): (x: Float64Array, y: Float64Array, out: Float64Array) => void {
  const factors = groupFactors(discretization.stateLayout, { a, b, c: none, d: none });
  return (x, y, out) => {
    forEachRow(discretization, ({ group, g, k, offset }) => {
      vectors.combine(group.lanes, discretization.stateLayout.dofs, factors[g][k], { x: { data: x, offset }, y: { data: y, offset }, out: { data: out, offset } });
    });
  };
}
