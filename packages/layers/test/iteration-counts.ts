import { mgrit, stepFunctionPerLevel, type CoarseValues, type HierarchyOptions, type MgritOptions, type StepFunction } from "@parakkt/layers";
import { denseNetwork, hierarchyOf, randomState, randomWeights, smoothWeights } from "./network-cases.js";

/** A dense residual network of width 16 with tanh, on the time interval from 0 to `duration`. */
export interface CountCase extends HierarchyOptions {
  readonly steps: number;
  readonly weights: "smooth" | "random";
  readonly duration: number;
  readonly coarse?: CoarseValues;
  readonly options?: MgritOptions;
  /** A coarse step that does nothing (negative control). */
  readonly uselessCoarse?: boolean;
}

export interface Convergence {
  /** Cycles to ‖r‖ ≤ 1e-10 ‖r₀‖ from constant states. */
  readonly cycles: number;
  /** Geometric mean of ‖r_k‖/‖r_{k−1}‖ over these cycles. */
  readonly factor: number;
}

const width = 16;

export function convergence({ steps, weights, duration, coarse = "average", options, uselessCoarse = false, ...levels }: CountCase): Convergence {
  const ensemble = weights === "smooth" ? smoothWeights : randomWeights;
  const network = denseNetwork({ weights: ensemble({ steps, width, seed: 7 }), width, coarse });
  const useless: StepFunction = { stateSize: network.stateSize, step: (_at, state, next) => next.set(state) };
  const solver = mgrit(hierarchyOf(steps, { levels: 2, ...levels, duration }), uselessCoarse ? stepFunctionPerLevel([network, useless]) : network, options);
  const { residualNorms, iterations } = solver.solve({ initialState: randomState(network.stateSize) }, { relativeTolerance: 1e-10, maxIterations: 40 });
  return { cycles: iterations, factor: (residualNorms[iterations] / residualNorms[0]) ** (1 / iterations) };
}
