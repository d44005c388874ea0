import type { StepRange } from "@parakkt/core";
import { heldSteps } from "../hierarchy/held-steps.js";
import { perLevel, type TimeHierarchy, type TimeLevel } from "../hierarchy/time-hierarchy.js";
import { requireCycleKind, type CycleKind, type CycleOptions } from "../mgrit/cycle.js";

/** What one rank does in a cycle and its residual norm. */
export interface RankCost {
  /** By level, finest first: step functions, or vector–Jacobian products of an adjoint march. */
  readonly evaluations: number[];
  /** As `Communicator.messages` counts them: one for a state handed to the next rank, one for data given to a gather. */
  messages: number;
  /** Of data in these messages. */
  bytes: number;
}

export interface RankCostOptions extends Partial<CycleOptions> {
  /** Entries of a state. */
  readonly stateSize: number;
}

const DOUBLE = 8;

/**
 * The cost of a cycle of `mgrit` for every rank of the hierarchy's communicator (MGR.12). A sweep evaluates the steps of the rank's intervals and hands one state on;
 * (ν + 1) of them on the finest level, (ν + 2) below. A replicated level is gathered instead, and so are the C-points that it begins with, with their right-hand side.
 */
export function rankCosts(hierarchy: TimeHierarchy, options: RankCostOptions): RankCost[] {
  if (options.cycle !== undefined) requireCycleKind(options.cycle, "rankCosts");
  return Array.from({ length: hierarchy.communicator.size }, (_, rank) => costOf(hierarchy, rank, options));
}

function costOf({ levels, communicator: { size } }: TimeHierarchy, rank: number, { stateSize, cycle = "V", relaxations = 1 }: RankCostOptions): RankCost {
  const cost: RankCost = { evaluations: levels.map(() => 0), messages: 0, bytes: 0 };
  const coarsest = levels.length - 1;
  const send = (doubles: number): void => {
    if (size === 1) return;
    cost.messages++;
    cost.bytes += DOUBLE * doubles;
  };
  /** One gather of so many vectors for each interval. */
  const gather = (level: TimeLevel, vectorsOf: (interval: StepRange) => number, length = stateSize): void => send(length * largestPart(level, size, vectorsOf));

  const sweep = (l: number): void => {
    const level = levels[l];
    const { first, last } = level.blocks.of(rank);
    for (let i = first; i <= last; i++) cost.evaluations[l] += lengthOf(level.interval(i));
    if (level.blocks.replicated) gather(level, lengthOf);
    else if (rank < size - 1) send(stateSize);
  };
  const restrict = (l: number): void => {
    cost.evaluations[l + 1] += lengthOf(levels[l].blocks.of(rank));
    if (levels[l + 1].blocks.replicated) gather(levels[l], () => 2);
  };
  const solve = (l: number, kind: CycleKind, sweepFirst: boolean): void => {
    if (l === coarsest) {
      cost.evaluations[l] += levels[l].steps;
      return;
    }
    for (let k = sweepFirst ? 0 : 1; k <= perLevel(relaxations, l); k++) sweep(l);
    restrict(l);
    solve(l + 1, kind, true);
    if (kind === "F" && l + 1 < coarsest) solve(l + 1, "V", false);
    sweep(l);
  };
  if (coarsest === 0) {
    cost.evaluations[0] = lengthOf(heldSteps(levels[0], rank));
    return cost;
  }
  solve(0, cycle, false);
  gather(levels[0], () => 1, 1);
  return cost;
}

const lengthOf = ({ first, last }: StepRange): number => last - first + 1;

/** The longest record that a rank gives to a gather: all give as many. */
function largestPart(level: TimeLevel, ranks: number, vectorsOf: (interval: StepRange) => number): number {
  const parts = Array.from({ length: ranks }, (_, rank) => {
    const { first, last } = level.blocks.of(rank);
    let vectors = 0;
    for (let i = first; i <= last; i++) vectors += vectorsOf(level.interval(i));
    return vectors;
  });
  return Math.max(...parts);
}
