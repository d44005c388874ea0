import { requireArgument } from "../errors.js";
import type { Communicator } from "../parallel/communicator.js";
import { serialCommunicator } from "../parallel/serial-communicator.js";
import { checkProblem } from "../problem/optimal-control-problem.js";
import type { HeatProblem } from "../problem/heat-problem.js";
import { computedVector, readStep, type SpaceTimeVector } from "../space-time/space-time-vector.js";
import type { StopReason } from "../krylov/krylov-method.js";
import { certify } from "./certificate.js";
import type { Certificate } from "./certificate-sums.js";
import { modalSolver } from "./direct-modal-solver.js";
import { stepwiseData } from "./stepwise-data.js";
import { targetOf, type OptimalControlSolution } from "./solve-optimal-control.js";

/**
 * The optimal control of a heat problem with constant diffusivity without iteration: a sine transform in space, one symmetric
 * tridiagonal system in time per spatial mode (SCH.2), and back. Independent of ω; steps may be unequal.
 *
 * Three transforms a step and O(N) work a mode, in place; several ranks transpose between steps and modes by four all-to-alls. Errors: `InvalidArgumentError` for a variable diffusivity.
 * The result is judged by (KKT.2) against `relativeTolerance` like that of any other formulation.
 *
 * Storage: u and z, and a few single states. λ = (ω/s) z and the target, evaluated once more, become arrays when their `data` is first
 * asked for (docs/decisions/0008).
 */
export function solveDirect(problem: HeatProblem, tolerances: DirectTolerances, communicator: Communicator = serialCommunicator()): OptimalControlSolution {
  checkProblem(problem);
  const [messagesBefore, bytesBefore] = [communicator.messages, communicator.bytes];
  const solver = modalSolver(problem, requireConstantDiffusivity(problem), { communicator });
  const data = stepwiseData(problem);
  solver.load(data);
  solver.solve();
  const { state, control } = solver;
  const adjoint = adjointOf(control, problem);
  const certificate = certify(problem, { state, control, adjoint }, communicator);
  const { relativeResidual, objective } = certificate;
  return {
    state,
    control,
    adjoint,
    target: targetOf(problem, state.layout),
    reason: judge(certificate, tolerances),
    iterations: 0,
    residualNorms: [],
    relativeResidual,
    objective,
    projection: { symmetric: true, columns: [] },
    counts: { spatialSolves: 0, operatorApplications: 0, preconditionerApplications: 0, innerProducts: 0, reductions: 0, messages: communicator.messages - messagesBefore, bytes: communicator.bytes - bytesBefore },
  };
}

/** When the relative residual (KKT.2), or the residual itself, is small enough. */
export interface DirectTolerances {
  readonly relativeTolerance: number;
  /** Default 0. */
  readonly absoluteTolerance?: number;
}

function judge({ relativeResidual, residualNorm }: Certificate, { relativeTolerance, absoluteTolerance = 0 }: DirectTolerances): StopReason {
  if (!Number.isFinite(relativeResidual)) {
    return { kind: "failed", by: "non-finite", iteration: 0, evidence: "the direct solution or its residual is not finite: the data overflow" };
  }
  const reached = relativeResidual <= relativeTolerance || residualNorm <= absoluteTolerance;
  return reached ? { kind: "converged", by: "direct" } : { kind: "stopped", by: "attainable-accuracy" };
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

/** λ = (ω/s) z */
function adjointOf(control: SpaceTimeVector, { regularization, integrator }: HeatProblem): SpaceTimeVector {
  return computedVector(control.layout, (step, out) => {
    readStep(control, step, out);
    for (let j = 0; j < out.length; j++) out[j] *= regularization / integrator.controlScale;
  });
}
