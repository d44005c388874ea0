import { seededRandom } from "@parakkt/core";
import type { InitialGuess } from "../mgrit/mgrit.js";
import { dropoutMasks } from "../network/dropout-masks.js";
import { propagation, type Propagation, type PropagationOptions } from "../network/propagation.js";
import type { Effort } from "./indicator.js";
import type { NetworkFamily } from "./network-family.js";
import type { TrainedParameters } from "./trained-parameters.js";
import { warmStates, type WarmStart, type WarmStates } from "./warm-states.js";

/** What propagation needs to know. */
export interface ObjectiveOptions {
  readonly family: NetworkFamily;
  readonly depth: number;
  readonly trained: TrainedParameters;
  /** Levels, coarsening, relaxation and ranks of the inexact solves. */
  readonly solver: PropagationOptions;
  readonly warmStart: WarmStart;
  /** What solves start from that are not warm-started. */
  readonly guess: InitialGuess;
  /** Dropout rate, 0 for none; masks follow from the seed and the number of the update. */
  readonly dropout: number;
  readonly seed: number;
}

/** Forward and backward propagation of batches of one size. */
export interface Solver {
  readonly propagation: Propagation;
  readonly warm: WarmStates;
  /** New dropout masks for the network; they follow from the seed and the number of the update. */
  drawMasks(update: number): void;
}

/** One solver for every size of batch and kind of effort, set up when it is first needed. */
export interface Solvers {
  of(batch: number, effort: Effort): Solver;
  /** All that propagate layer-parallel. */
  inexact(): Solver[];
}

export function solversBySize(options: ObjectiveOptions): Solvers {
  const cache = new Map<string, Solver>();
  return {
    of(batch, { kind }) {
      const key = `${kind} ${batch}`;
      const found = cache.get(key) ?? createSolver(options, batch, kind === "serial");
      cache.set(key, found);
      return found;
    },
    inexact: () => [...cache].filter(([key]) => key.startsWith("inexact")).map(([, each]) => each),
  };
}

function createSolver({ family, depth, trained, solver, warmStart, guess, dropout: rate, seed }: ObjectiveOptions, batch: number, serial: boolean): Solver {
  const network = family.build({ batch, depth }, trained.parameters);
  const prepared = propagation(network, serial ? { ...solver, levels: 1 } : solver);
  const dropout = rate > 0 ? dropoutMasks({ steps: network.grid.steps, stateSize: network.stateSize, rate }) : undefined;
  return {
    propagation: prepared,
    warm: warmStates(prepared, serial ? "none" : warmStart, guess),
    drawMasks(update) {
      if (dropout === undefined) return;
      dropout.redraw(seededRandom(seed * 1_000_003 + update));
      network.setMasks(dropout.masks);
    },
  };
}
