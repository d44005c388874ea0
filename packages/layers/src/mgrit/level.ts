import { axpy, type Arena, type Communicator, type StepRange } from "@parakkt/core";
import { heldIntervals, heldSteps } from "../hierarchy/held-steps.js";
import type { TimeLevel } from "../hierarchy/time-hierarchy.js";
import { boundaryExchange } from "./boundary-exchange.js";
import type { MgritCounts } from "./counts.js";
import { intervalGather } from "./interval-gather.js";
import type { StepFunction } from "./step-function.js";
import { evaluateWave, intervalWaves } from "./wave.js";

/**
 * The unknowns of one level on one rank, uₙ = Φₙ(uₙ₋₁) + gₙ, and what may be done to them.
 *
 * Relaxation sweeps an interval over all of its c steps: the first c − 1 give its F-points, the last one gives the *arrival*, which
 * the C-point at its end is to be. So C-relaxation and the residual r = arrival − u cost no evaluation of their own.
 */
export interface Level {
  readonly time: TimeLevel;
  /** Steps whose states are on this rank, at their ends; and the state at the start of the first one. */
  readonly held: StepRange;
  /** The intervals of these steps. */
  readonly intervals: StepRange;
  /** uₙ, n = held.first − 1 … held.last */
  state(n: number): Float64Array;
  /** gₙ, n in `held`; only while the level is forced. */
  rightHandSide(n: number): Float64Array;
  /** Whether there is a g; without one, steps are those of Φ bit for bit. Coarse levels always have one. */
  forced: boolean;
  /** Φ(u) + g at the end of interval i; valid after `relaxF`. */
  arrival(i: number): Float64Array;
  /** F-relaxation: uₙ ← Φₙ(uₙ₋₁) + gₙ inside of every interval, and the arrival at its end. Free where nothing has changed since the last one. */
  relaxF(): void;
  /** C-relaxation: u ← (1 − ω) u + ω arrival at the C-points. */
  relaxC(weight: number): void;
  /** uₙ ← Φₙ(uₙ₋₁) + gₙ for all held steps in order. */
  march(): void;
  /** To be called after C-points have been written: F-points and arrivals no longer follow from them. */
  changed(): void;
  /** Hands the state at the end of the block on to the next rank; does nothing on replicated levels. */
  exchange(): void;
}

export interface LevelIngredients {
  readonly stepFunction: StepFunction;
  readonly communicator: Communicator;
  readonly arena: Arena;
  readonly counts: MgritCounts;
}

/** Storage in states, for N held steps in n intervals: N + 1 + n, and N more once there is a right-hand side; buffers of the ranks apart. */
export function mgritLevel(time: TimeLevel, ingredients: LevelIngredients): Level {
  const { stepFunction, communicator, counts } = ingredients;
  const vectors = levelVectors(time, ingredients);
  const { held, intervals, state, arrival, rightHandSide } = vectors;
  const waves = intervalWaves(time, time.blocks.of(communicator.rank), vectors);
  const { exchange, gather } = sharing(time, vectors, ingredients);
  let forced = false;
  let following = false;
  const addRightHandSide = (n: number, out: Float64Array): void => {
    if (forced) axpy(1, rightHandSide(n), out);
  };
  return {
    ...{ time, held, intervals, state, arrival, rightHandSide, exchange },
    get forced() {
      return forced;
    },
    set forced(is: boolean) {
      if (is) vectors.allocateRightHandSide();
      forced = is;
    },
    relaxF() {
      if (following) return;
      exchange();
      for (const wave of waves) {
        evaluateWave(stepFunction, wave, counts);
        for (let k = 0; k < wave.to.length; k++) addRightHandSide(wave.numbers[k], wave.to[k]);
      }
      gather();
      following = true;
    },
    relaxC(weight) {
      for (let i = intervals.first; i <= intervals.last; i++) moveTowards(arrival(i), weight, state(time.interval(i).last));
      following = false;
    },
    march() {
      for (let n = held.first; n <= held.last; n++) {
        stepFunction.step(time.step(n), state(n - 1), state(n));
        addRightHandSide(n, state(n));
      }
      counts.evaluations[time.index] += held.last - held.first + 1;
      counts.span += time.steps;
      following = false;
    },
    changed() {
      following = false;
    },
  };
}

type Unknowns = Pick<Level, "held" | "intervals" | "state" | "arrival" | "rightHandSide">;

function levelVectors(time: TimeLevel, { stepFunction, communicator, arena }: LevelIngredients): Unknowns & { allocateRightHandSide(): void } {
  const vectors = (count: number): Float64Array[] => Array.from({ length: count }, () => arena.allocate(stepFunction.stateSize));
  const held = heldSteps(time, communicator.rank);
  const intervals = heldIntervals(time, communicator.rank);
  const states = vectors(held.last - held.first + 2);
  const arrivals = vectors(intervals.last - intervals.first + 1);
  let rightHandSides: Float64Array[] = [];
  return {
    held,
    intervals,
    state: (n) => states[n - held.first + 1],
    arrival: (i) => arrivals[i - intervals.first],
    rightHandSide: (n) => rightHandSides[n - held.first],
    allocateRightHandSide() {
      if (rightHandSides.length === 0) rightHandSides = vectors(held.last - held.first + 1);
    },
  };
}

/** What ranks hand to one another: on replicated levels all that they have swept, to all; otherwise the last state, to the next one. */
function sharing(time: TimeLevel, { held, state, arrival }: Unknowns, ingredients: LevelIngredients): { exchange(): void; gather(): void } {
  const nothing = (): void => {};
  if (!time.blocks.replicated) return { gather: nothing, exchange: boundaryExchange(ingredients.communicator, state(held.last), state(held.first - 1), ingredients.arena) };
  return { exchange: nothing, gather: intervalGather(time, (i) => [...interior(time.interval(i)).map(state), arrival(i)], ingredients) };
}

/** The F-points of an interval. */
function interior({ first, last }: StepRange): number[] {
  return Array.from({ length: last - first }, (_, k) => first + k);
}

/** u ← (1 − ω) u + ω target; with ω = 1 the bits of the target. */
function moveTowards(target: Float64Array, weight: number, u: Float64Array): void {
  if (weight === 1) return u.set(target);
  for (let j = 0; j < u.length; j++) u[j] += weight * (target[j] - u[j]);
}
