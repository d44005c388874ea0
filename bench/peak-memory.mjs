import { readFileSync } from "node:fs";

/** Peak resident bytes of this process since it began to run its own program; what a parent used before does not count where the kernel tells. */
export function peakBytes() {
  try {
    return 1024 * Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync("/proc/self/status", "utf8"))[1]);
  } catch {
    return 1024 * process.resourceUsage().maxRSS;
  }
}
