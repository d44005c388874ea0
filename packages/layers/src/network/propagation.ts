import { heapArena, requireArgument } from "@parakkt/core";
import { adjointMgrit, type AdjointMgrit } from "../adjoint/adjoint-mgrit.js";
import { timeHierarchy, type HierarchyOptions } from "../hierarchy/time-hierarchy.js";
import type { HaltingCriteria, MgritResult } from "../mgrit/halting.js";
import { mgrit, type InitialGuess, type Mgrit, type MgritOptions } from "../mgrit/mgrit.js";
import type { Network } from "./network.js";
import { networkGradient } from "./network-gradient.js";

/** How many levels and ranks, and how they are cycled through. One level is serial propagation. */
export type PropagationOptions = HierarchyOptions & MgritOptions;

/** When a solve ends and what it starts from. */
export interface PropagationSolve extends Partial<HaltingCriteria> {
  readonly guess?: InitialGuess;
}

/** What a network reads: data of a batch for the opening layer and, for layers that read one, a sequence with an element a step. */
export interface NetworkInputs {
  readonly data: Float64Array;
  readonly sequence?: readonly Float64Array[];
}

/** Forward and backward propagation of a batch through a network, parallel across layers. */
export interface Propagation {
  readonly network: Network;
  /** Forward through all layers; sets `outputs`. */
  propagate(inputs: NetworkInputs, solve?: PropagationSolve): MgritResult;
  /** y of the last `propagate`, on all ranks. */
  readonly outputs: Float64Array;
  /** ℓ(y, targets) */
  loss(targets: Float64Array): number;
  /** Backward from the loss, linearised at the states of the last `propagate`; sets `gradient`. */
  backpropagate(targets: Float64Array, solve?: PropagationSolve): MgritResult;
  /** ∂ℓ/∂θ of the last `backpropagate`, in the places of the parameters, on all ranks. Inexact if a solve was. */
  readonly gradient: Float64Array;
  /** The solvers: states, adjoints and counts. */
  readonly forward: Mgrit;
  readonly adjoint: AdjointMgrit;
  dispose(): void;
}

/**
 * Sets up the march of a network's layers and its adjoint. With a communicator, the first rank opens and the last one closes;
 * every rank has all parameters and, in the end, the whole gradient, with the same bits for any number of ranks.
 *
 * Storage: that of two `mgrit` solvers, outputs and gradient.
 */
export function propagation(network: Network, options: PropagationOptions = {}): Propagation {
  const { opening, closing, loss, parameters, grid, steps } = network;
  const { arena = heapArena() } = options;
  const hierarchy = timeHierarchy(grid, options);
  const { rank, size } = hierarchy.communicator;
  const forward = mgrit(hierarchy, steps, { ...options, arena });
  const adjoint = adjointMgrit(forward, steps, { ...options, arena });
  const [initialState, finalAdjoint] = [arena.allocate(opening.outputSize), arena.allocate(closing.inputSize)];
  const [outputs, outputAdjoint] = [arena.allocate(closing.outputSize), arena.allocate(closing.outputSize)];
  const gradient = arena.allocate(parameters.length);
  const { start, size: closingSize } = network.closingPart;
  const closingParameters = parameters.subarray(start, start + closingSize);
  const writeGradient = networkGradient({ network, forward, adjoint, gradient });
  let data: Float64Array | undefined;

  return {
    ...{ network, forward, adjoint, outputs, gradient },
    propagate(inputs, { guess = "constant", ...criteria } = {}) {
      checkData(inputs.data.length, opening.inputSize);
      data = inputs.data;
      if (inputs.sequence) network.setSequence(inputs.sequence);
      if (rank === 0) opening.forward(parameters.subarray(0, opening.parameterSize), data, initialState);
      const result = forward.solve({ initialState, guess }, criteria);
      if (rank === size - 1) closing.forward(closingParameters, forward.state(grid.steps), outputs);
      hierarchy.communicator.broadcast(size - 1, outputs);
      return result;
    },
    loss: (targets) => loss.value(outputs, targets),
    backpropagate(targets, { guess = "constant", ...criteria } = {}) {
      checkPropagated(data);
      loss.gradient(outputs, targets, outputAdjoint);
      if (rank === size - 1) closing.inputProduct(closingParameters, forward.state(grid.steps), outputAdjoint, finalAdjoint);
      const result = adjoint.solve({ finalAdjoint, guess }, criteria);
      writeGradient(data, outputAdjoint);
      return result;
    },
    dispose: () => (options.arena ? undefined : arena.dispose()),
  };
}

function checkData(got: number, size: number): void {
  requireArgument(got === size, () => ({ what: "data of a batch", where: "Propagation.propagate", expected: `${size} entries`, got: String(got) }));
}

function checkPropagated(data: Float64Array | undefined): asserts data is Float64Array {
  requireArgument(data !== undefined, () => ({
    what: "backward propagation",
    where: "Propagation.backpropagate",
    expected: "a forward propagation before it",
    got: "none",
    hint: "Call propagate first.",
  }));
}
