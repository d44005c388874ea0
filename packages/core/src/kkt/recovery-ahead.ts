import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import type { SpaceTimeVector } from "../space-time/space-time-vector.js";

/**
 * The state of a candidate, recovered while the candidate is measured. The recovery passes from rank to rank, the measurement waits for nobody: the rank that
 * begins the interval recovers first, those that wait for it measure first, and two ranks are never idle. Where the candidate is not good enough the recovery was in vain.
 */
export interface RecoveryAhead {
  /** Measures; where `spare` hands out a vector, the state of the iterate is in it afterwards. */
  measure(measure: () => void, spare: (() => Float64Array | undefined) | undefined): void;
  /** The state is that of the iterate to be completed. */
  settle(): void;
  /** state ← the one recovered ahead, if it has been settled; otherwise `false`. */
  take(state: SpaceTimeVector): boolean;
}

/** `independent`: no rank waits for another one while it measures. */
export function recoveryAhead({ communicator, stateLayout }: SpaceTimeDiscretization, recover: (state: SpaceTimeVector) => void, independent: boolean): RecoveryAhead {
  const overlaps = communicator.size > 1 && independent;
  const begins = stateLayout.steps.first === 1;
  let ahead: SpaceTimeVector | undefined;
  let settled = false;
  return {
    measure(measure, spare) {
      settled = false;
      const data = overlaps ? spare?.() : undefined;
      ahead = data && { layout: stateLayout, data };
      if (ahead && begins) recover(ahead);
      measure();
      if (ahead && !begins) recover(ahead);
    },
    settle: () => void (settled = true),
    take({ data }) {
      const taken = settled && ahead !== undefined;
      if (taken) data.set(ahead!.data);
      settled = false;
      return taken;
    },
  };
}
