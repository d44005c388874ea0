import type { KernelMemory } from "./kernel-memory.js";

/** Smallest transform that the FFT kernel takes. */
const SMALLEST_FFT = 8;

/** Address of the plan of assembly/sine-transform.ts for lines of n entries. */
export function sinePlan(memory: KernelMemory, n: number): number {
  const isPowerOfTwo = ((n + 1) & n) === 0;
  const fft = isPowerOfTwo && n + 1 >= SMALLEST_FFT;
  return memory.words([n, fft ? 1 : 0, ...(fft ? fftLevels(memory, n + 1) : productMatrices(memory, n))]).byteOffset;
}

/** M, factors, twiddles, rows of each level M = N/2, N/4, … 8 of assembly/sine-fft.ts. */
function fftLevels(memory: KernelMemory, N: number): number[] {
  const levels: number[] = [];
  for (let M = N / 2; M >= SMALLEST_FFT; M /= 2) {
    levels.push(M, stored(memory, foldFactors(M)), stored(memory, twiddles(M)), memory.words(lastRows(M)).byteOffset);
  }
  return levels;
}

function stored(memory: KernelMemory, values: readonly number[]): number {
  const vector = memory.doubles(values.length);
  vector.set(values);
  return vector.byteOffset;
}

/** ½ cos(πj/2M), ½ sin(πj/2M), j = 1 … M/2 − 1 */
function foldFactors(M: number): number[] {
  const factors: number[] = [];
  for (let j = 1; j < M / 2; j++) {
    const angle = (Math.PI * j) / (2 * M);
    factors.push(Math.cos(angle) / 2, Math.sin(angle) / 2);
  }
  return factors;
}

/** Lengths of the radix-4 stages before the last one, which has length 4 or 2. */
function stageLengths(M: number): number[] {
  const lengths: number[] = [];
  for (let L = M; L > 4; L /= 4) lengths.push(L);
  return lengths;
}

/** e^{2πi kt/L}, t = 1, 2, 3, k = 1 … L/4 − 1, stage by stage */
function twiddles(M: number): number[] {
  const factors: number[] = [];
  for (const L of stageLengths(M)) {
    for (let k = 1; k < L / 4; k++) {
      for (let t = 1; t <= 3; t++) factors.push(Math.cos((2 * Math.PI * k * t) / L), Math.sin((2 * Math.PI * k * t) / L));
    }
  }
  return factors;
}

/** 4n₀ + 1 of each last butterfly: n₀ has the base-4 digits of its place in reverse. */
function lastRows(M: number): number[] {
  const lengths = stageLengths(M);
  const length = M / 4 ** lengths.length;
  return Array.from({ length: M / length }, (_, butterfly) => {
    let place = butterfly * length;
    let n0 = 0;
    lengths.forEach((L, digit) => {
      n0 += 4 ** digit * Math.floor(place / (L / 4));
      place %= L / 4;
    });
    return 4 * n0 + 1;
  });
}

/** The two matrices of assembly/sine-product.ts. */
function productMatrices(memory: KernelMemory, n: number): number[] {
  return [foldedSines(memory, n, 1), foldedSines(memory, n, 2)];
}

/** Rows `first`, `first` + 2, … in blocks of three, the three entries of a column side by side. */
function foldedSines(memory: KernelMemory, n: number, first: 1 | 2): number {
  const columns = (n + 2 - first) >> 1;
  const matrix = memory.doubles(3 * Math.ceil(columns / 3) * columns);
  for (let r = 0; r < columns; r++) {
    for (let j = 0; j < columns; j++) {
      const angle = ((first + 2 * r) * (j + 1)) % (2 * (n + 1));
      matrix[3 * (Math.floor(r / 3) * columns + j) + (r % 3)] = Math.sin((Math.PI * angle) / (n + 1));
    }
  }
  return matrix.byteOffset;
}
