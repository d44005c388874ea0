import type { LinearOperator } from "../linalg/linear-operator.js";
import type { FormulationFactory } from "./formulation.js";
import { kktSystem } from "./kkt-system.js";
import { kktFields, type KktFields } from "./kkt-vector.js";
import { kktRightHandSide } from "./kkt-right-hand-side.js";
import { blockScales, type BlockScales } from "./row-scales.js";
import { zeroIterate } from "./zero-iterate.js";

/**
 * K̂ x̂ = E r, K̂ = E K E: (KKT.1) with time in units of its duration and the control scaled to match (`blockScales`), so that the
 * iteration does not depend on units. With T = s = 1 it is K x = r as it stands.
 *
 * Storage, with S and Z the doubles of a state and a control series: five KKT vectors, 2S + Z each, and the S + Z of K.
 */
export const fullSpaceFormulation: FormulationFactory = (discretization, problem) => {
  const { arena, stateLayout, controlLayout } = discretization;
  const system = kktSystem(discretization);
  const scales = blockScales(discretization.partition.grid, discretization.integrator);
  const inverse = { state: 1 / scales.state, control: 1 / scales.control, adjoint: 1 / scales.adjoint };
  const iterate = zeroIterate(arena, system.rows);
  const [scaledInput, scaledOutput, rhs, solution] = Array.from({ length: 4 }, () => arena.allocate(system.rows));
  const scaled = (factors: BlockScales, x: Float64Array, out: Float64Array): void => {
    const [from, to] = [kktFields(discretization, x), kktFields(discretization, out)];
    for (const field of ["state", "control", "adjoint"] as const) scaleInto(factors[field], from[field], to[field]);
  };
  /** out ← D A D x */
  const between = (factors: BlockScales, apply: LinearOperator["apply"]): LinearOperator["apply"] => (x, out) => {
    scaled(factors, x, scaledInput);
    apply(scaledInput, scaledOutput);
    scaled(factors, scaledOutput, out);
  };
  const apply = between(scales, system.apply);
  const fieldsOf = ({ state, control, adjoint }: KktFields) => [
    { layout: stateLayout, data: state },
    { layout: controlLayout, data: control },
    { layout: stateLayout, data: adjoint },
  ];
  const [state, control, adjoint] = fieldsOf(kktFields(discretization, solution));
  return {
    name: "full-space",
    operator: { rows: system.rows, cols: system.cols, symmetric: true, apply, applyTranspose: apply },
    space: system.space,
    iterate,
    candidate: { state, control, adjoint },
    series: (x) => fieldsOf(kktFields(discretization, x)),
    precondition: (preconditioner) => ({ ...preconditioner, apply: between(inverse, preconditioner.apply) }),
    reset() {
      iterate.fill(0);
      solution.fill(0);
    },
    defect() {
      kktRightHandSide(discretization, problem, rhs);
      system.apply(solution, scaledInput);
      for (let i = 0; i < rhs.length; i++) rhs[i] -= scaledInput[i];
      scaled(scales, rhs, rhs);
      return rhs;
    },
    complete: () => scaled(scales, iterate, solution),
  };
};

/** out ← α x */
function scaleInto(alpha: number, x: Float64Array, out: Float64Array): void {
  if (alpha === 1) out.set(x);
  else for (let i = 0; i < x.length; i++) out[i] = alpha * x[i];
}
