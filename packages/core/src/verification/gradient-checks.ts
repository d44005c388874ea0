import { certify } from "../kkt/certificate.js";
import { reducedFormulation } from "../kkt/reduced-formulation.js";
import { reducedHessian } from "../kkt/reduced-hessian.js";
import type { OptimalControlProblem } from "../problem/optimal-control-problem.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import { length, type TestSpace } from "./operator-checks.js";
import { verdictOn, type VerificationCheck } from "./verification-check.js";

/** z ↦ J_h(u(z), z) (OBJ.1), its gradient by one state and one adjoint integration, and its Hessian H; without the factor v. */
export interface ReducedObjective {
  value(z: Float64Array): number;
  /** A new vector ωW z − Bᵀλ. */
  gradient(z: Float64Array): Float64Array;
  /** A new vector H d. */
  hessian(d: Float64Array): Float64Array;
}

export function reducedObjective(discretization: SpaceTimeDiscretization, problem: OptimalControlProblem, test: TestSpace): ReducedObjective {
  const { iterate, candidate, complete, defect } = reducedFormulation(discretization, problem);
  const hessian = reducedHessian(discretization);
  const moveTo = (z: Float64Array): void => {
    iterate.set(z);
    complete();
  };
  return {
    value(z) {
      moveTo(z);
      return certify(problem, candidate, discretization.communicator).objective.total / (problem.cellVolume ?? 1);
    },
    gradient(z) {
      moveTo(z);
      const [found, gradient] = [defect(), test.zero()];
      for (let i = 0; i < gradient.length; i++) gradient[i] = -found[i];
      return gradient;
    },
    hessian(d) {
      const out = test.zero();
      hessian.apply(d, out);
      return out;
    },
  };
}

/**
 * Steps ε = 1, ¼ … 4⁻⁶ of a direction whose curvature is about the objective itself: the smallest remainder is 6e-8 of it, far from rounding,
 * and shows an error of the slope of some 1e-5.
 */
const QUARTERINGS = 6;

/** The Taylor remainders of objective and gradient. Twelve state and six adjoint integrations. */
export function gradientChecks(objective: ReducedObjective, test: TestSpace): VerificationCheck[] {
  test.recycle();
  const [z, trial] = [test.zero(), test.zero()];
  const value = objective.value(z);
  const d = test.random();
  const curvature = test.space.innerProduct(d, objective.hessian(d));
  const scale = Math.sqrt((2 * value || 1) / Math.abs(curvature));
  for (let i = 0; i < d.length; i++) d[i] *= scale;
  const gradient = objective.gradient(z);
  const hessian = objective.hessian(d);
  return [objectiveToGradient({ objective, z, d, trial, value }, test.space.innerProduct(gradient, d)), gradientToHessian({ objective, z, d, trial, gradient }, hessian, test)];
}

interface Direction {
  readonly objective: ReducedObjective;
  readonly z: Float64Array;
  readonly d: Float64Array;
  /** z + εd */
  readonly trial: Float64Array;
}

function moved({ z, d, trial }: Direction, epsilon: number): Float64Array {
  for (let i = 0; i < trial.length; i++) trial[i] = z[i] + epsilon * d[i];
  return trial;
}

function objectiveToGradient(direction: Direction & { value: number }, slope: number): VerificationCheck {
  const remainders = Array.from({ length: QUARTERINGS + 1 }, (_, k) => {
    const epsilon = 4 ** -k;
    return Math.abs(direction.objective.value(moved(direction, epsilon)) - direction.value - epsilon * slope);
  });
  const orders = remainders.slice(1).map((remainder, k) => Math.log(remainders[k] / remainder) / Math.log(4));
  const defect = Math.max(...orders.map((order) => Math.abs(order - 2)));
  return verdictOn(
    {
      name: "gradient",
      law: "|j(z + εd) − j(z) − ε⟨∇j(z), d⟩| = O(ε²): the order differs from 2 by",
      tolerance: 0.1,
      holds: "the gradient by one adjoint integration is the derivative of the objective",
      points: "the gradient is not the derivative of the objective: a wrong adjoint step, sign, scaling of the control or weight",
    },
    defect,
  );
}

function gradientToHessian(direction: Direction & { gradient: Float64Array }, hessian: Float64Array, test: TestSpace): VerificationCheck {
  const difference = direction.objective.gradient(moved(direction, 1));
  for (let i = 0; i < difference.length; i++) difference[i] -= direction.gradient[i] + hessian[i];
  return verdictOn(
    {
      name: "Hessian",
      law: "∇j(z + d) − ∇j(z) = H d, relative to H d (the objective is quadratic)",
      tolerance: 1e-8,
      holds: "the Hessian is the derivative of the gradient, without remainder",
      points: "the Hessian is not the derivative of the gradient: integrations with and without data differ",
    },
    length(test, difference) / length(test, hessian),
  );
}
