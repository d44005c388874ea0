import { seededRandom } from "@parakkt/core";
import { denseMap, denseResidual, initialiseParameters, meanSquare, network, propagation } from "@parakkt/layers";

/** The best of so many: on a busy machine the ranks have a core each for some of them. */
const REPETITIONS = 60;

/**
 * On every rank: seconds, the shortest of many, of a forward solve of so many cycles with two levels and c = 4, of the serial march of all layers, and of a message
 * of one double and of a state each way between ranks 0 and 1.
 */
export const rankProgram = (communicator, { layers, width, batch, cycles }) => {
  const made = network({
    opening: denseMap({ batch, inputs: 2, outputs: width }),
    phases: [{ layer: denseResidual({ batch, features: width }), steps: layers }],
    closing: denseMap({ batch, inputs: width, outputs: 2 }),
    loss: meanSquare(batch),
    duration: 1,
  });
  initialiseParameters(made, seededRandom(1));
  const data = seededRandom(2).normalVector(2 * batch);
  const solve = (options, maxIterations) => {
    const march = propagation(made, options);
    return shortest(communicator, () => march.propagate({ data }, { relativeTolerance: 0, maxIterations }));
  };
  return {
    parallel: solve({ levels: 2, coarsening: 4, communicator }, cycles),
    serial: solve({ levels: 1 }, 0),
    short: message(communicator, 1),
    state: message(communicator, width * batch),
  };
};

function message(communicator, length) {
  if (communicator.size === 1) return 0;
  const data = new Float64Array(length);
  const { rank } = communicator;
  return shortest(communicator, () => {
    if (rank === 0) communicator.send(1, data);
    if (rank < 2) communicator.receive(1 - rank, data);
    if (rank === 1) communicator.send(0, data);
  }) / 2;
}

function shortest(communicator, call) {
  let best = Infinity;
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    communicator.barrier();
    const start = performance.now();
    call();
    if (repetition > 2) best = Math.min(best, (performance.now() - start) / 1e3);
  }
  return best;
}
