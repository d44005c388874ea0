import type { Mgrit } from "../mgrit/mgrit.js";
import type { AdjointMgrit } from "./adjoint-mgrit.js";
import type { ParametrisedStepFunction } from "./differentiable-step-function.js";

/**
 * ∂ℓ/∂θₙ = (∂Φₙ/∂θₙ)ᵀ λₙ of every finest step of this rank, handed to `take` in ascending order (MGR.8): a last pass of its own, in which
 * all layers are independent. The gradient is a buffer that the next call overwrites.
 */
export function parameterGradients(forward: Mgrit, adjoint: AdjointMgrit, stepFunction: ParametrisedStepFunction): (take: (n: number, gradient: Float64Array) => void) => void {
  const gradient = new Float64Array(stepFunction.parameterSize);
  const [{ step }] = forward.hierarchy.levels;
  return (take) => {
    for (let n = forward.held.first; n <= forward.held.last; n++) {
      gradient.fill(0);
      stepFunction.addParameterProduct(step(n), forward.state(n - 1), adjoint.adjoint(n), gradient);
      take(n, gradient);
    }
  };
}
