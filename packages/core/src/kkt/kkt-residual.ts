import { heapArena } from "../linalg/arena.js";
import type { Communicator } from "../parallel/communicator.js";
import type { OptimalControlProblem } from "../problem/optimal-control-problem.js";
import { spaceTimeHalo } from "../space-time/space-time-halo.js";
import { rankInvariantSums } from "../space-time/space-time-space.js";
import { readStep, type SpaceTimeVector } from "../space-time/space-time-vector.js";

/** A candidate solution of (KKT.1). */
export interface KktCandidate {
  readonly state: SpaceTimeVector;
  readonly control: SpaceTimeVector;
  readonly adjoint: SpaceTimeVector;
}

/** ‖K x − r‖₂, ‖r‖₂ and their quotient (KKT.2). */
export interface KktResidual {
  readonly residualNorm: number;
  readonly rhsNorm: number;
  readonly relative: number;
}

/**
 * The residual of (KKT.1) straight from the problem's own data and integrator, one time step after the other:
 * no series is held beside the candidate. One residual, one adjoint residual and the data of each step, twice the latter.
 */
export function kktResidual(problem: OptimalControlProblem, candidate: KktCandidate, communicator: Communicator): KktResidual {
  const residualOf = squaredResidual(problem, candidate, communicator);
  const rhsOf = squaredRhs(problem);
  const sums = new Float64Array(2);
  rankInvariantSums(candidate.state.layout, communicator)(sums, (i, n) => (i === 0 ? residualOf(n) : rhsOf(n)));
  const [residualNorm, rhsNorm] = [Math.sqrt(sums[0]), Math.sqrt(sums[1])];
  return { residualNorm, rhsNorm, relative: residualNorm / (rhsNorm || 1) };
}

type OfStep = (n: number) => number;

/** n ↦ the squared norm of the three rows of step n. */
function squaredResidual(problem: OptimalControlProblem, { state, control, adjoint }: KktCandidate, communicator: Communicator): OfStep {
  const { grid, integrator, regularization } = problem;
  const arena = heapArena();
  const past = spaceTimeHalo(state.layout, communicator, { before: 1, after: 0 }, arena);
  const future = spaceTimeHalo(adjoint.layout, communicator, { before: 0, after: 1 }, arena);
  for (const [halo, { data }] of [[past, state], [future, adjoint]] as const) {
    halo.start(data);
    halo.finish();
  }
  const forcingOf = forcing(problem);
  const [u, previous, target, row, lambda, unused, fromNext] = stateVectors(integrator.stateSize, 7);
  const [z, observed] = stateVectors(integrator.controlSize, 2);

  /** ‖τ(u − ũ) + Lᵀλₙ − Rₙ₊₁ᵀλₙ₊₁‖² */
  const stateRow: OfStep = (n) => {
    fromNext.fill(0);
    if (n < grid.steps) {
      future.read(adjoint.data, n + 1, lambda);
      integrator.residualAdjoint(grid.step(n + 1), lambda, fromNext, unused);
    }
    readStep(adjoint, n, lambda);
    integrator.residualAdjoint(grid.step(n), lambda, unused, row);
    problem.target(grid.step(n), target);
    for (let j = 0; j < row.length; j++) row[j] += fromNext[j] + grid.step(n).size * (u[j] - target[j]);
    return squaredNorm(row);
  };
  /** ‖ωτ z − Bᵀλ‖² */
  const controlRow: OfStep = (n) => {
    integrator.applyControlAdjoint(grid.step(n), lambda, observed);
    for (let j = 0; j < observed.length; j++) observed[j] = regularization * grid.step(n).size * z[j] - observed[j];
    return squaredNorm(observed);
  };
  /** ‖Lₙuₙ − Rₙuₙ₋₁ − Bₙzₙ − fₙ‖² */
  const constraintRow: OfStep = (n) => {
    if (n === 1) previous.set(problem.initialState);
    else past.read(state.data, n - 1, previous);
    integrator.residual(grid.step(n), previous, u, row);
    integrator.applyControl(grid.step(n), z, unused);
    const f = forcingOf(n);
    for (let j = 0; j < row.length; j++) row[j] -= unused[j] + f[j];
    return squaredNorm(row);
  };
  return (n) => {
    readStep(state, n, u);
    readStep(control, n, z);
    return stateRow(n) + controlRow(n) + constraintRow(n);
  };
}

/** n ↦ ‖τũₙ‖² + ‖bₙ‖², b₁ = R₁u₀ + f₁, bₙ = fₙ. */
function squaredRhs(problem: OptimalControlProblem): OfStep {
  const { grid, integrator, initialState } = problem;
  const forcingOf = forcing(problem);
  const [target, zero, negative] = stateVectors(integrator.stateSize, 3);
  return (n) => {
    const { size } = grid.step(n);
    problem.target(grid.step(n), target);
    const source = forcingOf(n);
    if (n === 1) {
      integrator.residual(grid.step(1), initialState, zero, negative);
      for (let j = 0; j < source.length; j++) source[j] -= negative[j];
    }
    return size * size * squaredNorm(target) + squaredNorm(source);
  };
}

/** n ↦ fₙ, in a vector of its own. */
function forcing(problem: OptimalControlProblem): (n: number) => Float64Array {
  const [values] = stateVectors(problem.integrator.stateSize, 1);
  return (n) => {
    values.fill(0);
    problem.forcing?.(problem.grid.step(n), values);
    return values;
  };
}

function stateVectors(size: number, count: number): Float64Array[] {
  return Array.from({ length: count }, () => new Float64Array(size));
}

function squaredNorm(x: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < x.length; j++) sum += x[j] * x[j];
  return sum;
}
