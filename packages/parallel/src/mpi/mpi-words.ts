/** Words that the rank's thread shares with the supervising thread of its process. */
export const mpiWord = {
  /** 1: leave the next wait. */
  ended: 0,
  /** Odd while the rank has been waiting for more than a moment. */
  waiting: 1,
  /** The exit code with which to abort, once the last words are printed. */
  leave: 2,
} as const;

export const mpiWords = (): SharedArrayBuffer => new SharedArrayBuffer(4 * 3);
