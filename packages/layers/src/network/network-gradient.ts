import { heapArena, serialCommunicator, type StepRange } from "@parakkt/core";
import type { AdjointMgrit } from "../adjoint/adjoint-mgrit.js";
import { parameterGradients } from "../adjoint/parameter-gradients.js";
import { stepSum, type StepSum } from "../adjoint/step-sum.js";
import { heldSteps } from "../hierarchy/held-steps.js";
import type { Mgrit } from "../mgrit/mgrit.js";
import type { Network, ParameterPart } from "./network.js";

export interface NetworkGradientOptions {
  readonly network: Network;
  readonly forward: Mgrit;
  readonly adjoint: AdjointMgrit;
  /** ∂ℓ/∂θ, in the places of the parameters. */
  readonly gradient: Float64Array;
}

/** Writes the gradient of all parameters on all ranks from the states and adjoints of the solvers, the data and ∂ℓ/∂y. */
export function networkGradient({ network, forward, adjoint, gradient }: NetworkGradientOptions): (data: Float64Array, outputAdjoint: Float64Array) => void {
  const { opening, closing, openingPart, closingPart, grid, parameters, steps } = network;
  const { communicator, levels } = forward.hierarchy;
  const { rank, size } = communicator;
  const of = (vector: Float64Array, { start, size: length }: ParameterPart): Float64Array => vector.subarray(start, start + length);
  const sums = sharedSums(network, forward);
  const ofLayers = parameterGradients(forward, adjoint, steps);
  /** What each rank writes of the layers whose parameters are their own. */
  const owned = Array.from({ length: size }, (_, owner) => ownRanges(network, heldSteps(levels[0], owner)).map(([from, to]) => gradient.subarray(from, to)));

  return (data, outputAdjoint) => {
    gradient.fill(0);
    if (rank === 0) opening.addParameterProduct(of(parameters, openingPart), data, adjoint.adjoint(0), of(gradient, openingPart));
    if (rank === size - 1) closing.addParameterProduct(of(parameters, closingPart), forward.state(grid.steps), outputAdjoint, of(gradient, closingPart));
    ofLayers((n, part) => {
      const place = network.layerPart(n);
      const value = part.subarray(0, place.size);
      const sum = sums.get(place);
      if (sum) sum.add(n - sum.before, value);
      else of(gradient, place).set(value);
    });
    for (const [place, sum] of sums) sum.total(of(gradient, place));
    communicator.broadcast(0, of(gradient, openingPart));
    communicator.broadcast(size - 1, of(gradient, closingPart));
    if (!levels[0].blocks.replicated) owned.forEach((ranges, owner) => ranges.forEach((range) => communicator.broadcast(owner, range)));
  };
}

/** The sum over the steps of a phase, which come after so many others. */
interface PhaseSum extends StepSum {
  readonly before: number;
}

/** One sum for each part that layers share. Where all states are on all ranks, each rank has all terms of its own. */
function sharedSums({ phases, layerPart }: Network, { hierarchy: { communicator, levels } }: Mgrit): Map<ParameterPart, PhaseSum> {
  const sums = new Map<ParameterPart, PhaseSum>();
  let before = 0;
  for (const { steps, shared } of phases) {
    const part = layerPart(before + 1);
    const options = { steps, size: part.size, communicator: levels[0].blocks.replicated ? serialCommunicator() : communicator, arena: heapArena() };
    if (shared) sums.set(part, { ...stepSum(options), before });
    before += steps;
  }
  return sums;
}

/** From … to in the parameters for the steps of each phase that does not share them. */
function ownRanges({ phases, layerPart }: Network, held: StepRange): [number, number][] {
  const ranges: [number, number][] = [];
  let before = 0;
  for (const { steps, shared } of phases) {
    const [first, last] = [Math.max(held.first, before + 1), Math.min(held.last, before + steps)];
    if (!shared && first <= last) ranges.push([layerPart(first).start, layerPart(last).start + layerPart(last).size]);
    before += steps;
  }
  return ranges;
}
