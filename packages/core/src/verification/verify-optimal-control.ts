import { solverParts, type OptimalControlSolver, type SolveOptions, type SolverParts } from "../kkt/solve-optimal-control.js";
import { timeIntegration } from "../kkt/time-integration.js";
import { checkTimeIntegrator } from "../integrators/integrator-checks.js";
import { seededRandom } from "../linalg/seeded-random.js";
import type { OptimalControlProblem } from "../problem/optimal-control-problem.js";
import { gradientChecks, reducedObjective } from "./gradient-checks.js";
import { adjointIdentity, IDENTITY_TOLERANCE, inverseIdentity, type TestSpace } from "./operator-checks.js";
import { preconditionerChecks } from "./preconditioner-checks.js";
import { keepSolution, optimalityCheck, repetitionCheck, residualChecks } from "./solution-checks.js";
import { testSpace } from "./test-spaces.js";
import { verdictOn, type VerificationCheck } from "./verification-check.js";

export interface VerificationOptions {
  /** Seed of the random test vectors; default 1. */
  readonly seed?: number;
  /** Rounding of one application of the preconditioner; default 1e-10, larger where it computes in single precision. */
  readonly preconditionerTolerance?: number;
  /** Relative residual that spatial solves may leave; default 1e-10. */
  readonly solveTolerance?: number;
}

/**
 * Operators, gradient, Hessian and preconditioner of a problem, as the options would have them solved: every A used against its Aᵀ, Taylor
 * remainders, symmetry and definiteness. The integrator is put through `checkTimeIntegrator` at its first step.
 *
 * A law that fails is reported, never thrown. Cost: some forty integrations and twenty applications of operator and preconditioner.
 */
export function verifyDiscretization(problem: OptimalControlProblem, options: SolveOptions, verification: VerificationOptions = {}): VerificationCheck[] {
  const parts = solverParts(problem, options);
  const { discretization, formulation, preconditioner } = parts;
  const spaces = testSpaces(parts, seededRandom(verification.seed ?? 1).normal);
  const { solveTolerance = 1e-10, preconditionerTolerance = IDENTITY_TOLERANCE } = verification;
  const sweep = timeIntegration(discretization);
  const checks = [
    ...integratorChecks(problem, verification),
    adjointIdentity({ name: "J", operator: discretization.jacobian, domain: spaces.state, range: spaces.state }),
    adjointIdentity({ name: "B", operator: discretization.control, domain: spaces.control, range: spaces.state }),
    adjointIdentity({ name: "J⁻¹", operator: inPlace(sweep), domain: spaces.state, range: spaces.state }),
    inverseIdentity("J", { apply: discretization.jacobian.apply, solve: sweep.forward, test: spaces.state, tolerance: 100 * solveTolerance }),
    adjointIdentity({ name: OPERATORS[formulation.name], operator: formulation.operator, domain: spaces.iterate, range: spaces.iterate }),
    ...gradientChecks(reducedObjective(discretization, problem, spaces.control), spaces.control),
    ...preconditionerChecks(preconditioner, { test: spaces.iterate, tolerance: preconditionerTolerance }),
  ];
  parts.arena.dispose();
  return checks;
}

const OPERATORS = { schur: "S", "full-space": "K", reduced: "H" };

function testSpaces({ discretization, formulation }: SolverParts, random: () => number): Record<"state" | "control" | "iterate", TestSpace> {
  const { stateLayout, controlLayout, stateSpace, controlSpace } = discretization;
  return {
    state: testSpace(stateSpace, (data) => [{ layout: stateLayout, data }], discretization, random),
    control: testSpace(controlSpace, (data) => [{ layout: controlLayout, data }], discretization, random),
    iterate: testSpace(formulation.space, formulation.series, discretization, random),
  };
}

function inPlace({ forward, adjoint }: { forward(x: Float64Array): void; adjoint(x: Float64Array): void }) {
  const through = (sweep: (x: Float64Array) => void) => (x: Float64Array, out: Float64Array) => {
    out.set(x);
    sweep(out);
  };
  return { apply: through(forward), applyTranspose: through(adjoint) };
}

function integratorChecks({ grid, integrator }: OptimalControlProblem, { seed = 1, solveTolerance = 1e-10 }: VerificationOptions): VerificationCheck[] {
  const { uniform } = seededRandom(seed);
  const checks = checkTimeIntegrator(integrator, { step: grid.step(1), random: () => 2 * uniform() - 1, solveTolerance });
  return checks.map(({ law, figure, tolerance }) =>
    verdictOn({ name: `integrator ${integrator.name}`, law, tolerance, holds: "holds for random vectors", points: "the integrator breaks this law: see the formula" }, figure),
  );
}

/** Where the solution comes from and what it is judged by. */
export interface VerifiedSolve {
  /** The problem in the terms that the solution is in. */
  readonly problem: OptimalControlProblem;
  /** How integrations are done for the gradient. */
  readonly options: Omit<SolveOptions, "preconditioner">;
  /** A new solver of the configured kind with the given relative tolerance. */
  readonly solver: (relativeTolerance: number) => Pick<OptimalControlSolver, "solve">;
  readonly relativeTolerance: number;
}

/** Below this a relative residual is rounding error. */
const SMALLEST_TOLERANCE = 1e-12;

/** The solution: its residual recomputed, its distance from the optimum, and the same bits when solved again. Three solves. */
export function verifySolution({ problem, options, solver, relativeTolerance }: VerifiedSolve): VerificationCheck[] {
  const configured = solver(relativeTolerance);
  const solution = keepSolution(configured.solve());
  const closer = keepSolution(solver(Math.max(SMALLEST_TOLERANCE, relativeTolerance / 100)).solve());
  const parts = solverParts(problem, options);
  const test = testSpaces(parts, () => 0).control;
  const objective = reducedObjective(parts.discretization, problem, test);
  const checks = [...residualChecks(problem, solution, relativeTolerance), optimalityCheck({ problem, objective, test }, solution, closer)];
  parts.arena.dispose();
  return [...checks, repetitionCheck(solution, keepSolution(configured.solve()))];
}
