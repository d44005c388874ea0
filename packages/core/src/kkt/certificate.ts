import { heapArena } from "../linalg/arena.js";
import type { Communicator } from "../parallel/communicator.js";
import type { OptimalControlProblem } from "../problem/optimal-control-problem.js";
import { spaceTimeHalo } from "../space-time/space-time-halo.js";
import { readStep, type SpaceTimeVector } from "../space-time/space-time-vector.js";
import type { TimeStep } from "../time/time-step.js";
import { certificateOf, stepSums, type Certificate, type StepSums } from "./certificate-sums.js";
import { stepwiseData } from "./stepwise-data.js";

/** A candidate solution of (KKT.1). */
export interface KktCandidate {
  readonly state: SpaceTimeVector;
  readonly control: SpaceTimeVector;
  readonly adjoint: SpaceTimeVector;
}

/**
 * Residual of (KKT.1) and objective of a candidate, recomputed from the problem's own data with the plain operators of its integrator:
 * for integrators without lanes, and what `laneCertificate` is tested against.
 *
 * One residual, one transposed residual, one evaluation of the data a step; storage: ten states and the halos, no series. Steps add up by
 * the binary tree over the step index, as everywhere. One exchange of a state each way.
 */
export function certify(problem: OptimalControlProblem, candidate: KktCandidate, communicator: Communicator): Certificate {
  const { layout } = candidate.state;
  const sums = stepSums(layout, communicator);
  const report = stepReports(problem, candidate, communicator);
  for (let n = layout.steps.last; n >= layout.steps.first; n--) report(problem.grid.step(n), sums);
  return certificateOf(problem, sums.totals());
}

/** The three rows of (KKT.1) and the parts of (OBJ.1), one step after another from the rank's last to its first. */
function stepReports(problem: OptimalControlProblem, candidate: KktCandidate, communicator: Communicator): (step: TimeStep, sums: StepSums) => void {
  const { integrator, regularization } = problem;
  const { state, control } = candidate;
  const data = stepwiseData(problem);
  const beyond = neighbouringSteps(problem, candidate, communicator);
  const work = Array.from({ length: 5 }, () => new Float64Array(integrator.stateSize));
  const [adjoint, target, source, row, weighted] = work;
  const [z, observed] = [new Float64Array(integrator.controlSize), new Float64Array(integrator.controlSize)];
  let [u, previous, toPrevious] = Array.from({ length: 3 }, () => new Float64Array(integrator.stateSize));
  let fromNext = beyond.fromNext;
  readStep(state, state.layout.steps.last, previous);

  return (step, sums) => {
    [u, previous] = [previous, u];
    if (step.index > state.layout.steps.first) readStep(state, step.index - 1, previous);
    else previous.set(beyond.previous);
    readStep(control, step.index, z);
    readStep(candidate.adjoint, step.index, adjoint);
    data.target(step, target);
    data.source(step, source);

    integrator.residualAdjoint(step, adjoint, toPrevious, row);
    addStateRow(sums, step, { u, target, transposed: row, fromNext });
    [fromNext, toPrevious] = [toPrevious, fromNext];
    integrator.applyControlAdjoint(step, adjoint, observed);
    addControlRow(sums, step, { z, weightedAdjoint: observed, regularization });
    integrator.residual(step, previous, u, row);
    integrator.applyControl(step, z, weighted);
    addConstraintRow(sums, step, { source, evolved: row, controlled: weighted });
  };
}

/** uₙ₋₁ before a rank's first step n (zero before step 1: u₀ is part of b) and −Rₙ₊₁ᵀλₙ₊₁ after its last step n (zero after step N). */
function neighbouringSteps({ integrator, grid }: OptimalControlProblem, { state, adjoint }: KktCandidate, communicator: Communicator) {
  const [previous, fromNext] = [new Float64Array(integrator.stateSize), new Float64Array(integrator.stateSize)];
  if (communicator.size === 1) return { previous, fromNext };
  const { first, last } = state.layout.steps;
  const past = spaceTimeHalo(state.layout, communicator, { before: 1, after: 0 }, heapArena());
  past.start(state.data);
  past.finish();
  past.read(state.data, first - 1, previous);
  const future = spaceTimeHalo(adjoint.layout, communicator, { before: 0, after: 1 }, heapArena());
  future.start(adjoint.data);
  future.finish();
  if (last === grid.steps) return { previous, fromNext };
  const [next, unused] = [new Float64Array(integrator.stateSize), new Float64Array(integrator.stateSize)];
  future.read(adjoint.data, last + 1, next);
  integrator.residualAdjoint(grid.step(last + 1), next, fromNext, unused);
  return { previous, fromNext };
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
