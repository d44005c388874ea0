import { adam, denseFamily, peaks, tanh, training, type Training, type TrainingOptions, type TrainingRecord } from "@parakkt/layers";

/** A small training of the peaks classes: a dense network of `depth` layers on the time interval from 0 to 1. */
export function peaksTraining(options: Partial<TrainingOptions> & { readonly samples?: number; readonly validation?: number; readonly width?: number; readonly duration?: number } = {}): Training {
  const { samples = 60, validation = 40, width = 4, duration = 1, ...rest } = options;
  return training({
    family: denseFamily({ inputs: 2, outputs: 5, width, duration, activation: tanh, loss: "cross-entropy" }),
    data: { training: peaks({ count: samples, seed: 3 }), validation: peaks({ count: validation, seed: 4 }) },
    epochs: 2,
    seed: 1,
    batchSize: [{ from: 0, size: 25 }],
    depth: [{ from: 0, size: 16 }],
    rate: { rate: 5e-3 },
    effort: { kind: "inexact", forward: 2, backward: 1 },
    classification: true,
    optimizer: (size) => adam(size),
    solver: { coarsening: 4, levels: 2 },
    warmStart: "none",
    guess: "constant",
    dropout: 0,
    ...rest,
  });
}

/** All records of a training, to its end. */
export function trainToTheEnd(run: Training): TrainingRecord[] {
  const records: TrainingRecord[] = [];
  while (run.reason === undefined) records.push(...run.advance());
  return records;
}

/** Those of one kind. */
export function recordsOf<Kind extends TrainingRecord["kind"]>(records: readonly TrainingRecord[], kind: Kind): Extract<TrainingRecord, { kind: Kind }>[] {
  return records.filter((record): record is Extract<TrainingRecord, { kind: Kind }> => record.kind === kind);
}
