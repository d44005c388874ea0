/** Where a training is, as numbers: whole ones but for the sums of the current epoch. */
export interface TrainingPosition {
  /** Epochs that are complete, and the next batch of the current one. */
  readonly epoch: number;
  readonly batch: number;
  readonly updates: number;
  /** N */
  readonly depth: number;
  /** Cycles of forward and backward solves; 0 for serial propagation. */
  readonly forward: number;
  readonly backward: number;
  /** Of the current epoch: samples seen, and their losses added up. */
  readonly samples: number;
  readonly lossSum: number;
}

/** All that decides how a training goes on: a training of the same options that takes it over continues with the same bits. */
export interface TrainingSnapshot {
  readonly position: TrainingPosition;
  /** Trained values, then the memory of the optimiser, then warm-started states and adjoints. */
  readonly vectors: readonly Float64Array[];
}
