/** Seconds on a clock that all threads of the machine share and that nobody can set: for durations, where the time of day may jump. */
export function monotonicSeconds(): number {
  return Number(process.hrtime.bigint()) / 1e9;
}
