/** A reproducible stream of pseudo-random numbers: the same seed gives the same stream on every machine. */
export interface SeededRandom {
  /** Uniform on [0, 1), 53 random bits. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** n independent standard normal entries. */
  normalVector(n: number): Float64Array;
}

const MASK_64 = (1n << 64n) - 1n;

/** SplitMix64 spreads any seed, also 0, over the 64-bit states that the generator starts from [Steele2014]. */
function splitMix64(seed: number): () => bigint {
  let state = BigInt.asUintN(64, BigInt(Math.trunc(seed)));
  return () => {
    state = (state + 0x9e3779b97f4a7c15n) & MASK_64;
    let z = state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK_64;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK_64;
    return z ^ (z >> 31n);
  };
}

/** Random 32-bit integers: xoshiro128** [Blackman2021], which needs no 64-bit arithmetic. */
function xoshiro128(seed: number): () => number {
  const draw = splitMix64(seed);
  const [first, second] = [draw(), draw()];
  const low = (word: bigint): number => Number(BigInt.asIntN(32, word));
  let [a, b, c, d] = [low(first), low(first >> 32n), low(second), low(second >> 32n)];
  return () => {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  };
}

/**
 * A seeded generator for initial weights, generated data and tests (never for cryptography): xoshiro128** started by SplitMix64, normals by Box and Muller.
 *
 * References: [Blackman2021], [Steele2014].
 */
export function seededRandom(seed: number): SeededRandom {
  const next = xoshiro128(seed);
  const uniform = (): number => ((next() >>> 5) * 0x4000000 + (next() >>> 6)) / 2 ** 53;
  let spare: number | undefined;
  const normal = (): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  return { uniform, normal, normalVector: (n) => Float64Array.from({ length: n }, normal) };
}
