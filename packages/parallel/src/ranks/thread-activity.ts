import { readFileSync, readlinkSync } from "node:fs";

/** What the operating system knows about a thread. */
export interface ThreadActivity {
  /** Nanoseconds on a core. */
  readonly runTime: number;
  /** It sleeps or is stopped, and does not wait for a device. */
  readonly asleep: boolean;
}

/** A thread of any process on this host; 0 where the operating system does not say. */
export interface ThreadNumber {
  readonly process: number;
  readonly thread: number;
}

/** The calling thread. */
export function ownThread(): ThreadNumber {
  try {
    const [process, , thread] = readlinkSync("/proc/thread-self").split("/").map(Number);
    return { process, thread };
  } catch {
    return { process: 0, thread: 0 };
  }
}

/** `undefined` where the thread is gone or the system does not say (only Linux does). */
export function threadActivity({ process, thread }: ThreadNumber): ThreadActivity | undefined {
  if (thread === 0) return undefined;
  try {
    const directory = `/proc/${process}/task/${thread}`;
    const [runTime] = readFileSync(`${directory}/schedstat`, "utf8").split(" ");
    const stat = readFileSync(`${directory}/stat`, "utf8");
    const state = stat.slice(stat.lastIndexOf(")") + 2)[0];
    return { runTime: Number(runTime), asleep: "STt".includes(state) };
  } catch {
    return undefined;
  }
}
