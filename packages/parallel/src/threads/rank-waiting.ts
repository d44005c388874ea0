import { JobEndedError } from "../ranks/rank-errors.js";
import { word, type ThreadArea } from "./thread-area.js";

/** How a rank waits: it spins for a moment where it has a core to itself, then sleeps, and looks up ten times a second whether the job was ended. */
export interface RankWaiting {
  /** Until `ready()`, which may do a part of the work each time; it is asked again after each ring of the rank's bell. */
  untilReady(ready: () => boolean): void;
  /** Until another rank changes the word from `value`. */
  untilChanged(index: number, value: number): void;
  /** Tells another rank that something happened to one of its rings. */
  ring(other: number): void;
}

/** Looks at a word, some 50 µs: longer than a message takes, short against a time step. */
const SPINS = 20_000;
const LOOK_UP_MILLISECONDS = 100;

export function rankWaiting({ words: memory, spin, size }: ThreadArea, rank: number): RankWaiting {
  const words = new Int32Array(memory);
  const bell = word.bell(rank);
  const spins = spin ? SPINS : 1;

  const requireGoingOn = (): void => {
    const by = Atomics.load(words, word.ended);
    if (by !== 0) throw new JobEndedError(by > size ? undefined : by - 1);
  };
  /** Sleeps while `round` says so; the wait has a number, so that a supervisor can tell one wait from the next. */
  const sleepWhile = (round: () => boolean): void => {
    Atomics.add(words, word.waiting(rank), 1);
    try {
      do requireGoingOn();
      while (round());
    } finally {
      Atomics.add(words, word.waiting(rank), 1);
    }
  };
  /** The looks that are left when the bell has rung; a loop of its own, so that the engine compiles no more than this. */
  const listen = (rung: number, looks: number): number => {
    while (looks > 0 && Atomics.load(words, bell) === rung) looks--;
    return looks;
  };
  return {
    untilReady(ready) {
      for (let looks = spins; looks > 0; ) {
        const rung = Atomics.load(words, bell);
        if (ready()) return;
        looks = listen(rung, looks - 1);
      }
      sleepWhile(() => {
        const rung = Atomics.load(words, bell);
        if (ready()) return false;
        Atomics.store(words, word.asleep(rank), 1);
        Atomics.wait(words, bell, rung, LOOK_UP_MILLISECONDS);
        Atomics.store(words, word.asleep(rank), 0);
        return true;
      });
    },
    untilChanged(index, value) {
      for (let spun = 0; spun < spins; spun++) if (Atomics.load(words, index) !== value) return;
      sleepWhile(() => Atomics.wait(words, index, value, LOOK_UP_MILLISECONDS) !== "not-equal" && Atomics.load(words, index) === value);
    },
    ring(other) {
      Atomics.add(words, word.bell(other), 1);
      if (Atomics.load(words, word.asleep(other)) === 1) Atomics.notify(words, word.bell(other));
    },
  };
}
