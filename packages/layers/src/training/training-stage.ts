import type { Batch, DataSet } from "./data/data-set.js";
import type { Effort } from "./indicator.js";
import type { Optimizer } from "./optimizers/optimizer.js";
import type { ObjectiveOptions } from "./solvers.js";
import { initialValues, trainedParameters, type TrainedParametersOptions } from "./trained-parameters.js";
import type { Prediction } from "./predict.js";
import { trainingObjective, type Evaluation, type PropagationCounts } from "./training-objective.js";

export interface StageOptions extends Omit<ObjectiveOptions, "depth" | "trained">, Omit<TrainedParametersOptions, "depth" | "family"> {
  /** For so many trained values. */
  readonly optimizer: (size: number) => Optimizer;
  /** Factor on the initial weights of the layers. Default 1. */
  readonly layerScale?: number;
}

/** One update: the batch that was evaluated, and how. */
export interface StageUpdate {
  readonly batch: Batch;
  readonly effort: Effort;
  readonly rate: number;
  readonly evaluation: Evaluation;
}

/** Training at one depth: the trained values, the objective and the optimiser. */
export interface TrainingStage {
  readonly depth: number;
  /** ∇J of the last `evaluate`. */
  readonly gradient: Float64Array;
  evaluate(batch: Batch, effort: Effort, update: number): Evaluation;
  /** Serial: gradient ← ∇J */
  exact(batch: Batch, gradient: Float64Array, update: number): Evaluation;
  /** Improves the trained values; hands back the step that was taken. */
  update(update: StageUpdate): number;
  predict(samples: DataSet): Prediction;
  parameters(): Float64Array;
  counts(): PropagationCounts;
  /** The stage of the network that is twice as deep, from these weights; its optimiser starts anew, since the objective is another one. */
  refined(): TrainingStage;
  save(): Float64Array[];
  restore(vectors: readonly Float64Array[], batch: number): void;
}

export function trainingStage(options: StageOptions, depth: number): TrainingStage {
  return stageFrom(options, depth, initialValues({ ...options, depth }));
}

function stageFrom(options: StageOptions, depth: number, values: Float64Array): TrainingStage {
  const trained = trainedParameters({ ...options, depth });
  trained.values.set(values);
  const objective = trainingObjective({ ...options, depth, trained });
  const optimizer = options.optimizer(values.length);
  const gradient = new Float64Array(values.length);
  const kept = [trained.values, ...optimizer.memory];
  return {
    depth,
    gradient,
    evaluate: (batch, effort, update) => objective.evaluate(batch, effort, gradient, update),
    exact: (batch, out, update) => objective.evaluate(batch, { kind: "serial" }, out, update),
    update({ batch, effort, rate, evaluation: { loss, penalty } }) {
      const tried = trained.values;
      return optimizer.update({ parameters: tried, gradient, value: loss + penalty, rate, objective: () => objective.value(batch, effort) }).step;
    },
    predict: objective.predict,
    parameters() {
      trained.expand();
      return trained.parameters.slice();
    },
    counts: objective.counts,
    refined: () => stageFrom(options, 2 * depth, trained.refined()),
    save: () => [...kept.map((vector) => vector.slice()), ...objective.saveStates()],
    restore(vectors, batch) {
      kept.forEach((vector, k) => vector.set(vectors[k]));
      objective.restoreStates(vectors.slice(kept.length), batch);
    },
  };
}
