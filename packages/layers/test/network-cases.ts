import { uniformTimeGrid } from "@parakkt/core";
import {
  adjointMgrit,
  denseResidual,
  gatedRecurrent,
  implicitUpdate,
  layerSteps,
  mgrit,
  meanSquare,
  parameterGradients,
  sharedValues,
  timeHierarchy,
  valuesPerStep,
  type Activation,
  type CoarseValues,
  type GatedUpdate,
  type HierarchyOptions,
  type InitialGuess,
  type MgritOptions,
  type ParametrisedStepFunction,
  type TimeHierarchy,
} from "@parakkt/layers";
import { seededRandom } from "@parakkt/testing";

/** Parameters of one dense layer with `width` features: standard normal entries over √width, times `amplitude`. */
export interface WeightEnsemble {
  readonly steps: number;
  readonly width: number;
  readonly seed: number;
  readonly amplitude?: number;
}

const parameterCount = (width: number): number => width * (width + 1);

/** Weights that vary smoothly with depth: A cos πt + B sin πt at the middle of each step, A and B random, t from 0 to 1 over the network. */
export function smoothWeights({ steps, width, seed, amplitude = 1 }: WeightEnsemble): Float64Array[] {
  const random = seededRandom(seed);
  const [A, B] = [random.normalVector(parameterCount(width)), random.normalVector(parameterCount(width))];
  const scale = amplitude / Math.sqrt(width);
  return Array.from({ length: steps }, (_, n) => {
    const angle = (Math.PI * (n + 0.5)) / steps;
    return A.map((a, j) => scale * (a * Math.cos(angle) + B[j] * Math.sin(angle)));
  });
}

/** Weights of every layer drawn for itself: as a network is initialised. */
export function randomWeights({ steps, width, seed, amplitude = 1 }: WeightEnsemble): Float64Array[] {
  const random = seededRandom(seed);
  const scale = amplitude / Math.sqrt(width);
  return Array.from({ length: steps }, () => random.normalVector(parameterCount(width)).map((value) => scale * value));
}

export interface DenseNetwork {
  readonly weights: readonly Float64Array[];
  readonly width: number;
  readonly batch?: number;
  readonly coarse?: CoarseValues;
  readonly activation?: Activation;
}

/** The steps of a dense residual network. */
export function denseNetwork({ weights, width, batch = 4, coarse = "average", activation }: DenseNetwork): ParametrisedStepFunction {
  const layer = denseResidual({ batch, features: width, ...(activation && { activation }) });
  return layerSteps({ layer, parameters: valuesPerStep(weights, coarse) });
}

export interface RecurrentNetwork {
  readonly steps: number;
  readonly features: number;
  readonly seed: number;
  readonly batch?: number;
  readonly update?: GatedUpdate;
}

/** A gated recurrent unit with random shared weights that reads sines; a step of the sequence is a time step of 1. */
export function recurrentNetwork({ steps, features, seed, batch = 3, update = implicitUpdate }: RecurrentNetwork): ParametrisedStepFunction & { readonly theta: Float64Array } {
  const layer = gatedRecurrent({ batch, features, inputs: 2, update });
  const theta = seededRandom(seed)
    .normalVector(layer.parameterSize)
    .map((value) => value / Math.sqrt(features));
  const inputs = Array.from({ length: steps }, (_, n) => Float64Array.from({ length: 2 * batch }, (_, j) => Math.sin(0.1 * (n + 3 * j))));
  return { ...layerSteps({ layer, parameters: sharedValues(theta), inputs: valuesPerStep(inputs, "average") }), theta };
}

/** The hierarchy of N equal steps from 0 to T. */
export function hierarchyOf(steps: number, options: HierarchyOptions & { readonly duration?: number } = {}): TimeHierarchy {
  return timeHierarchy(uniformTimeGrid(options.duration ?? 1, steps), options);
}

/** Standard normal entries. */
export function randomState(size: number, seed = 99): Float64Array {
  return seededRandom(seed).normalVector(size);
}

/** u₀ … u_N by plain stepping, written down once more. */
export function plainStates(hierarchy: TimeHierarchy, stepFunction: Pick<ParametrisedStepFunction, "step">, initialState: Float64Array): Float64Array[] {
  const [level] = hierarchy.levels;
  const states = [initialState];
  for (let n = 1; n <= level.steps; n++) {
    const next = new Float64Array(initialState.length);
    stepFunction.step(level.step(n), states[n - 1], next);
    states.push(next);
  }
  return states;
}

/** ½‖u_N − y‖²/batch from `initialState`, and how its gradient is computed. */
export interface GradientCase {
  readonly hierarchy: TimeHierarchy;
  readonly steps: ParametrisedStepFunction;
  readonly initialState: Float64Array;
  readonly target: Float64Array;
  /** Cycles; a tolerance of zero otherwise. */
  readonly forward: number;
  readonly backward: number;
  readonly adjointGuess?: InitialGuess;
  readonly options?: MgritOptions;
}

/** The gradient for the parameters of every step, one behind the other, and the loss. */
export function lossGradient({ hierarchy, steps, initialState, target, forward: k, backward: m, adjointGuess = "constant", options }: GradientCase): { loss: number; gradient: Float64Array } {
  const forward = mgrit(hierarchy, steps, options);
  const adjoint = adjointMgrit(forward, steps, options);
  const square = meanSquare(4);
  forward.solve({ initialState }, { relativeTolerance: 0, maxIterations: k });
  const last = forward.state(forward.held.last);
  const finalAdjoint = new Float64Array(last.length);
  square.gradient(last, target, finalAdjoint);
  adjoint.solve({ finalAdjoint, guess: adjointGuess }, { relativeTolerance: 0, maxIterations: m });
  const gradient = new Float64Array(hierarchy.levels[0].steps * steps.parameterSize);
  parameterGradients(forward, adjoint, steps)((n, part) => gradient.set(part, (n - 1) * steps.parameterSize));
  return { loss: square.value(last, target), gradient };
}
