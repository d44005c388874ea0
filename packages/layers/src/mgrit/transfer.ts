import { subtract, type StepRange } from "@parakkt/core";
import { intervalGather } from "./interval-gather.js";
import type { Level, LevelIngredients } from "./level.js";
import { evaluateWave, type Wave } from "./wave.js";

/** What passes between a level and the next coarser one: interval i of the one is step i + 1 of the other. */
export interface Transfer {
  /**
   * The coarse problem (MGR.4): v ← u at the C-points, and the right-hand side of the full approximation scheme,
   * g ← v − Φᶜ(v₋) + r = arrival − Φᶜ(v₋), with the residual r = arrival − v.
   */
  restrict(): void;
  /** u ← v at the C-points. */
  correct(): void;
  /** v ← u at the C-points. */
  inject(): void;
  /** The right-hand side of the coarse problem where there is no state yet: the sum of the fine ones over the interval. */
  sumRightHandSide(): void;
}

export function transfer(fine: Level, coarse: Level, ingredients: LevelIngredients): Transfer {
  const { stepFunction, communicator, counts } = ingredients;
  const own = fine.time.blocks.of(communicator.rank);
  const wave = coarseWave(coarse, own);
  const handOn = (vectors: (step: number) => Float64Array[]): (() => void) =>
    coarse.time.blocks.replicated ? intervalGather(fine.time, (i) => vectors(i + 1), ingredients) : () => {};
  const gatherProblem = handOn((n) => [coarse.state(n), coarse.rightHandSide(n)]);
  const gatherStates = handOn((n) => [coarse.state(n)]);
  const gatherRightHandSides = handOn((n) => [coarse.rightHandSide(n)]);
  /** The C-point at the end of an interval. */
  const cPoint = (i: number): Float64Array => fine.state(fine.time.interval(i).last);
  const copyDown = (): void => {
    if (own.last >= own.first) coarse.state(own.first).set(fine.state(fine.time.interval(own.first).first - 1));
    for (let i = own.first; i <= own.last; i++) coarse.state(i + 1).set(cPoint(i));
    coarse.changed();
  };
  return {
    restrict() {
      copyDown();
      evaluateWave(stepFunction, wave, counts);
      for (let i = own.first; i <= own.last; i++) subtract(fine.arrival(i), coarse.rightHandSide(i + 1), coarse.rightHandSide(i + 1));
      gatherProblem();
    },
    correct() {
      for (let i = fine.intervals.first; i <= fine.intervals.last; i++) cPoint(i).set(coarse.state(i + 1));
      fine.changed();
    },
    inject() {
      copyDown();
      gatherStates();
    },
    sumRightHandSide() {
      for (let i = own.first; i <= own.last; i++) sumOver(fine, fine.time.interval(i), coarse.rightHandSide(i + 1));
      gatherRightHandSides();
    },
  };
}

/** The coarse steps that own intervals are, from the injected states into the right-hand side. */
function coarseWave(coarse: Level, own: StepRange): Wave {
  const numbers = Array.from({ length: own.last - own.first + 1 }, (_, k) => own.first + k + 1);
  return {
    numbers,
    steps: numbers.map(coarse.time.step),
    from: numbers.map((n) => coarse.state(n - 1)),
    to: numbers.map((n) => coarse.rightHandSide(n)),
  };
}

/** out ← Σ gₙ over the steps of an interval */
function sumOver(level: Level, { first, last }: StepRange, out: Float64Array): void {
  out.fill(0);
  if (!level.forced) return;
  for (let n = first; n <= last; n++) {
    const g = level.rightHandSide(n);
    for (let j = 0; j < out.length; j++) out[j] += g[j];
  }
}
