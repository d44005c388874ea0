import type { LineTransform } from "../sine-passes.js";

/**
 * X_k = Σ_{j=1}^{n} a_j sin(πjk/(n+1)), k = 1 … n, as dense products for any n: the sine is even or odd about the middle of the line,
 * so that row k meets only the even (k odd) or the odd (k even) part of it. n/2 multiply-adds a point; storage n²/2 doubles.
 */
export function plainSineLines(n: number): LineTransform {
  const sines = sineTable(n);
  const half = Math.ceil(n / 2);
  const parts = [new Float64Array(half), new Float64Array(half)];
  return (source, target, count, lanes) => {
    for (let line = 0; line < count * lanes; line++) {
      const [l, lane] = [Math.floor(line / lanes), line % lanes];
      foldLine(parts, n, source.data, { start: source.offset + l * source.lineStride + lane, stride: source.entryStride });
      const start = target.offset + l * target.lineStride + lane;
      for (let k = 1; k <= n; k++) target.data[start + (k - 1) * target.entryStride] = rowProduct(sines, parts[(k + 1) % 2], n, k);
    }
  };
}

/** sin(πi/(n+1)), i = 0 … 2n + 1. Products of indices are reduced modulo the period: the sine of a large argument loses digits. */
function sineTable(n: number): Float64Array {
  return Float64Array.from({ length: 2 * (n + 1) }, (_, i) => Math.sin((Math.PI * i) / (n + 1)));
}

/** even ← a_j + a_{n+1−j}, odd ← a_j − a_{n+1−j} */
function foldLine([even, odd]: readonly Float64Array[], n: number, line: Float64Array, { start, stride }: { start: number; stride: number }): void {
  for (let j = 0; j < even.length; j++) {
    const left = line[start + j * stride];
    const right = 2 * j + 1 === n ? 0 : line[start + (n - 1 - j) * stride];
    even[j] = left + right;
    odd[j] = left - right;
  }
}

/** The middle of an odd line meets sin(πk/2) = 0 for even k, so its entry in the odd part does not matter. */
function rowProduct(sines: Float64Array, part: Float64Array, n: number, k: number): number {
  const period = 2 * (n + 1);
  let sum = 0;
  for (let j = 0, angle = k; j < part.length; j++, angle = (angle + k) % period) sum += sines[angle] * part[j];
  return sum;
}
