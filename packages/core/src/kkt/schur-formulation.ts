import type { OptimalControlProblem } from "../problem/optimal-control-problem.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import { spaceTimeHalo } from "../space-time/space-time-halo.js";
import type { SpaceTimeLayout } from "../space-time/space-time-layout.js";
import { computedVector, readStep, writeStep, type SpaceTimeVector } from "../space-time/space-time-vector.js";
import { candidateMeasurement } from "./candidate-measurement.js";
import { dataNorm, stepSums } from "./certificate-sums.js";
import { fusedMatching } from "./fused-matching.js";
import type { FormulationFactory } from "./formulation.js";
import { laneInitialDefect } from "./lane-state-equation.js";
import { laneStateIntegration } from "./lane-state-integration.js";
import { schurComplement } from "./schur-complement.js";
import { stepwiseData } from "./stepwise-data.js";
import { timeIntegration } from "./time-integration.js";
import { zeroIterate } from "./zero-iterate.js";

/**
 * S λ = J ũ − b (SCH.1); then z = (ωW)⁻¹ Bᵀλ, and u by one forward integration of J u = b + B z: recovering the state as
 * u = ũ − W⁻¹ Jᵀλ would stall at the rounding error of that cancellation. A correction of λ solves S δ = J W⁻¹ r_u − r_λ.
 *
 * Storage: λ, and one state series that is u or the right-hand side, whichever is wanted; nine states, two controls and what S needs.
 */
export const schurFormulation: FormulationFactory = (discretization, problem) => {
  const { arena, stateLayout, stateSpace } = discretization;
  const iterate = zeroIterate(arena, stateLayout.length);
  const adjoint = { layout: stateLayout, data: iterate };
  const state = { layout: stateLayout, data: arena.allocate(stateLayout.length) };
  const control = controlOf(discretization, adjoint, discretization.controlLayout);
  const writeInitialDefect = initialDefect(discretization, problem);
  const writeDefect = schurDefect(discretization, problem, { state, control, adjoint });
  const recoverState = stateRecovery(discretization, problem, { control, adjoint });
  const measurement = candidateMeasurement(discretization, recoverState);
  let untouched = true;
  let rhsNorm = 1;
  return {
    name: "schur",
    operator: schurComplement(discretization),
    space: stateSpace,
    iterate,
    candidate: { state, control, adjoint },
    series: (x) => [{ layout: stateLayout, data: x }],
    fuse: (preconditioner) => fusedMatching(discretization, preconditioner),
    reset() {
      if (untouched) return;
      iterate.fill(0);
      state.data.fill(0);
      untouched = true;
    },
    defect() {
      const first = untouched;
      untouched = false;
      if (first) rhsNorm = writeInitialDefect(state) || 1;
      else writeDefect();
      return state.data;
    },
    restoreDefect: () => void writeInitialDefect(state),
    acceptableShare: measurement.acceptableShare,
    relativeResidual: (residual, work, spare) => measurement.stateRow(residual, work, spare) / rhsNorm,
    expectedResidual: (energy) => measurement.expectedStateRow(energy) / rhsNorm,
    settle: measurement.settle,
    complete() {
      untouched = false;
      if (!measurement.takeState(state)) recoverState(state);
    },
  };
};

/** z = (ωW)⁻¹ Bᵀλ, step by step. */
export function controlOf({ integrator, regularization }: Pick<OptimalControlProblem, "integrator" | "regularization">, adjoint: SpaceTimeVector, layout: SpaceTimeLayout): SpaceTimeVector {
  const multiplier = new Float64Array(integrator.stateSize);
  return computedVector(layout, (n, z) => {
    const step = layout.partition.grid.step(n);
    readStep(adjoint, n, multiplier);
    integrator.applyControlAdjoint(step, multiplier, z);
    const inverse = 1 / (regularization * step.size);
    for (let j = 0; j < z.length; j++) z[j] *= inverse;
  });
}

/** The function x ← J⁻¹ (b + B z), its right-hand side formed step by step. */
export function stateIntegration(discretization: SpaceTimeDiscretization, problem: OptimalControlProblem, control: SpaceTimeVector): (x: SpaceTimeVector) => void {
  const writeForcing = stateForcing(discretization, problem, control);
  const { forward } = timeIntegration(discretization);
  return (x) => {
    writeForcing(x);
    forward(x.data);
  };
}

/** The function x ← b + B z, step by step. */
function stateForcing({ integrator, partition, controlLayout }: SpaceTimeDiscretization, problem: OptimalControlProblem, control: SpaceTimeVector) {
  const data = stepwiseData(problem);
  const [source, controlled] = [new Float64Array(integrator.stateSize), new Float64Array(integrator.stateSize)];
  const z = new Float64Array(controlLayout.dofs);
  return (x: SpaceTimeVector): void => {
    for (let n = x.layout.steps.first; n <= x.layout.steps.last; n++) {
      const step = partition.grid.step(n);
      readStep(control, n, z);
      integrator.applyControl(step, z, controlled);
      if (n === 1 || data.sources === "all") {
        data.source(step, source);
        for (let j = 0; j < source.length; j++) controlled[j] += source[j];
      }
      writeStep(x, n, controlled);
    }
  };
}

/** The function x ← J⁻¹ (b + B (ωW)⁻¹Bᵀλ) */
function stateRecovery(discretization: SpaceTimeDiscretization, problem: OptimalControlProblem, { control, adjoint }: Record<"control" | "adjoint", SpaceTimeVector>): (x: SpaceTimeVector) => void {
  const { lanes, regularization } = discretization;
  if (!lanes) return stateIntegration(discretization, problem, control);
  const integrate = laneStateIntegration(discretization, lanes, { problem, factor: ({ size }) => (lanes.controlScale ** 2 * size) / regularization });
  return ({ data }) => integrate(adjoint.data, data);
}

/** The function x ← J ũ − b: the defect of zero. Returns ‖r‖ of (KKT.2). */
function initialDefect(discretization: SpaceTimeDiscretization, problem: OptimalControlProblem): (x: SpaceTimeVector) => number {
  if (!discretization.lanes) return plainInitialDefect(discretization, problem);
  const write = laneInitialDefect(discretization, discretization.lanes, problem);
  return ({ data }) => write(data);
}

/** Step by step; the target before a rank's first step is evaluated, not sent. */
function plainInitialDefect({ integrator, stateLayout, partition: { grid }, communicator }: SpaceTimeDiscretization, problem: OptimalControlProblem) {
  const data = stepwiseData(problem);
  let [target, before] = [new Float64Array(integrator.stateSize), new Float64Array(integrator.stateSize)];
  const [row, source] = [new Float64Array(integrator.stateSize), new Float64Array(integrator.stateSize)];
  const sums = stepSums(stateLayout, communicator);
  const { first, last } = stateLayout.steps;
  return (x: SpaceTimeVector): number => {
    if (first > 1) data.target(grid.step(first - 1), before);
    else before.fill(0);
    for (let n = first; n <= last; n++) {
      const step = grid.step(n);
      data.target(step, target);
      data.source(step, source);
      integrator.residual(step, before, target, row);
      let [targets, sources] = [0, 0];
      for (let j = 0; j < row.length; j++) {
        targets += target[j] * target[j];
        sources += source[j] * source[j];
        row[j] -= source[j];
      }
      sums.set("target", n, step.size ** 2 * targets);
      sums.set("source", n, sources);
      writeStep(x, n, row);
      [target, before] = [before, target];
    }
    return dataNorm(problem, sums.totals());
  };
}

/**
 * The function u ← J e − r_λ with e = W⁻¹ r_u = ũ − u − W⁻¹ Jᵀλ and r_λ = b + B z − J u, in place and step by step:
 * only u and e of the step before are kept; before a rank's first step they are computed from its neighbour's u and λ.
 */
function schurDefect(discretization: SpaceTimeDiscretization, problem: OptimalControlProblem, candidate: Record<"state" | "control" | "adjoint", SpaceTimeVector>) {
  const { integrator, partition, stateLayout, controlLayout, communicator, arena } = discretization;
  const { first, last } = stateLayout.steps;
  const data = stepwiseData(problem);
  const vector = (): Float64Array => new Float64Array(integrator.stateSize);
  const [u, target, evolved, row, source, controlled] = Array.from({ length: 6 }, vector);
  const before = vector();
  let [e, eBefore] = [vector(), vector()];
  const past = spaceTimeHalo(stateLayout, communicator, { before: 1, after: 0 }, arena);
  const transposed = transposedSteps(discretization);
  const z = new Float64Array(controlLayout.dofs);

  /** u ← uₙ, e ← eₙ */
  const readError = (n: number): void => {
    const step = partition.grid.step(n);
    past.read(candidate.state.data, n, u);
    data.target(step, target);
    const multiplied = transposed.at(n);
    for (let j = 0; j < u.length; j++) e[j] = target[j] - u[j] - multiplied[j] / step.size;
  };
  const keep = (): void => {
    before.set(u);
    [e, eBefore] = [eBefore, e];
  };
  /** row ← row + (J u)ₙ − bₙ − (B z)ₙ */
  const subtractConstraint = (n: number): void => {
    const step = partition.grid.step(n);
    integrator.residual(step, before, u, evolved);
    data.source(step, source);
    readStep(candidate.control, n, z);
    integrator.applyControl(step, z, controlled);
    for (let j = 0; j < row.length; j++) row[j] += evolved[j] - source[j] - controlled[j];
  };
  return (): void => {
    past.start(candidate.state.data);
    past.finish();
    transposed.begin(candidate.adjoint.data);
    before.fill(0);
    eBefore.fill(0);
    if (first > 1) {
      readError(first - 1);
      keep();
    }
    for (let n = first; n <= last; n++) {
      readError(n);
      integrator.residual(partition.grid.step(n), eBefore, e, row);
      subtractConstraint(n);
      writeStep(candidate.state, n, row);
      keep();
    }
  };
}

/** n ↦ (Jᵀλ)ₙ for n ascending from the step before the rank's first one, where there is one. One exchange of a state each way. */
function transposedSteps({ integrator, stateLayout, partition: { grid }, communicator, arena }: SpaceTimeDiscretization) {
  const vector = (): Float64Array => new Float64Array(integrator.stateSize);
  const [multiplier, fromNext, sum] = Array.from({ length: 3 }, vector);
  let [own, ownOfNext] = [vector(), vector()];
  const halo = spaceTimeHalo(stateLayout, communicator, { before: 1, after: 1 }, arena);
  let adjoint: Float64Array = new Float64Array(0);
  let begun = false;
  const residual = (n: number, out: Float64Array): void => {
    halo.read(adjoint, n, multiplier);
    integrator.residualAdjoint(grid.step(n), multiplier, fromNext, out);
  };
  return {
    begin(lambda: Float64Array): void {
      adjoint = lambda;
      begun = false;
      halo.start(adjoint);
      halo.finish();
    },
    at(n: number): Float64Array {
      if (!begun) residual(n, own);
      begun = true;
      if (n === grid.steps) fromNext.fill(0);
      else residual(n + 1, ownOfNext);
      for (let j = 0; j < sum.length; j++) sum[j] = own[j] + fromNext[j];
      [own, ownOfNext] = [ownOfNext, own];
      return sum;
    },
  };
}
