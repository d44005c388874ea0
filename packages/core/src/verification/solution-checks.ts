import { certify } from "../kkt/certificate.js";
import type { OptimalControlSolution } from "../kkt/solve-optimal-control.js";
import { serialCommunicator } from "../parallel/serial-communicator.js";
import type { OptimalControlProblem } from "../problem/optimal-control-problem.js";
import { readStep, writeStep, zeroSpaceTimeVector, type SpaceTimeVector } from "../space-time/space-time-vector.js";
import type { TestSpace } from "./operator-checks.js";
import type { ReducedObjective } from "./gradient-checks.js";
import { verdictOn, type VerificationCheck } from "./verification-check.js";

/** A copy of (u, z, λ) with what the solver says of it. */
export interface KeptSolution extends Pick<OptimalControlSolution, "reason" | "relativeResidual"> {
  readonly state: SpaceTimeVector;
  readonly control: SpaceTimeVector;
  readonly adjoint: SpaceTimeVector;
}

/** The solution apart from the solver's own vectors, which the next solve overwrites. */
export function keepSolution({ state, control, adjoint, reason, relativeResidual }: OptimalControlSolution): KeptSolution {
  return { state: copyOf(state), control: copyOf(control), adjoint: copyOf(adjoint), reason, relativeResidual };
}

function copyOf(vector: SpaceTimeVector): SpaceTimeVector {
  const copy = zeroSpaceTimeVector(vector.layout);
  eachStep(vector, (n, values) => writeStep(copy, n, values));
  return copy;
}

function eachStep(vector: SpaceTimeVector, visit: (step: number, values: Float64Array) => void): void {
  const values = new Float64Array(vector.layout.dofs);
  for (let n = vector.layout.steps.first; n <= vector.layout.steps.last; n++) {
    readStep(vector, n, values);
    visit(n, values);
  }
}

/** (KKT.2) once more from the fields alone, with the plain operators of the problem's integrator. */
export function residualChecks(problem: OptimalControlProblem, solution: KeptSolution, tolerance: number): VerificationCheck[] {
  const { relativeResidual } = certify(problem, solution, serialCommunicator());
  const converged = verdictOn(
    {
      name: "relative KKT residual",
      law: "‖r − K x‖/‖r‖, recomputed from (u, z, λ) with the plain operators",
      tolerance,
      holds: "the solution solves the optimality system",
      points: `the solver ended ${solution.reason.kind === "converged" ? "as converged, and is not" : `by ${solution.reason.by}`}`,
    },
    relativeResidual,
  );
  const agreement = verdictOn(
    {
      name: "reported residual",
      law: "|reported − recomputed| relative to the tolerance",
      tolerance: 0.01,
      holds: "the solver reports the residual that its solution has",
      points: "the solver's own certificate and the plain operators disagree: a fast kernel computes another operator than the integrator",
    },
    Math.abs(solution.relativeResidual - relativeResidual) / Math.max(tolerance, Number.EPSILON),
  );
  return [converged, agreement];
}

/** What the certificate of optimality is measured with. */
export interface OptimalityBench {
  readonly problem: OptimalControlProblem;
  readonly objective: ReducedObjective;
  readonly test: TestSpace;
}

/**
 * j is strongly convex with constant ω in ‖z‖² = Σ τₙ‖zₙ‖², so that any control is within ‖∇j(z)‖/ω of the optimal one, ∇j the gradient in the same norm.
 * The optimal one is not known: two solutions must be no farther apart than both bounds together.
 */
export function optimalityCheck(bench: OptimalityBench, solution: KeptSolution, closer: KeptSolution): VerificationCheck {
  bench.test.recycle();
  const [first, second] = [solution, closer].map(({ control }) => boundOf(bench, control));
  const distance = weightedDistance(bench, solution.control, closer.control);
  const size = weightedDistance(bench, closer.control, zeroSpaceTimeVector(closer.control.layout)) || 1;
  const bound = first + second;
  const rounding = 1e-12 * size;
  const digits = (value: number): string => value.toExponential(1);
  return verdictOn(
    {
      name: "optimality of the control",
      law: "‖z − z*‖ ≤ ‖∇j(z)‖/ω, tried with a control of a hundredth of the tolerance: distance over both bounds",
      tolerance: 1,
      holds: `the control is within ${digits(first / size)} of the optimal one, relative to its size`,
      points: "the control is farther from the optimum than its gradient allows: gradient, regularization or weights are wrong",
    },
    distance / (bound + rounding),
  );
}

/** ‖∇j(z)‖/ω of a control on any storage order. */
function boundOf({ problem, objective, test }: OptimalityBench, control: SpaceTimeVector): number {
  const z = test.zero();
  const [series] = test.series(z);
  eachStep(control, (n, values) => writeStep(series, n, values));
  const [gradient] = test.series(objective.gradient(z));
  let squares = 0;
  // The gradient in the weighted norm is W⁻¹ times that of the entries.
  eachStep(gradient, (n, values) => (squares += sumOfSquares(values) / problem.grid.step(n).size));
  return Math.sqrt(squares) / problem.regularization;
}

function weightedDistance({ problem }: OptimalityBench, a: SpaceTimeVector, b: SpaceTimeVector): number {
  const other = new Float64Array(b.layout.dofs);
  let squares = 0;
  eachStep(a, (n, values) => {
    readStep(b, n, other);
    squares += problem.grid.step(n).size * sumOfSquares(values.map((value, j) => value - other[j]));
  });
  return Math.sqrt(squares);
}

function sumOfSquares(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}

/** The same evidence when solved again: a check, or the solve before, left something behind otherwise. */
export function repetitionCheck(first: KeptSolution, again: KeptSolution): VerificationCheck {
  let changed = 0;
  for (const field of ["state", "control", "adjoint"] as const) {
    const other = new Float64Array(again[field].layout.dofs);
    eachStep(first[field], (n, values) => {
      readStep(again[field], n, other);
      for (let j = 0; j < values.length; j++) if (!Object.is(values[j], other[j])) changed++;
    });
  }
  return verdictOn(
    {
      name: "repetition",
      law: "solved again after all checks: entries with other bits",
      tolerance: 0,
      holds: "the same bits: nothing was changed by solving or checking",
      points: "the solver keeps something from one solve to the next",
    },
    changed,
  );
}

