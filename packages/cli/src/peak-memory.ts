import { readFileSync } from "node:fs";

/**
 * Peak resident bytes of this process. On Linux from /proc, which begins with the program; the `maxRSS` of `getrusage`, taken elsewhere, begins at exec with what the parent process
 * held, so that a program started from a large one reports that.
 */
export function peakResidentBytes(): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(processStatus()) ?? [];
  return 1024 * (kilobytes === undefined ? process.resourceUsage().maxRSS : Number(kilobytes));
}

function processStatus(): string {
  try {
    return readFileSync("/proc/self/status", "utf8");
  } catch {
    return "";
  }
}
