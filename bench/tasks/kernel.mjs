import { kernels } from "@parakkt/kernels";
import { openCPeers } from "../kernels/c-peers.mjs";
import { kernelPairs } from "../kernels/index.mjs";

const WARM_UP_MILLISECONDS = 100;

/** Kernels and peers may add up in another order. */
const LARGEST_DIFFERENCE = 1e-9;

/**
 * One of our kernels against its C peers in this process: rounds of about `milliseconds` each, ours and the peers in turn, on the CPU clock of the
 * thread (without peers, that of the process). Returns { side: microseconds per item, one value a round }; the side `ours` and one for each peer.
 */
export function run({ kernel, setting, rounds, milliseconds, c: parameters }) {
  const c = openCPeers(parameters);
  const clock = c?.clock ?? processClock;
  const pair = kernelPairs[kernel](setting, { made: kernels(2 ** 27), c });
  const sides = { ours: pair.ours, ...pair.peers };
  const difference = checked(pair, sides);
  const repetitions = Object.fromEntries(Object.entries(sides).map(([side, call]) => [side, calibrated(call, { pair, clock, milliseconds })]));
  const times = Object.fromEntries(Object.keys(sides).map((side) => [side, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [side, call] of Object.entries(sides)) {
      pair.reset?.();
      const spent = timed(call, repetitions[side], clock);
      times[side].push((1e3 * spent) / (repetitions[side] * pair.items));
    }
  }
  return { times, details: { ...setting, ...(difference !== undefined && { difference }) } };
}

function checked(pair, sides) {
  pair.reset?.();
  for (const call of Object.values(sides)) call();
  const difference = pair.check();
  if (difference !== undefined && !(difference < LARGEST_DIFFERENCE)) throw new Error(`ours and the peer's result differ by ${difference}`);
  return difference;
}

/** Calls that fill a round, found after a warm-up that lets the engine finish compiling. */
function calibrated(call, { pair, clock, milliseconds }) {
  const most = pair.maxRepetitions ?? Infinity;
  const end = performance.now() + WARM_UP_MILLISECONDS;
  while (performance.now() < end) {
    pair.reset?.();
    call();
  }
  for (let count = 1; ; count *= 2) {
    pair.reset?.();
    const spent = timed(call, Math.min(count, most), clock);
    if (spent >= milliseconds / 2 || count >= most) return Math.min(most, Math.max(1, Math.round((Math.min(count, most) * milliseconds) / spent)));
  }
}

function timed(call, repetitions, clock) {
  const start = clock();
  for (let k = 0; k < repetitions; k++) call();
  return clock() - start;
}

function processClock() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
}
