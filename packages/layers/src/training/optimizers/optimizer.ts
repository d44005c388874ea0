/** One update of the parameters of a network. */
export interface UpdateTask {
  /** θ, changed in place. */
  readonly parameters: Float64Array;
  /** ∇J(θ), exact or not. */
  readonly gradient: Float64Array;
  /** J(θ) */
  readonly value: number;
  /** Learning rate; for a line search the step that is tried first. */
  readonly rate: number;
  /** J at other parameters, on the same batch; only line searches ask. */
  objective(parameters: Float64Array): number;
}

/** What an update did. */
export interface UpdateOutcome {
  /** The factor on the direction; 0 where no step lowers the objective: the parameters are then as before. */
  readonly step: number;
  /** Values of the objective that were asked for. */
  readonly evaluations: number;
}

/** A method that improves parameters by gradients. */
export interface Optimizer {
  readonly name: string;
  update(task: UpdateTask): UpdateOutcome;
  /** All that is kept from one update to the next, counters included: copied back, it continues with the same bits. */
  readonly memory: readonly Float64Array[];
  /** Forgets everything: to be called where the objective changes, as at a new depth. */
  reset(): void;
}

/** Zeros in every vector of a memory. */
export function clearMemory(memory: readonly Float64Array[]): void {
  for (const vector of memory) vector.fill(0);
}
