import { requireArgument } from "../errors.js";
import { heapArena } from "../linalg/arena.js";
import { serialCommunicator } from "../parallel/serial-communicator.js";
import { checkProblem } from "../problem/optimal-control-problem.js";
import type { HeatProblem } from "../problem/heat-problem.js";
import { laplacianEigenvalues, sineTransform } from "../space/sine-transform.js";
import { spaceTimeDiscretization, type SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import { timePartition } from "../time/time-partition.js";
import { kktSystem } from "./kkt-system.js";
import { kktFields, type KktFields } from "./kkt-vector.js";
import { objectiveValue } from "./objective.js";
import { kktRightHandSide, problemData } from "./problem-data.js";
import type { OptimalControlSolution } from "./solve-optimal-control.js";

/**
 * The optimal control of a heat problem with constant diffusivity without iteration: a sine transform in space, one symmetric
 * tridiagonal system in time per spatial mode (SCH.2), and back. Independent of ω; steps may be unequal.
 *
 * Three transforms a step and O(N) work a mode. Errors: `InvalidArgumentError` for a variable diffusivity.
 * The result is judged by (KKT.2) against `relativeTolerance` like that of any other formulation.
 */
export function solveDirect(problem: HeatProblem, { relativeTolerance }: { relativeTolerance: number }): OptimalControlSolution {
  checkProblem(problem);
  const diffusivity = requireConstantDiffusivity(problem);
  const discretization = wholeInterval(problem);
  const { stateLayout, controlLayout } = discretization;
  const system = kktSystem(discretization);
  const data = problemData(problem, discretization);
  const solution = new Float64Array(system.rows);
  const kktRhs = new Float64Array(system.rows);
  kktRightHandSide(discretization, data, kktRhs);

  const fields = kktFields(discretization, solution);
  const { integrator, regularization } = problem;
  const spectral: SpectralProblem = {
    eigenvalues: laplacianEigenvalues(problem.space, diffusivity),
    sizes: Float64Array.from({ length: problem.grid.steps }, (_, k) => problem.grid.step(k + 1).size),
    controlScale: integrator.controlScale,
    regularization,
  };
  solveInSineBasis(problem, spectral, { fields, data });

  const relativeResidual = system.relativeResidual(solution, kktRhs, new Float64Array(system.rows));
  return {
    state: { layout: stateLayout, data: fields.state },
    control: { layout: controlLayout, data: fields.control },
    adjoint: { layout: stateLayout, data: fields.adjoint },
    target: { layout: stateLayout, data: data.target },
    reason: relativeResidual <= relativeTolerance ? { kind: "converged", by: "direct" } : { kind: "stopped", by: "attainable-accuracy" },
    iterations: 0,
    residualNorms: [],
    relativeResidual,
    objective: objectiveValue(discretization)(fields, { target: data.target, cellVolume: problem.cellVolume }),
    counts: { spatialSolves: 0, operatorApplications: 0, preconditionerApplications: 0, innerProducts: 0, reductions: 0, messages: 0 },
  };
}

function requireConstantDiffusivity({ operator }: HeatProblem): number {
  requireArgument(operator.constantDiffusivity !== undefined, () => ({
    what: "diffusivity",
    where: "solveDirect",
    expected: "a constant, so that sine transforms diagonalise the operator",
    got: "one that varies in space",
    hint: "Use the schur formulation with the two-level preconditioner.",
  }));
  return operator.constantDiffusivity;
}

/** One subdomain, so that vectors are [step][dof]. */
function wholeInterval(problem: HeatProblem): SpaceTimeDiscretization {
  const { integrator, regularization, grid } = problem;
  return spaceTimeDiscretization({ integrator, regularization, partition: timePartition(grid, 1, 0), communicator: serialCommunicator(), arena: heapArena() });
}

interface SpectralProblem {
  /** µ of each mode */
  readonly eigenvalues: Float64Array;
  /** τₙ */
  readonly sizes: Float64Array;
  readonly controlScale: number;
  readonly regularization: number;
}

interface SpectralFields {
  readonly fields: KktFields;
  readonly data: { readonly target: Float64Array; readonly source: Float64Array };
}

/** Fills u, z, λ. `data.source` serves as work space; ũ passes through the state, b̂ stays in `source`. */
function solveInSineBasis(problem: HeatProblem, spectral: SpectralProblem, { fields, data }: SpectralFields): void {
  const { state, control, adjoint } = fields;
  const { regularization, controlScale } = spectral;
  const transform = transformSteps(problem);
  state.set(data.target);
  transform(state);
  transform(data.source);
  schurRightHandSide(spectral, { target: state, source: data.source }, adjoint);
  solveTridiagonal(spectral, adjoint, control);
  for (let i = 0; i < control.length; i++) control[i] = (controlScale / regularization) * adjoint[i];
  integrateState(spectral, { control, source: data.source }, state);
  for (const field of [state, control, adjoint]) transform(field);
}

function transformSteps({ space }: HeatProblem): (x: Float64Array) => void {
  const transform = sineTransform(space);
  return (x) => {
    for (let begin = 0; begin < x.length; begin += space.size) {
      const step = x.subarray(begin, begin + space.size);
      transform.apply(step, step);
    }
  };
}

/** rhs ← J ũ − b in the sine basis: (1 + τₖµ) ũₖ − ũₖ₋₁ − bₖ */
function schurRightHandSide({ eigenvalues, sizes }: SpectralProblem, { target, source }: { target: Float64Array; source: Float64Array }, rhs: Float64Array): void {
  const modes = eigenvalues.length;
  for (let k = 0, i = 0; k < sizes.length; k++) {
    for (let q = 0; q < modes; q++, i++) {
      const previous = k > 0 ? target[i - modes] : 0;
      rhs[i] = (1 + sizes[k] * eigenvalues[q]) * target[i] - previous - source[i];
    }
  }
}

/**
 * x ← S⁻¹ x for every mode at once, S = J W⁻¹ Jᵀ + s² W/ω tridiagonal in time: with eₖ = 1 + τₖµ
 * diagonal eₖ²/τₖ + 1/τₖ₋₁ + s²τₖ/ω (no 1/τₖ₋₁ at k = 1), below it −eₖ₋₁/τₖ₋₁. LDLᵀ without pivoting; `pivots` is work space.
 */
function solveTridiagonal({ eigenvalues, sizes, controlScale, regularization }: SpectralProblem, x: Float64Array, pivots: Float64Array): void {
  const modes = eigenvalues.length;
  const coupling = (k: number, q: number): number => (1 + sizes[k] * eigenvalues[q]) / sizes[k];
  for (let k = 0, i = 0; k < sizes.length; k++) {
    const reaction = (controlScale ** 2 * sizes[k]) / regularization;
    for (let q = 0; q < modes; q++, i++) {
      const e = 1 + sizes[k] * eigenvalues[q];
      let pivot = (e * e) / sizes[k] + reaction;
      if (k > 0) {
        const factor = coupling(k - 1, q) / pivots[i - modes];
        pivot += 1 / sizes[k - 1] - factor * coupling(k - 1, q);
        x[i] += factor * x[i - modes];
      }
      pivots[i] = pivot;
    }
  }
  for (let k = sizes.length - 1, i = x.length - 1; k >= 0; k--) {
    for (let q = modes - 1; q >= 0; q--, i--) {
      const next = k + 1 < sizes.length ? coupling(k, q) * x[i + modes] : 0;
      x[i] = (x[i] + next) / pivots[i];
    }
  }
}

/** state ← J⁻¹ (B z + b) in the sine basis: uₖ = (uₖ₋₁ + s τₖ zₖ + bₖ)/(1 + τₖµ) */
function integrateState({ eigenvalues, sizes, controlScale }: SpectralProblem, { control, source }: { control: Float64Array; source: Float64Array }, state: Float64Array): void {
  const modes = eigenvalues.length;
  for (let k = 0, i = 0; k < sizes.length; k++) {
    for (let q = 0; q < modes; q++, i++) {
      const previous = k > 0 ? state[i - modes] : 0;
      state[i] = (previous + controlScale * sizes[k] * control[i] + source[i]) / (1 + sizes[k] * eigenvalues[q]);
    }
  }
}
