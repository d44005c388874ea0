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
  const rows = stepRows(problem, candidate, communicator);
  const sums = new Float64Array(2);
  rankInvariantSums(candidate.state.layout, communicator)(sums, (i, n) => (i === 0 ? rows.squaredResidual(n) : rows.squaredRhs(n)));
  const [residualNorm, rhsNorm] = [Math.sqrt(sums[0]), Math.sqrt(sums[1])];
  return { residualNorm, rhsNorm, relative: residualNorm / (rhsNorm || 1) };
}

function stepRows(problem: OptimalControlProblem, { state, control, adjoint }: KktCandidate, communicator: Communicator) {
  const { grid, integrator, regularization } = problem;
  const arena = heapArena();
  const past = spaceTimeHalo(state.layout, communicator, { before: 1, after: 0 }, arena);
  const future = spaceTimeHalo(adjoint.layout, communicator, { before: 0, after: 1 }, arena);
  past.start(state.data);
  past.finish();
  future.start(adjoint.data);
  future.finish();
  const stateVector = (): Float64Array => new Float64Array(integrator.stateSize);
  const controlVector = (): Float64Array => new Float64Array(integrator.controlSize);
  const [u, previous, target, forcing, row, lambda, unused, fromNext] = Array.from({ length: 8 }, stateVector);
  const [z, observed] = [controlVector(), controlVector()];

  const readPrevious = (n: number): void => {
    if (n === 1) previous.set(problem.initialState);
    else past.read(state.data, n - 1, previous);
  };
  const readForcing = (n: number): void => {
    forcing.fill(0);
    problem.forcing?.(grid.step(n), forcing);
  };
  /** ‖τ(u − ũ) + Lᵀλₙ − Rₙ₊₁ᵀλₙ₊₁‖² */
  const stateRow = (n: number): number => {
    const { size } = grid.step(n);
    fromNext.fill(0);
    if (n < grid.steps) {
      future.read(adjoint.data, n + 1, lambda);
      integrator.residualAdjoint(grid.step(n + 1), lambda, fromNext, unused);
    }
    readStep(adjoint, n, lambda);
    integrator.residualAdjoint(grid.step(n), lambda, unused, row);
    problem.target(grid.step(n), target);
    for (let j = 0; j < row.length; j++) row[j] += fromNext[j] + size * (u[j] - target[j]);
    return squaredNorm(row);
  };
  /** ‖ωτ z − Bᵀλ‖² */
  const controlRow = (n: number): number => {
    integrator.applyControlAdjoint(grid.step(n), lambda, observed);
    for (let j = 0; j < observed.length; j++) observed[j] = regularization * grid.step(n).size * z[j] - observed[j];
    return squaredNorm(observed);
  };
  /** ‖Lₙuₙ − Rₙuₙ₋₁ − Bₙzₙ − fₙ‖² */
  const constraintRow = (n: number): number => {
    readPrevious(n);
    integrator.residual(grid.step(n), previous, u, row);
    integrator.applyControl(grid.step(n), z, unused);
    readForcing(n);
    for (let j = 0; j < row.length; j++) row[j] -= unused[j] + forcing[j];
    return squaredNorm(row);
  };
  return {
    squaredResidual(n: number): number {
      readStep(state, n, u);
      readStep(control, n, z);
      return stateRow(n) + controlRow(n) + constraintRow(n);
    },
    /** ‖τũ‖² + ‖b‖², b₁ = R₁u₀ + f₁ */
    squaredRhs(n: number): number {
      const { size } = grid.step(n);
      problem.target(grid.step(n), target);
      readForcing(n);
      if (n === 1) {
        integrator.residual(grid.step(1), problem.initialState, u.fill(0), row);
        for (let j = 0; j < row.length; j++) forcing[j] -= row[j];
      }
      return size * size * squaredNorm(target) + squaredNorm(forcing);
    },
  };
}

function squaredNorm(x: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < x.length; j++) sum += x[j] * x[j];
  return sum;
}
