import { seededRandom, type Communicator } from "@parakkt/core";
import { denseMap, denseResidual, encoderLayer, gatedRecurrent, implicitUpdate, initialiseParameters, meanSquare, network, propagation, zeroOpening, type Network, type NetworkInputs } from "@parakkt/layers";
import type { RankProgram } from "@parakkt/parallel";

const [batch, features, N] = [4, 8, 48];

/** Networks with layers of their own and with shared ones. */
export const networkKinds = ["dense", "encoder", "recurrent"] as const;

export interface LayerParallelTask {
  readonly coarsening: number;
  readonly levels: number;
}

/** Loss, residual norms and gradient, and what the rank sent. */
export interface LayerParallelResult {
  readonly bits: Float64Array;
  readonly messages: number;
}

function networkOf(kind: (typeof networkKinds)[number]): { net: Network; inputs: NetworkInputs } {
  const ends = { opening: denseMap({ batch, inputs: 3, outputs: features }), closing: denseMap({ batch, inputs: features, outputs: 2 }), loss: meanSquare(batch) };
  const data = seededRandom(1).normalVector(3 * batch);
  if (kind === "dense") return { net: network({ ...ends, phases: [{ layer: denseResidual({ batch, features }), steps: N }], duration: 1 }), inputs: { data } };
  if (kind === "encoder") return { net: network({ ...ends, phases: [{ layer: encoderLayer({ batch, tokens: 2, features: 4 }), steps: N }], duration: 1 }), inputs: { data } };
  const layer = gatedRecurrent({ batch, features, inputs: 2, update: implicitUpdate });
  const sequence = Array.from({ length: N }, (_, n) => seededRandom(n).normalVector(2 * batch));
  return { net: network({ ...ends, opening: zeroOpening(batch * features), phases: [{ layer, steps: N, shared: true }] }), inputs: { data: new Float64Array(0), sequence } };
}

/** Two forward cycles and one backward cycle of every kind of network. */
export function trainingStep(communicator: Communicator, { coarsening, levels }: LayerParallelTask): LayerParallelResult {
  const bits = networkKinds.flatMap((kind) => {
    const { net, inputs } = networkOf(kind);
    initialiseParameters(net, seededRandom(2));
    const both = propagation(net, { coarsening, levels, communicator });
    const targets = seededRandom(3).normalVector(2 * batch);
    const forward = both.propagate(inputs, { relativeTolerance: 0, maxIterations: 2 });
    const backward = both.backpropagate(targets, { relativeTolerance: 0, maxIterations: 1 });
    return [both.loss(targets), ...forward.residualNorms, ...backward.residualNorms, ...both.gradient];
  });
  return { bits: Float64Array.from(bits), messages: communicator.messages };
}

export const rankProgram: RankProgram<LayerParallelTask, LayerParallelResult> = (communicator, task) => trainingStep(communicator, task);
