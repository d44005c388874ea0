import type { MgritResult } from "../mgrit/halting.js";
import type { Batch, DataSet } from "./data/data-set.js";
import type { Effort } from "./indicator.js";
import { serialPredictor, type Prediction } from "./predict.js";
import { solversBySize, type ObjectiveOptions, type Solver } from "./solvers.js";

/** A loss, its penalty and how the solves went that gave them. */
export interface Evaluation {
  readonly loss: number;
  readonly penalty: number;
  readonly forward: MgritResult;
  readonly backward: MgritResult;
}

/** J of batches as a function of the trained values, at one depth. */
export interface TrainingObjective {
  /** gradient ← ∇J by solves of this effort; `update` numbers the dropout masks. */
  evaluate(batch: Batch, effort: Effort, gradient: Float64Array, update: number): Evaluation;
  /** J alone, by the same effort and masks. */
  value(batch: Batch, effort: Effort): number;
  /** Outputs and loss by serial propagation without dropout. */
  predict(samples: DataSet): Prediction;
  /** Trajectories for the next update; see `WarmStates`. */
  saveStates(): Float64Array[];
  /** `batch` is the number of samples that they belong to. */
  restoreStates(vectors: readonly Float64Array[], batch: number): void;
  /** Step functions and vector–Jacobian products so far on this rank, and their spans, of the inexact solves. */
  counts(): PropagationCounts;
}

/** Evaluations of all levels added up, and those that followed one another. */
export interface PropagationCounts {
  readonly evaluations: number;
  readonly products: number;
  readonly forwardSpan: number;
  readonly backwardSpan: number;
}

/** No tolerance: exactly so many cycles. */
const cyclesOnly = (maxIterations: number): { relativeTolerance: number; maxIterations: number } => ({ relativeTolerance: 0, maxIterations });

export function trainingObjective(options: ObjectiveOptions): TrainingObjective {
  const { trained, family } = options;
  const solvers = solversBySize(options);
  const predict = serialPredictor({ family, depth: options.depth, parameters: trained.parameters });
  const solve = (batch: Batch, effort: Effort): { solver: Solver; forward: MgritResult } => {
    trained.expand();
    const solver = solvers.of(batch.count, effort);
    solver.propagation.network.parametersChanged();
    const limits = effort.kind === "serial" ? {} : cyclesOnly(effort.forward);
    return { solver, forward: solver.propagation.propagate(family.inputs(batch), { ...limits, guess: solver.warm.stateGuess }) };
  };
  return {
    evaluate(batch, effort, gradient, update) {
      solvers.of(batch.count, effort).drawMasks(update);
      const { solver, forward } = solve(batch, effort);
      const loss = solver.propagation.loss(batch.targets);
      const limits = effort.kind === "serial" ? {} : cyclesOnly(effort.backward);
      const backward = solver.propagation.backpropagate(batch.targets, { ...limits, guess: solver.warm.adjointGuess });
      solver.warm.solved();
      const penalty = trained.penalty();
      trained.collect(solver.propagation.gradient, gradient);
      return { loss, penalty, forward, backward };
    },
    value(batch, effort) {
      const { solver } = solve(batch, effort);
      return solver.propagation.loss(batch.targets) + trained.penalty();
    },
    predict(samples) {
      trained.expand();
      return predict(samples);
    },
    saveStates: () => solvers.inexact().flatMap(({ warm }) => warm.save()),
    restoreStates(vectors, batch) {
      if (vectors.length > 0) solvers.of(batch, { kind: "inexact", forward: 1, backward: 1 }).warm.restore(vectors);
    },
    counts: () => solvers.inexact().reduce(addCounts, { evaluations: 0, products: 0, forwardSpan: 0, backwardSpan: 0 }),
  };
}

function addCounts(sum: PropagationCounts, { propagation: { forward, adjoint } }: Solver): PropagationCounts {
  const total = (evaluations: readonly number[]): number => evaluations.reduce((a, b) => a + b, 0);
  return {
    evaluations: sum.evaluations + total(forward.counts.evaluations),
    products: sum.products + total(adjoint.counts.evaluations),
    forwardSpan: sum.forwardSpan + forward.counts.span,
    backwardSpan: sum.backwardSpan + adjoint.counts.span,
  };
}
