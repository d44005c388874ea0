import { serialCommunicator } from "../parallel/serial-communicator.js";
import type { OptimalControlProblem } from "../problem/optimal-control-problem.js";
import type { SpaceTimeLayout } from "../space-time/space-time-layout.js";
import { rankInvariantSums } from "../space-time/space-time-space.js";
import { readStep, type SpaceTimeVector } from "../space-time/space-time-vector.js";
import type { TimeStep } from "../time/time-step.js";
import type { StepwiseData } from "./direct-data.js";
import type { ObjectiveValue } from "./objective.js";

/** The evidence for a solution: (KKT.2) and (OBJ.1). */
export interface Certificate {
  readonly relativeResidual: number;
  readonly objective: ObjectiveValue;
}

/** u and z; the second row of (KKT.1) fixes λ = (ω/s) z. */
export interface PrimalFields {
  readonly state: SpaceTimeVector;
  readonly control: SpaceTimeVector;
}

/**
 * Residual of (KKT.1) and objective of u, z, λ = (ω/s) z, recomputed with the plain operators of the integrator.
 *
 * One residual, one transposed residual, one evaluation of the data a step; storage: ten states. Steps add up by the binary tree over
 * the step index, as everywhere.
 */
export function certify(problem: OptimalControlProblem, data: StepwiseData, fields: PrimalFields): Certificate {
  const { grid, regularization, cellVolume = 1 } = problem;
  const sums = stepSums(fields.state.layout);
  const reports = stepReports(problem, data, fields);
  for (let n = grid.steps; n >= 1; n--) reports(grid.step(n), sums);

  const totals = sums.totals();
  const residual = Math.sqrt(totals.state + totals.control + totals.adjoint);
  const tracking = (cellVolume / 2) * totals.tracking;
  const control = ((cellVolume * regularization) / 2) * totals.cost;
  return {
    relativeResidual: residual / (Math.sqrt(totals.target + totals.source) || 1),
    objective: { total: tracking + control, tracking, control },
  };
}

const SUMS = ["state", "control", "adjoint", "target", "source", "tracking", "cost"] as const;
type SumName = (typeof SUMS)[number];

/** Adds up one value a step of each name. */
interface StepSums {
  set(name: SumName, n: number, value: number): void;
  totals(): Record<SumName, number>;
}

function stepSums(layout: SpaceTimeLayout): StepSums {
  const { steps } = layout.partition.grid;
  const values = SUMS.map(() => new Float64Array(steps));
  return {
    set(name, n, value) {
      values[SUMS.indexOf(name)][n - 1] = value;
    },
    totals() {
      const sums = new Float64Array(SUMS.length);
      rankInvariantSums(layout, serialCommunicator())(sums, (i, n) => values[i][n - 1]);
      return Object.fromEntries(SUMS.map((name, i) => [name, sums[i]])) as Record<SumName, number>;
    },
  };
}

/** The three rows of (KKT.1) and the parts of (OBJ.1), one step after another from the last to the first. */
function stepReports(problem: OptimalControlProblem, data: StepwiseData, { state, control }: PrimalFields): (step: TimeStep, sums: StepSums) => void {
  const { integrator, regularization } = problem;
  const toAdjoint = regularization / integrator.controlScale;
  const work = Array.from({ length: 6 }, () => new Float64Array(integrator.stateSize));
  const [z, adjoint, target, source, row, weighted] = work;
  let [u, previous, fromNext, toPrevious] = Array.from({ length: 4 }, () => new Float64Array(integrator.stateSize));
  readStep(state, problem.grid.steps, previous);

  return (step, sums) => {
    [u, previous] = [previous, u];
    if (step.index > 1) readStep(state, step.index - 1, previous);
    else previous.fill(0);
    readStep(control, step.index, z);
    for (let j = 0; j < adjoint.length; j++) adjoint[j] = toAdjoint * z[j];
    data.target(step, target);
    data.source(step, source);

    integrator.residualAdjoint(step, adjoint, toPrevious, row);
    addStateRow(sums, step, { u, target, transposed: row, fromNext });
    [fromNext, toPrevious] = [toPrevious, fromNext];
    integrator.applyControlAdjoint(step, adjoint, row);
    addControlRow(sums, step, { z, weightedAdjoint: row, regularization });
    integrator.residual(step, previous, u, row);
    integrator.applyControl(step, z, weighted);
    addConstraintRow(sums, step, { source, evolved: row, controlled: weighted });
  };
}

/** ‖W ũ − W u − Jᵀλ‖² of the step, ‖W ũ‖², τ‖u − ũ‖² */
function addStateRow(sums: StepSums, { index, size }: TimeStep, row: Record<"u" | "target" | "transposed" | "fromNext", Float64Array>): void {
  const { u, target, transposed, fromNext } = row;
  let [residual, targets, tracking] = [0, 0, 0];
  for (let j = 0; j < u.length; j++) {
    const error = target[j] - u[j];
    const defect = size * error - (transposed[j] + fromNext[j]);
    residual += defect * defect;
    targets += target[j] * target[j];
    tracking += error * error;
  }
  sums.set("state", index, residual);
  sums.set("target", index, size * size * targets);
  sums.set("tracking", index, size * tracking);
}

/** ‖Bᵀλ − ωW z‖² of the step, τ‖z‖² */
function addControlRow(sums: StepSums, { index, size }: TimeStep, row: { z: Float64Array; weightedAdjoint: Float64Array; regularization: number }): void {
  const { z, weightedAdjoint } = row;
  const weight = row.regularization * size;
  let [residual, cost] = [0, 0];
  for (let j = 0; j < z.length; j++) {
    const defect = weightedAdjoint[j] - weight * z[j];
    residual += defect * defect;
    cost += z[j] * z[j];
  }
  sums.set("control", index, residual);
  sums.set("cost", index, size * cost);
}

/** ‖b − J u + B z‖² of the step, ‖b‖² */
function addConstraintRow(sums: StepSums, { index }: TimeStep, row: Record<"source" | "evolved" | "controlled", Float64Array>): void {
  const { source, evolved, controlled } = row;
  let [residual, sources] = [0, 0];
  for (let j = 0; j < source.length; j++) {
    const defect = source[j] - evolved[j] + controlled[j];
    residual += defect * defect;
    sources += source[j] * source[j];
  }
  sums.set("adjoint", index, residual);
  sums.set("source", index, sources);
}
