// Triangular solves with one supernode on one right-hand side: vectors run along the rows of the panel. T is f64 or f32.
// w columns, whose unknowns lie at `own`, and h panel rows; the unknown of row p below is at work + rows[p]·sizeof T.

// @ts-ignore: decorator
@inline
function at<T>(work: usize, rows: usize, p: usize): usize {
  return work + <usize>load<u32>(rows + 4 * p) * sizeof<T>();
}

// @ts-ignore: decorator
@inline
function subtract<T>(target: usize, x: T): void {
  store<T>(target, load<T>(target) - x);
}

/** The 16, 8 or 4 bytes (`bytes`, a constant) at p, zeros behind them. */
// @ts-ignore: decorator
@inline
function part(bytes: usize, p: usize): v128 {
  return bytes == 16 ? v128.load(p) : bytes == 8 ? v128.load64_zero(p) : v128.load32_zero(p);
}

/** sum + x·y, entry by entry, for so many bytes at x */
// @ts-ignore: decorator
@inline
function plus<T>(bytes: usize, sum: v128, x: usize, y: v128): v128 {
  return v128.add<T>(sum, v128.mul<T>(part(bytes, x), y));
}

/** Sum of the entries of a vector. */
// @ts-ignore: decorator
@inline
function total<T>(a: v128): T {
  if (sizeof<T>() == 8) return <T>(v128.extract_lane<T>(a, 0) + v128.extract_lane<T>(a, 1));
  const pairs = v128.add<T>(a, v128.shuffle<f64>(a, a, 1, 0));
  return <T>(v128.extract_lane<T>(pairs, 0) + v128.extract_lane<T>(pairs, 1));
}

/** target_r −= Σ_t L_rt y_t for the four panel rows from a on. */
// @ts-ignore: decorator
@inline
function subtractRows<T>(a: usize, stride: usize, y: usize, columns: usize, ta: usize, tb: usize, tc: usize, td: usize): void {
  let sa = v128.splat<T>(<T>0), sb = sa, sc = sa, sd = sa;
  let b = a + stride, c = b + stride, d = c + stride, rest = columns * sizeof<T>();
  for (; rest >= 16; rest -= 16, a += 16, b += 16, c += 16, d += 16, y += 16) {
    const v = v128.load(y);
    sa = plus<T>(16, sa, a, v);
    sb = plus<T>(16, sb, b, v);
    sc = plus<T>(16, sc, c, v);
    sd = plus<T>(16, sd, d, v);
  }
  if (rest & 8) {
    const v = part(8, y);
    sa = plus<T>(8, sa, a, v);
    sb = plus<T>(8, sb, b, v);
    sc = plus<T>(8, sc, c, v);
    sd = plus<T>(8, sd, d, v);
  }
  if (sizeof<T>() == 4 && rest & 4) {
    const at = rest & 8, v = part(4, y + at);
    sa = plus<T>(4, sa, a + at, v);
    sb = plus<T>(4, sb, b + at, v);
    sc = plus<T>(4, sc, c + at, v);
    sd = plus<T>(4, sd, d + at, v);
  }
  subtract<T>(ta, total<T>(sa));
  subtract<T>(tb, total<T>(sb));
  subtract<T>(tc, total<T>(sc));
  subtract<T>(td, total<T>(sd));
}

/** Σ_t L_at y_t */
// @ts-ignore: decorator
@inline
function product<T>(a: usize, y: usize, columns: usize): T {
  let sum = v128.splat<T>(<T>0), rest = columns * sizeof<T>();
  for (; rest >= 16; rest -= 16, a += 16, y += 16) sum = plus<T>(16, sum, a, v128.load(y));
  if (rest & 8) sum = plus<T>(8, sum, a, part(8, y));
  if (sizeof<T>() == 4 && rest & 4) sum = plus<T>(4, sum, a + (rest & 8), part(4, y + (rest & 8)));
  return total<T>(sum);
}

/** L_at x_a + L_bt x_b + L_ct x_c + L_dt x_d */
// @ts-ignore: decorator
@inline
function combination<T>(bytes: usize, a: usize, b: usize, c: usize, d: usize, xa: v128, xb: v128, xc: v128, xd: v128): v128 {
  const s = v128.add<T>(v128.mul<T>(part(bytes, a), xa), v128.mul<T>(part(bytes, b), xb));
  const t = v128.add<T>(v128.mul<T>(part(bytes, c), xc), v128.mul<T>(part(bytes, d), xd));
  return v128.add<T>(s, t);
}

/** y_t −= Σ_r L_rt x_r for the four panel rows from a on. */
// @ts-ignore: decorator
@inline
function subtractTransposedRows<T>(a: usize, stride: usize, y: usize, columns: usize, xa: v128, xb: v128, xc: v128, xd: v128): void {
  let b = a + stride, c = b + stride, d = c + stride, rest = columns * sizeof<T>();
  for (; rest >= 16; rest -= 16, a += 16, b += 16, c += 16, d += 16, y += 16) {
    v128.store(y, v128.sub<T>(v128.load(y), combination<T>(16, a, b, c, d, xa, xb, xc, xd)));
  }
  if (rest & 8) v128.store64_lane(y, v128.sub<T>(v128.load64_zero(y), combination<T>(8, a, b, c, d, xa, xb, xc, xd)), 0);
  if (sizeof<T>() == 4 && rest & 4) {
    const at = rest & 8;
    v128.store32_lane(y + at, v128.sub<T>(v128.load32_zero(y + at), combination<T>(4, a + at, b + at, c + at, d + at, xa, xb, xc, xd)), 0);
  }
}

/** y_t −= L_at x */
// @ts-ignore: decorator
@inline
function subtractTransposedRow<T>(a: usize, y: usize, columns: usize, x: v128): void {
  let rest = columns * sizeof<T>();
  for (; rest >= 16; rest -= 16, a += 16, y += 16) v128.store(y, v128.sub<T>(v128.load(y), v128.mul<T>(v128.load(a), x)));
  if (rest & 8) v128.store64_lane(y, v128.sub<T>(part(8, y), v128.mul<T>(part(8, a), x)), 0);
  if (sizeof<T>() == 4 && rest & 4) {
    const at = rest & 8;
    v128.store32_lane(y + at, v128.sub<T>(part(4, y + at), v128.mul<T>(part(4, a + at), x)), 0);
  }
}

/** y ← T⁻¹ y for a lower triangle T of four rows, reciprocals on its diagonal, `stride` bytes from row to row. */
// @ts-ignore: decorator
@inline
function solveTriangle<T>(l: usize, stride: usize, y: usize): void {
  const S = sizeof<T>(), l1 = l + stride, l2 = l1 + stride, l3 = l2 + stride;
  const x0 = load<T>(y) * load<T>(l);
  const x1 = (load<T>(y, S) - load<T>(l1) * x0) * load<T>(l1, S);
  const x2 = (load<T>(y, 2 * S) - load<T>(l2) * x0 - load<T>(l2, S) * x1) * load<T>(l2, 2 * S);
  store<T>(y, x0);
  store<T>(y, x1, S);
  store<T>(y, x2, 2 * S);
  store<T>(y, (load<T>(y, 3 * S) - load<T>(l3) * x0 - load<T>(l3, S) * x1 - load<T>(l3, 2 * S) * x2) * load<T>(l3, 3 * S), 3 * S);
}

/** y ← T⁻ᵀ y */
// @ts-ignore: decorator
@inline
function solveTransposedTriangle<T>(l: usize, stride: usize, y: usize): void {
  const S = sizeof<T>(), l1 = l + stride, l2 = l1 + stride, l3 = l2 + stride;
  const x3 = load<T>(y, 3 * S) * load<T>(l3, 3 * S);
  const x2 = (load<T>(y, 2 * S) - load<T>(l3, 2 * S) * x3) * load<T>(l2, 2 * S);
  const x1 = (load<T>(y, S) - load<T>(l3, S) * x3 - load<T>(l2, S) * x2) * load<T>(l1, S);
  store<T>(y, x3, 3 * S);
  store<T>(y, x2, 2 * S);
  store<T>(y, x1, S);
  store<T>(y, (load<T>(y) - load<T>(l3) * x3 - load<T>(l2) * x2 - load<T>(l1) * x1) * load<T>(l));
}

/** y ← L⁻¹ y for the columns of the supernode, then y −= L y below them. */
// @ts-ignore: decorator
@inline
export function forwardOneLane<T>(w: usize, h: usize, panel: usize, own: usize, work: usize, rows: usize): void {
  const stride = w * sizeof<T>();
  let i: usize = 0, l = panel;
  for (; i + 4 <= w; i += 4, l += 4 * stride) {
    const y = own + i * sizeof<T>();
    if (i > 0) subtractRows<T>(l, stride, own, i, y, y + sizeof<T>(), y + 2 * sizeof<T>(), y + 3 * sizeof<T>());
    solveTriangle<T>(l + i * sizeof<T>(), stride, y);
  }
  for (; i < w; i++, l += stride) {
    const y = own + i * sizeof<T>();
    store<T>(y, <T>((load<T>(y) - product<T>(l, own, i)) * load<T>(l + i * sizeof<T>())));
  }
  for (; i + 4 <= h; i += 4, l += 4 * stride) {
    subtractRows<T>(l, stride, own, w, at<T>(work, rows, i), at<T>(work, rows, i + 1), at<T>(work, rows, i + 2), at<T>(work, rows, i + 3));
  }
  for (; i < h; i++, l += stride) subtract<T>(at<T>(work, rows, i), product<T>(l, own, w));
}

/** y −= Lᵀ x from the rows below, then y ← L⁻ᵀ y for the columns of the supernode. */
// @ts-ignore: decorator
@inline
export function backwardOneLane<T>(w: usize, h: usize, panel: usize, own: usize, work: usize, rows: usize): void {
  const stride = w * sizeof<T>();
  let i = w, l = panel + w * stride;
  for (; i + 4 <= h; i += 4, l += 4 * stride) {
    const xa = v128.load_splat<T>(at<T>(work, rows, i)), xb = v128.load_splat<T>(at<T>(work, rows, i + 1));
    const xc = v128.load_splat<T>(at<T>(work, rows, i + 2)), xd = v128.load_splat<T>(at<T>(work, rows, i + 3));
    subtractTransposedRows<T>(l, stride, own, w, xa, xb, xc, xd);
  }
  for (; i < h; i++, l += stride) subtractTransposedRow<T>(l, own, w, v128.load_splat<T>(at<T>(work, rows, i)));
  i = w;
  l = panel + w * stride;
  while (i & 3) {
    i--;
    l -= stride;
    const y = own + i * sizeof<T>(), x = <T>(load<T>(y) * load<T>(l + i * sizeof<T>()));
    store<T>(y, x);
    subtractTransposedRow<T>(l, own, i, v128.splat<T>(x));
  }
  while (i > 0) {
    i -= 4;
    l -= 4 * stride;
    const S = sizeof<T>(), y = own + i * S;
    solveTransposedTriangle<T>(l + i * S, stride, y);
    if (i > 0) subtractTransposedRows<T>(l, stride, own, i, v128.load_splat<T>(y), v128.load_splat<T>(y, S), v128.load_splat<T>(y, 2 * S), v128.load_splat<T>(y, 3 * S));
  }
}
