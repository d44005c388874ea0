import type { TimeHierarchy } from "../hierarchy/time-hierarchy.js";
import { cycleSpan } from "./cycle-span.js";
import { rankCosts, type RankCostOptions } from "./rank-costs.js";

/** Seconds that parts of a computation take on one rank: measured, not guessed. */
export interface MachineTimes {
  /** One step function, or one vector–Jacobian product. */
  readonly step: number;
  /** A message without data. */
  readonly latency: number;
  /** A byte of data. */
  readonly perByte: number;
}

/** The cycles of a solve; `hierarchy` says on how many ranks. */
export interface TimedSolve extends RankCostOptions {
  readonly hierarchy: TimeHierarchy;
  readonly iterations: number;
}

/** Seconds, of a model: what `measured` times are to be shown beside, each by its name. */
export interface ModelledTime {
  readonly ranks: number;
  readonly computation: number;
  readonly communication: number;
  readonly total: number;
  /** All steps one after the other on one rank. */
  readonly serial: number;
}

/**
 * The time of a solve on P ranks: evaluations that follow one another (MGR.10), the intervals of a level dealt to P workers and one sweep to begin with, and the messages
 * and bytes of the rank that sends most (MGR.12); ranks are taken to wait for every message. Gathers count log₂ P latencies.
 */
export function modelledTime({ hierarchy, iterations, ...options }: TimedSolve, { step, latency, perByte }: MachineTimes): ModelledTime {
  const { levels, communicator: { size } } = hierarchy;
  const serial = levels[0].steps * step;
  if (levels.length === 1) return { ranks: size, computation: serial, communication: 0, total: serial, serial };
  const firstSweep = Math.ceil(levels[0].intervals / Math.min(size, levels[0].intervals)) * Math.ceil(levels[0].steps / levels[0].intervals);
  const computation = step * (firstSweep + iterations * cycleSpan(hierarchy, { ...options, workers: size }));
  const costs = rankCosts(hierarchy, options);
  const most = (of: (cost: (typeof costs)[number]) => number): number => Math.max(...costs.map(of));
  const rounds = Math.max(1, Math.log2(size));
  const communication = iterations * (latency * rounds * most(({ messages }) => messages) + perByte * most(({ bytes }) => bytes));
  return { ranks: size, computation, communication, total: computation + communication, serial };
}
