import { add, IMAGINARY, mul, ROW, sub } from "./lanes";

// In-place complex FFT with exponent +2πi on M = 2^m rows of paired lines, decimation in frequency: entry n ends at the row whose base-4
// digits are those of n in reverse. Twiddles of a stage of length L: e^{2πi k/L}, e^{4πi k/L}, e^{6πi k/L} for k = 1 … L/4 − 1, 48 bytes each.

// @ts-ignore: decorator
@inline
function butterfly(p: usize, q: usize): void {
  const p1 = p + q, p2 = p1 + q, p3 = p2 + q;
  const ar = v128.load(p), ai = v128.load(p, IMAGINARY), cr = v128.load(p2), ci = v128.load(p2, IMAGINARY);
  const sr = add(ar, cr), si = add(ai, ci), dr = sub(ar, cr), di = sub(ai, ci);
  const br = v128.load(p1), bi = v128.load(p1, IMAGINARY), er = v128.load(p3), ei = v128.load(p3, IMAGINARY);
  const tr = add(br, er), ti = add(bi, ei), xr = sub(br, er), xi = sub(bi, ei);
  v128.store(p, add(sr, tr));
  v128.store(p, add(si, ti), IMAGINARY);
  v128.store(p1, sub(dr, xi));
  v128.store(p1, add(di, xr), IMAGINARY);
  v128.store(p2, sub(sr, tr));
  v128.store(p2, sub(si, ti), IMAGINARY);
  v128.store(p3, add(dr, xi));
  v128.store(p3, sub(di, xr), IMAGINARY);
}

// @ts-ignore: decorator
@inline
function storeRotated(p: usize, re: v128, im: v128, c: v128, s: v128): void {
  v128.store(p, sub(mul(re, c), mul(im, s)));
  v128.store(p, add(mul(re, s), mul(im, c)), IMAGINARY);
}

// @ts-ignore: decorator
@inline
function twiddledButterfly(p: usize, q: usize, w: usize): void {
  const p1 = p + q, p2 = p1 + q, p3 = p2 + q;
  const ar = v128.load(p), ai = v128.load(p, IMAGINARY), cr = v128.load(p2), ci = v128.load(p2, IMAGINARY);
  const sr = add(ar, cr), si = add(ai, ci), dr = sub(ar, cr), di = sub(ai, ci);
  const br = v128.load(p1), bi = v128.load(p1, IMAGINARY), er = v128.load(p3), ei = v128.load(p3, IMAGINARY);
  const tr = add(br, er), ti = add(bi, ei), xr = sub(br, er), xi = sub(bi, ei);
  v128.store(p, add(sr, tr));
  v128.store(p, add(si, ti), IMAGINARY);
  storeRotated(p1, sub(dr, xi), add(di, xr), v128.load64_splat(w, 0), v128.load64_splat(w, 8));
  storeRotated(p2, sub(sr, tr), sub(si, ti), v128.load64_splat(w, 16), v128.load64_splat(w, 24));
  storeRotated(p3, add(dr, xi), sub(di, xr), v128.load64_splat(w, 32), v128.load64_splat(w, 40));
}

/** One radix-4 stage of length L over all M rows; hands back where the twiddles of the next stage begin. */
export function radix4Stage(z: usize, M: usize, L: usize, twiddles: usize): usize {
  const quarter = L >> 2, q = quarter * ROW, group = L * ROW, end = z + M * ROW;
  for (let p = z; p < end; p += group) {
    butterfly(p, q);
    butterfly(p + 16, q);
  }
  let w = twiddles;
  for (let k: usize = 1; k < quarter; k++, w += 48) {
    for (let p = z + k * ROW; p < end; p += group) {
      twiddledButterfly(p, q, w);
      twiddledButterfly(p + 16, q, w);
    }
  }
  return w;
}
