import { SERIAL_STEPS } from "../hierarchy/time-hierarchy.js";

/** A uniform coarsening of N steps. */
export interface CoarseningPlan {
  readonly steps: number;
  readonly coarsening: number;
  readonly levels: number;
}

export interface SpeedupModel {
  /** Cycles a forward solve, default 2. */
  readonly forwardIterations?: number;
  /** Cycles an adjoint solve, default 1. */
  readonly backwardIterations?: number;
  /** Cost of a backward step in forward steps, default 2. */
  readonly backwardCost?: number;
  /** Steps that follow one another in a cycle; default `estimatedSpan`. */
  readonly span?: (plan: CoarseningPlan) => number;
  /** Cost of handing a state to the next rank, in forward steps; default 0. */
  readonly exchangeCost?: number;
  /** Cost of a gather of the coarsest level or of the residual norm, in forward steps; default 0. */
  readonly gatherCost?: number;
}

export interface ModelledSpeedup extends CoarseningPlan {
  readonly speedup: number;
  /** N/c: one worker an interval. */
  readonly workers: number;
}

/** The usual estimate of the span: 2(c − 1) + 3 for every level but the coarsest, and the steps of that. Exact for FCF-relaxation on the finest level and F-relaxation on those between (MGR.10). */
export function estimatedSpan({ steps, coarsening, levels }: CoarseningPlan): number {
  return (2 * (coarsening - 1) + 3) * (levels - 1) + Math.ceil(steps / coarsening ** (levels - 1));
}

/**
 * The largest speed-up of a training step over serial propagation, over all coarsening factors and numbers of levels that keep at
 * least 16 steps on the coarsest (MGR.11): N (1 + b)/((k_f + b k_b) span + (k_f + k_b) communication), with k_f forward and k_b backward cycles; two
 * exchanges a level above the coarsest and two gathers a cycle.
 *
 * A model of unlimited workers, not a measurement; by default without communication.
 */
export function modelledSpeedup(steps: number, model: SpeedupModel = {}): ModelledSpeedup {
  const { forwardIterations = 2, backwardIterations = 1, backwardCost = 2, span = estimatedSpan, exchangeCost = 0, gatherCost = 0 } = model;
  const serial = steps * (1 + backwardCost);
  let best: ModelledSpeedup = { steps, coarsening: steps, levels: 1, workers: 1, speedup: 1 };
  for (let coarsening = 2; Math.ceil(steps / coarsening) >= SERIAL_STEPS; coarsening++) {
    for (let levels = 2; Math.ceil(steps / coarsening ** (levels - 1)) >= SERIAL_STEPS; levels++) {
      const plan = { steps, coarsening, levels };
      const communication = 2 * (levels - 1) * exchangeCost + 2 * gatherCost;
      const speedup = serial / ((forwardIterations + backwardCost * backwardIterations) * span(plan) + (forwardIterations + backwardIterations) * communication);
      if (speedup > best.speedup) best = { ...plan, workers: Math.ceil(steps / coarsening), speedup };
    }
  }
  return best;
}
