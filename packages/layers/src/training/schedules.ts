import { requireArgument, requireName } from "@parakkt/core";

/** The learning rate of every update, as a factor on the rate that is set. Epochs are counted from 0, with fractions. */
export type RateSchedule =
  | { readonly kind: "constant" }
  /** Times `factor` after every `every` epochs. */
  | { readonly kind: "step"; readonly every: number; readonly factor: number }
  /** Times factorᵉ in epoch e. */
  | { readonly kind: "exponential"; readonly factor: number }
  /** Half a cosine from 1 at the beginning to `final` at the end. */
  | { readonly kind: "cosine"; readonly final: number };

/** A rate schedule with a linear warm-up from 0 over the first epochs. */
export interface RateOptions {
  readonly rate: number;
  readonly schedule?: RateSchedule;
  readonly warmUpEpochs?: number;
  /** All epochs of the training: where the cosine ends. */
  readonly epochs: number;
}

/** The learning rate at an epoch; an update in the middle of epoch 2 is at 2.5. */
export function learningRate({ rate, schedule = { kind: "constant" }, warmUpEpochs = 0, epochs }: RateOptions): (epoch: number) => number {
  requireArgument(rate > 0 && Number.isFinite(rate), () => ({ what: "learning rate", where: "learningRate", expected: "a positive number", got: String(rate) }));
  requireName(schedule.kind, ["constant", "step", "exponential", "cosine"], { what: "schedule", where: "learningRate" });
  const factor = rateFactor(schedule, epochs);
  return (epoch) => rate * factor(epoch) * (epoch < warmUpEpochs ? epoch / warmUpEpochs : 1);
}

function rateFactor(schedule: RateSchedule, epochs: number): (epoch: number) => number {
  switch (schedule.kind) {
    case "constant":
      return () => 1;
    case "step":
      return (epoch) => schedule.factor ** Math.floor(epoch / schedule.every);
    case "exponential":
      return (epoch) => schedule.factor ** epoch;
    case "cosine":
      return (epoch) => schedule.final + ((1 - schedule.final) * (1 + Math.cos((Math.PI * Math.min(epoch, epochs)) / epochs))) / 2;
  }
}

/** From epoch `from` on, so large. */
export interface ScheduledSize {
  readonly from: number;
  readonly size: number;
}

/** The size that holds in an epoch: of the entry that began last. Batches grow, networks deepen by such lists. */
export function sizeAt(schedule: readonly ScheduledSize[], epoch: number): number {
  requireArgument(schedule.length > 0 && schedule[0].from === 0 && schedule.every(({ from }, k) => k === 0 || from > schedule[k - 1].from), () => ({
    what: "schedule",
    where: "sizeAt",
    expected: "entries that begin at epoch 0 and at ever later ones",
    got: JSON.stringify(schedule),
  }));
  return schedule.filter(({ from }) => from <= epoch).at(-1)!.size;
}
