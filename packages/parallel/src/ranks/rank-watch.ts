import type { ThreadActivity } from "./thread-activity.js";

/** What a supervisor sees of a rank at a moment. */
export interface RankSight {
  /** Odd while the rank waits for others; another number for each wait. */
  readonly wait: number;
  readonly activity: ThreadActivity | undefined;
  readonly finished: boolean;
}

/** A rank that does not answer, and the words for it. */
export interface SilentRank {
  readonly rank: number;
  readonly why: string;
}

/** Looks that find the same before a rank is given up; the supervisor looks once a second. */
export const PATIENCE = 6;

/**
 * Tells from repeated looks whether the ranks have come to a standstill. A rank is silent when another one waits and it has not run
 * at all for `PATIENCE` looks: a computing rank runs, a waiting one looks up ten times a second. A rank that runs is given up only after
 * `timeout` looks (Infinity: never), for nobody can tell a long computation from an endless one.
 */
export function rankWatch(size: number, timeout = Number.POSITIVE_INFINITY): (sights: readonly RankSight[]) => SilentRank | undefined {
  const waits = new Array<number>(size).fill(0);
  const waited = new Array<number>(size).fill(0);
  const runTimes = new Array<number>(size).fill(-1);
  const idle = new Array<number>(size).fill(0);

  const take = ({ wait, activity, finished }: RankSight, rank: number): void => {
    waited[rank] = !finished && wait % 2 === 1 && wait === waits[rank] ? waited[rank] + 1 : 0;
    waits[rank] = wait;
    const stands = activity !== undefined && activity.asleep && activity.runTime === runTimes[rank];
    idle[rank] = stands ? idle[rank] + 1 : 0;
    runTimes[rank] = activity?.runTime ?? -1;
  };
  return (sights) => {
    sights.forEach(take);
    const longest = Math.max(...waited);
    if (longest < PATIENCE) return undefined;
    const working = sights.flatMap(({ wait, finished }, rank) => (!finished && wait % 2 === 0 ? [rank] : []));
    const silent = working.find((rank) => idle[rank] >= PATIENCE);
    if (silent !== undefined) return { rank: silent, why: "stopped answering" };
    if (working.length > 0) return longest >= timeout ? { rank: working[0], why: `let the others wait for ${longest} s` } : undefined;
    return Math.min(...waited.filter((_, rank) => !sights[rank].finished)) < PATIENCE ? undefined : standstill(sights, waited.indexOf(longest));
  };
}

/** All that have not finished wait: for a rank that left too early, or for each other. */
function standstill(sights: readonly RankSight[], waiting: number): SilentRank {
  const gone = sights.findIndex(({ finished }) => finished);
  return gone >= 0
    ? { rank: gone, why: `came to the end of its program while rank ${waiting} waits for it` }
    : { rank: waiting, why: "and all others wait for each other; every rank must call the same operations in the same order" };
}
