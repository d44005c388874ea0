import { radix4Stage } from "./cosine-fft";
import { add, IMAGINARY, mul, ROW, splat, sub } from "./lanes";
import { loadLanes, storeLanes, storePaired } from "./line-access";

// DST-I of eight lines with N = n + 1 = 2^k, X_k = Σ_{j=1}^{n} a_j sin(πjk/N), by the splitting into even and odd k,
//     X_{2k}   = DST-I of length N/2 of a_j − a_{N−j},
//     X_{2k+1} = (−1)^k DCT-III of length M = N/2 of c_0 = a_M, c_j = a_{M−j} + a_{M+j},
// down to N = 8. Two lines make one complex line, for which the DCT-III is one complex FFT of length M without a separation afterwards.
// About 2.5 N log₂N − 4N flops a line, accurate to a few roundings a level (there is no running sum).
//
// Plan of one level, in u32: M, address of the folding factors ½cos, ½sin(πj/2M), j = 1 … M/2 − 1; address of the twiddles;
// address of the target rows 4n₀ + 1 of the last butterflies.

/** Vectors c and c + 2 of rows j, M − j of the even half (e, f) and of the odd half (p, q) from rows j, M − j, M + j, N − j of the lines. */
// @ts-ignore: decorator
@inline
function foldVector(strided: bool, lane: usize, half: usize, v: usize, a: usize, b: usize, c: usize, d: usize, e: usize, f: usize, p: usize, q: usize, w: usize): void {
  const a0 = loadLanes(strided, a, lane, half, v), d0 = loadLanes(strided, d, lane, half, v), b0 = loadLanes(strided, b, lane, half, v), c0 = loadLanes(strided, c, lane, half, v);
  const v2 = v + 2;
  const a1 = loadLanes(strided, a, lane, half, v2), d1 = loadLanes(strided, d, lane, half, v2), b1 = loadLanes(strided, b, lane, half, v2), c1 = loadLanes(strided, c, lane, half, v2);
  const at = 16 * v;
  v128.store(e + at, sub(a0, d0));
  v128.store(e + at, sub(a1, d1), IMAGINARY);
  v128.store(f + at, sub(b0, c0));
  v128.store(f + at, sub(b1, c1), IMAGINARY);
  const far0 = add(a0, d0), near0 = add(b0, c0), far1 = add(a1, d1), near1 = add(b1, c1);
  const cos = v128.load64_splat(w), sin = v128.load64_splat(w, 8);
  const p0 = add(mul(cos, near0), mul(sin, far0)), q0 = sub(mul(sin, near0), mul(cos, far0));
  const p1 = add(mul(cos, near1), mul(sin, far1)), q1 = sub(mul(sin, near1), mul(cos, far1));
  v128.store(p + at, sub(p0, q1));
  v128.store(p + at, add(q0, p1), IMAGINARY);
  v128.store(q + at, add(p0, q1));
  v128.store(q + at, sub(p1, q0), IMAGINARY);
}

/** Rows e of the even and rows z of the odd half from the lines a (row j at a + j·stride): one pass, `e` may be `a`. */
// @ts-ignore: decorator
@inline
function foldAll(strided: bool, a: usize, stride: usize, lane: usize, half: usize, e: usize, z: usize, M: usize, factors: usize): void {
  const quarter = M >> 1, middle = a + M * stride;
  let w = factors;
  for (let c: usize = 0; c < 4; c++) v128.store(z + 16 * c, loadLanes(strided, middle, lane, half, c));
  for (let j: usize = 1; j < quarter; j++, w += 16) {
    const near = j * stride, here = j * ROW, there = (M - j) * ROW;
    const first = a + near, before = middle - near, after = middle + near, last = middle + M * stride - near;
    foldVector(strided, lane, half, 0, first, before, after, last, e + here, e + there, z + here, z + there, w);
    foldVector(strided, lane, half, 1, first, before, after, last, e + here, e + there, z + here, z + there, w);
  }
  const left = a + quarter * stride, right = middle + quarter * stride, root = splat(Math.SQRT1_2);
  for (let c: usize = 0; c < 4; c++) {
    const x = loadLanes(strided, left, lane, half, c), y = loadLanes(strided, right, lane, half, c);
    v128.store(e + quarter * ROW + 16 * c, sub(x, y));
    v128.store(z + quarter * ROW + 16 * c, mul(root, add(x, y)));
  }
}

function fold(a: usize, stride: usize, half: usize, e: usize, z: usize, M: usize, factors: usize): void {
  foldAll(false, a, stride, 8, half, e, z, M, factors);
}

function foldStrided(a: usize, stride: usize, lane: usize, e: usize, z: usize, M: usize, factors: usize): void {
  foldAll(true, a, stride, lane, 0, e, z, M, factors);
}

// @ts-ignore: decorator
@inline
function lastButterfly4(p: usize, c: usize, row: usize, jump: usize, mirror: usize, lane: usize, half: usize): void {
  const ar = v128.load(p), ai = v128.load(p, IMAGINARY), cr = v128.load(p, 2 * ROW), ci = v128.load(p, 2 * ROW + IMAGINARY);
  const br = v128.load(p, ROW), bi = v128.load(p, ROW + IMAGINARY), dr = v128.load(p, 3 * ROW), di = v128.load(p, 3 * ROW + IMAGINARY);
  const sr = add(ar, cr), si = add(ai, ci), tr = add(br, dr), ti = add(bi, di);
  storePaired(row, lane, half, c, add(sr, tr), add(si, ti));
  storePaired(mirror + jump, lane, half, c, sub(tr, sr), sub(ti, si));
  const ur = sub(ar, cr), ui = sub(ai, ci), vr = sub(br, dr), vi = sub(bi, di);
  storePaired(row + jump, lane, half, c, sub(ur, vi), add(ui, vr));
  storePaired(mirror, lane, half, c, sub(f64x2.neg(ur), vi), sub(vr, ui));
}

/** Last stage of length 4: entry n < M/2 is X_{4n+1}, entry n ≥ M/2 is −X_{4(M−n)−1}; `row` is the byte stride of X_1, X_2, …, `x` its entry 0. */
function lastStage4(z: usize, M: usize, rows: usize, x: usize, row: usize, lane: usize, half: usize): void {
  const jump = M * row;
  for (let g: usize = 0; g < M >> 2; g++) {
    const p = z + g * 4 * ROW;
    const offset = <usize>load<u32>(rows + 4 * g) * row;
    const target = x + offset, mirror = x + jump - offset;
    lastButterfly4(p, 0, target, jump, mirror, lane, half);
    lastButterfly4(p + 16, 1, target, jump, mirror, lane, half);
  }
}

/** Last stage of length 2. */
function lastStage2(z: usize, M: usize, rows: usize, x: usize, row: usize, lane: usize, half: usize): void {
  for (let g: usize = 0; g < M >> 1; g++) {
    const offset = <usize>load<u32>(rows + 4 * g) * row;
    const target = x + offset, mirror = x + 2 * M * row - offset;
    for (let c: usize = 0; c < 2; c++) {
      const p = z + g * 2 * ROW + 16 * c;
      const ar = v128.load(p), ai = v128.load(p, IMAGINARY), br = v128.load(p, ROW), bi = v128.load(p, ROW + IMAGINARY);
      storePaired(target, lane, half, c, add(ar, br), add(ai, bi));
      storePaired(mirror, lane, half, c, sub(br, ar), sub(bi, ai));
    }
  }
}

/** N = 8 in registers. */
// @ts-ignore: decorator
@inline
function eightPoints(strided: bool, a: usize, stride: usize, from: usize, fromHalf: usize, x: usize, row: usize, lane: usize, half: usize): void {
  const s1 = splat(0.3826834323650898), s2 = splat(Math.SQRT1_2), s3 = splat(0.9238795325112867);
  for (let c: usize = 0; c < 4; c++) {
    const a1 = loadLanes(strided, a + stride, from, fromHalf, c), a7 = loadLanes(strided, a + 7 * stride, from, fromHalf, c);
    const a2 = loadLanes(strided, a + 2 * stride, from, fromHalf, c), a6 = loadLanes(strided, a + 6 * stride, from, fromHalf, c);
    const a3 = loadLanes(strided, a + 3 * stride, from, fromHalf, c), a5 = loadLanes(strided, a + 5 * stride, from, fromHalf, c);
    const a4 = loadLanes(strided, a + 4 * stride, from, fromHalf, c);
    const o1 = add(a1, a7), o3 = add(a3, a5), e1 = sub(a1, a7), e2 = sub(a2, a6), e3 = sub(a3, a5);
    const middle = mul(s2, add(a2, a6));
    const alpha = add(mul(s1, o1), mul(s3, o3)), beta = add(middle, a4);
    storeLanes(x + row, lane, half, c, add(alpha, beta));
    storeLanes(x + 7 * row, lane, half, c, sub(alpha, beta));
    const gamma = sub(mul(s3, o1), mul(s1, o3)), delta = sub(middle, a4);
    storeLanes(x + 3 * row, lane, half, c, add(gamma, delta));
    storeLanes(x + 5 * row, lane, half, c, sub(gamma, delta));
    const outer = mul(s2, add(e1, e3));
    storeLanes(x + 2 * row, lane, half, c, add(outer, e2));
    storeLanes(x + 4 * row, lane, half, c, sub(e1, e3));
    storeLanes(x + 6 * row, lane, half, c, sub(outer, e2));
  }
}

/**
 * X of eight lines: a_j of line l at a + (j − 1)·stride + l·fromLane, X_k at x + (k − 1)·row + l·lane (bytes), lines next to each other in
 * halves as in line-access.ts. All lines are read before the first X is written.
 * `work`: N rows of eight lanes. N ≥ 8.
 */
export function sineFft(plan: usize, N: usize, a: usize, stride: usize, fromLane: usize, fromHalf: usize, x: usize, row: usize, lane: usize, half: usize, work: usize): void {
  const e = work, z = work + (N >> 1) * ROW;
  const origin = x - row;
  let from = a - stride, fromStride = stride, spread = row, level = plan;
  for (let length = N; length > 8; length >>= 1, level += 16) {
    const M = <usize>load<u32>(level);
    const factors = <usize>load<u32>(level, 4);
    if (length == N && fromLane != 8) foldStrided(from, fromStride, fromLane, e, z, M, factors);
    else fold(from, fromStride, fromHalf, e, z, M, factors);
    let twiddles = <usize>load<u32>(level, 8);
    let L = M;
    for (; L > 4; L >>= 2) twiddles = radix4Stage(z, M, L, twiddles);
    const rows = <usize>load<u32>(level, 12);
    if (L == 4) lastStage4(z, M, rows, origin, spread, lane, half);
    else lastStage2(z, M, rows, origin, spread, lane, half);
    from = e;
    fromStride = ROW;
    fromHalf = IMAGINARY;
    spread <<= 1;
  }
  if (N == 8 && fromLane != 8) eightPoints(true, from, fromStride, fromLane, fromHalf, origin, spread, lane, half);
  else eightPoints(false, from, fromStride, 8, fromHalf, origin, spread, lane, half);
}
