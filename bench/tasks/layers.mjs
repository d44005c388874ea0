import { layerBenchmarks } from "../layers/benchmarks.mjs";

const WARM_UP_MILLISECONDS = 150;

/**
 * Sides of one benchmark of layers in this process, in turn, `rounds` rounds of about `milliseconds` each, on the CPU clock of the process.
 * Returns { times: { side: microseconds per item, one value a round }, details }.
 */
export function run({ benchmark, setting, rounds, milliseconds }) {
  const { sides, details } = layerBenchmarks[benchmark](setting);
  const repetitions = Object.fromEntries(Object.entries(sides).map(([side, { call }]) => [side, calibrated(call, milliseconds)]));
  const times = Object.fromEntries(Object.keys(sides).map((side) => [side, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [side, { call, items }] of Object.entries(sides)) {
      const before = items();
      const spent = timed(call, repetitions[side]);
      times[side].push((1e3 * spent) / (items() - before));
    }
  }
  return { times, details: { ...setting, ...details?.() } };
}

function calibrated(call, milliseconds) {
  const end = performance.now() + WARM_UP_MILLISECONDS;
  while (performance.now() < end) call();
  for (let count = 1; ; count *= 2) {
    const spent = timed(call, count);
    if (spent >= milliseconds / 2) return Math.max(1, Math.round((count * milliseconds) / spent));
  }
}

function timed(call, repetitions) {
  const start = clock();
  for (let k = 0; k < repetitions; k++) call();
  return clock() - start;
}

function clock() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
}
