// Triangular solves in single precision with one supernode on a block of lanes, up to five columns at a time: their unknowns stay in registers while the
// rows of the panel below them pass. `vectors` = 1 or 2 vectors a row of right-hand sides and `n` = 1 … 5 columns are constants. The panel has w columns,
// whose unknowns lie at `own`, and h rows of `stride` bytes; the unknown of row p below is at work + rows[p]·row. In a group of n columns L is at l and the
// unknowns at y; y0 … y4 are their first vectors, z0 … z4 their second ones.

/** Columns that go together where so many are left: two groups rather than five columns and one. */
// @ts-ignore: decorator
@inline
function columnsTogether(left: usize): usize {
  return left > 8 ? 5 : left > 6 ? 4 : left == 6 ? 3 : left;
}

/** s − L x for the entry of L at l; s itself unless `exists`, a constant. */
// @ts-ignore: decorator
@inline
function minus(exists: bool, s: v128, l: usize, x: v128): v128 {
  return exists ? f32x4.sub(s, f32x4.mul(v128.load32_splat(l), x)) : s;
}

/** (s − Σ_{j<k} L_kj y_j)/L_kk for row k of the triangle */
// @ts-ignore: decorator
@inline
function unknown(k: i32, l: usize, stride: usize, s: v128, y0: v128, y1: v128, y2: v128, y3: v128): v128 {
  const p = l + <usize>k * stride;
  s = minus(k > 0, s, p, y0);
  s = minus(k > 1, s, p + 4, y1);
  s = minus(k > 2, s, p + 8, y2);
  s = minus(k > 3, s, p + 12, y3);
  return f32x4.mul(s, v128.load32_splat(p + 4 * <usize>k));
}

/** (s − Σ_{j>k} L_jk y_j)/L_kk for column k of the triangle */
// @ts-ignore: decorator
@inline
function transposedUnknown(n: i32, k: i32, l: usize, stride: usize, s: v128, y1: v128, y2: v128, y3: v128, y4: v128): v128 {
  const p = l + 4 * <usize>k;
  s = minus(n > 4 && k < 4, s, p + 4 * stride, y4);
  s = minus(n > 3 && k < 3, s, p + 3 * stride, y3);
  s = minus(n > 2 && k < 2, s, p + 2 * stride, y2);
  s = minus(n > 1 && k < 1, s, p + stride, y1);
  return f32x4.mul(s, v128.load32_splat(p + <usize>k * stride));
}

/** The vector at p, `other` unless it exists. */
// @ts-ignore: decorator
@inline
function vector(exists: bool, p: usize, other: v128): v128 {
  return exists ? v128.load(p) : other;
}

// @ts-ignore: decorator
@inline
function write(exists: bool, vectors: i32, p: usize, y: v128, z: v128): void {
  if (!exists) return;
  v128.store(p, y);
  if (vectors > 1) v128.store(p, z, 16);
}

/** target −= Σ_j L_j y_j for the panel row at l. Loads into all lanes take offsets as bases of their own, which all rows share; each is used up before the next. */
// @ts-ignore: decorator
@inline
function reduce(n: i32, vectors: i32, l: usize, target: usize, y0: v128, y1: v128, y2: v128, y3: v128, y4: v128, z0: v128, z1: v128, z2: v128, z3: v128, z4: v128): void {
  const two = vectors > 1;
  let c = v128.load32_splat(l), s = f32x4.sub(v128.load(target), f32x4.mul(c, y0)), t = s;
  if (two) t = f32x4.sub(v128.load(target, 16), f32x4.mul(c, z0));
  if (n > 1) c = v128.load32_splat(l, 4);
  if (n > 1) s = f32x4.sub(s, f32x4.mul(c, y1));
  if (two && n > 1) t = f32x4.sub(t, f32x4.mul(c, z1));
  if (n > 2) c = v128.load32_splat(l, 8);
  if (n > 2) s = f32x4.sub(s, f32x4.mul(c, y2));
  if (two && n > 2) t = f32x4.sub(t, f32x4.mul(c, z2));
  if (n > 3) c = v128.load32_splat(l, 12);
  if (n > 3) s = f32x4.sub(s, f32x4.mul(c, y3));
  if (two && n > 3) t = f32x4.sub(t, f32x4.mul(c, z3));
  if (n > 4) c = v128.load32_splat(l, 16);
  if (n > 4) s = f32x4.sub(s, f32x4.mul(c, y4));
  if (two && n > 4) t = f32x4.sub(t, f32x4.mul(c, z4));
  write(true, vectors, target, s, t);
}

/** y ← T⁻¹ y for the triangle T of n columns, then y −= L y in the rows below them: `inner` rows of the supernode itself, then those from w to h. */
// @ts-ignore: decorator
@inline
function forwardColumns(n: i32, vectors: i32, l: usize, stride: usize, y: usize, inner: usize, w: usize, h: usize, work: usize, rows: usize): void {
  const row = <usize>vectors * 16, two = vectors > 1;
  const first = v128.load(y), y0 = unknown(0, l, stride, first, first, first, first, first);
  const z0 = two ? unknown(0, l, stride, v128.load(y, 16), y0, y0, y0, y0) : y0;
  const y1 = n > 1 ? unknown(1, l, stride, v128.load(y + 1 * row), y0, y0, y0, y0) : y0;
  const z1 = two && n > 1 ? unknown(1, l, stride, v128.load(y + 1 * row, 16), z0, z0, z0, z0) : z0;
  const y2 = n > 2 ? unknown(2, l, stride, v128.load(y + 2 * row), y0, y1, y0, y0) : y0;
  const z2 = two && n > 2 ? unknown(2, l, stride, v128.load(y + 2 * row, 16), z0, z1, z0, z0) : z0;
  const y3 = n > 3 ? unknown(3, l, stride, v128.load(y + 3 * row), y0, y1, y2, y0) : y0;
  const z3 = two && n > 3 ? unknown(3, l, stride, v128.load(y + 3 * row, 16), z0, z1, z2, z0) : z0;
  const y4 = n > 4 ? unknown(4, l, stride, v128.load(y + 4 * row), y0, y1, y2, y3) : y0;
  const z4 = two && n > 4 ? unknown(4, l, stride, v128.load(y + 4 * row, 16), z0, z1, z2, z3) : z0;
  write(true, vectors, y, y0, z0);
  write(n > 1, vectors, y + row, y1, z1);
  write(n > 2, vectors, y + 2 * row, y2, z2);
  write(n > 3, vectors, y + 3 * row, y3, z3);
  write(n > 4, vectors, y + 4 * row, y4, z4);
  l += <usize>n * stride;
  y += <usize>n * row;
  for (const end = l + inner * stride; l < end; l += stride, y += row) reduce(n, vectors, l, y, y0, y1, y2, y3, y4, z0, z1, z2, z3, z4);
  for (let p = rows + 4 * w, end = rows + 4 * h; p < end; p += 4, l += stride) {
    reduce(n, vectors, l, work + <usize>load<u32>(p) * row, y0, y1, y2, y3, y4, z0, z1, z2, z3, z4);
  }
}

/** y −= Lᵀ x from the rows below the n columns, then y ← T⁻ᵀ y. */
// @ts-ignore: decorator
@inline
function backwardColumns(n: i32, vectors: i32, l: usize, stride: usize, y: usize, inner: usize, w: usize, h: usize, work: usize, rows: usize): void {
  const row = <usize>vectors * 16, two = vectors > 1;
  let y0 = v128.load(y), y1 = vector(n > 1, y + row, y0), y2 = vector(n > 2, y + 2 * row, y0), y3 = vector(n > 3, y + 3 * row, y0), y4 = vector(n > 4, y + 4 * row, y0);
  const next = y + 16;
  let z0 = vector(two, next, y0), z1 = vector(two && n > 1, next + row, y0), z2 = vector(two && n > 2, next + 2 * row, y0), z3 = vector(two && n > 3, next + 3 * row, y0), z4 = vector(two && n > 4, next + 4 * row, y0);
  let p = l + <usize>n * stride, from = y + <usize>n * row, number = rows + 4 * w;
  for (const last = p + inner * stride, end = last + (h - w) * stride; p < end; p += stride) {
    let x = from;
    if (p < last) from += row;
    else {
      x = work + <usize>load<u32>(number) * row;
      number += 4;
    }
    const a = v128.load(x), b = two ? v128.load(x, 16) : a;
    let c = v128.load32_splat(p);
    y0 = f32x4.sub(y0, f32x4.mul(c, a));
    if (two) z0 = f32x4.sub(z0, f32x4.mul(c, b));
    if (n > 1) c = v128.load32_splat(p, 4);
    if (n > 1) y1 = f32x4.sub(y1, f32x4.mul(c, a));
    if (two && n > 1) z1 = f32x4.sub(z1, f32x4.mul(c, b));
    if (n > 2) c = v128.load32_splat(p, 8);
    if (n > 2) y2 = f32x4.sub(y2, f32x4.mul(c, a));
    if (two && n > 2) z2 = f32x4.sub(z2, f32x4.mul(c, b));
    if (n > 3) c = v128.load32_splat(p, 12);
    if (n > 3) y3 = f32x4.sub(y3, f32x4.mul(c, a));
    if (two && n > 3) z3 = f32x4.sub(z3, f32x4.mul(c, b));
    if (n > 4) c = v128.load32_splat(p, 16);
    if (n > 4) y4 = f32x4.sub(y4, f32x4.mul(c, a));
    if (two && n > 4) z4 = f32x4.sub(z4, f32x4.mul(c, b));
  }
  if (n > 4) y4 = transposedUnknown(n, 4, l, stride, y4, y4, y4, y4, y4);
  if (two && n > 4) z4 = transposedUnknown(n, 4, l, stride, z4, z4, z4, z4, z4);
  write(n > 4, vectors, y + 4 * row, y4, z4);
  if (n > 3) y3 = transposedUnknown(n, 3, l, stride, y3, y3, y3, y3, y4);
  if (two && n > 3) z3 = transposedUnknown(n, 3, l, stride, z3, z3, z3, z3, z4);
  write(n > 3, vectors, y + 3 * row, y3, z3);
  if (n > 2) y2 = transposedUnknown(n, 2, l, stride, y2, y2, y2, y3, y4);
  if (two && n > 2) z2 = transposedUnknown(n, 2, l, stride, z2, z2, z2, z3, z4);
  write(n > 2, vectors, y + 2 * row, y2, z2);
  if (n > 1) y1 = transposedUnknown(n, 1, l, stride, y1, y1, y2, y3, y4);
  if (two && n > 1) z1 = transposedUnknown(n, 1, l, stride, z1, z1, z2, z3, z4);
  write(n > 1, vectors, y + 1 * row, y1, z1);
  y0 = transposedUnknown(n, 0, l, stride, y0, y1, y2, y3, y4);
  if (two) z0 = transposedUnknown(n, 0, l, stride, z0, z1, z2, z3, z4);
  write(true, vectors, y, y0, z0);
}

/** y ← L⁻¹ y for the columns of the supernode, then y −= L y below them. */
// @ts-ignore: decorator
@inline
export function forwardSingle(vectors: i32, w: usize, h: usize, panel: usize, own: usize, work: usize, rows: usize): void {
  const row = <usize>vectors * 16, stride = 4 * w;
  for (let q: usize = 0; q < w; ) {
    const n = columnsTogether(w - q), l = panel + q * (stride + 4), y = own + q * row, inner = w - q - n;
    if (n == 5) forwardColumns(5, vectors, l, stride, y, inner, w, h, work, rows);
    else if (n == 4) forwardColumns(4, vectors, l, stride, y, inner, w, h, work, rows);
    else if (n == 3) forwardColumns(3, vectors, l, stride, y, inner, w, h, work, rows);
    else if (n == 2) forwardColumns(2, vectors, l, stride, y, inner, w, h, work, rows);
    else forwardColumns(1, vectors, l, stride, y, inner, w, h, work, rows);
    q += n;
  }
}

/** y −= Lᵀ x from the rows below, then y ← L⁻ᵀ y for the columns of the supernode. */
// @ts-ignore: decorator
@inline
export function backwardSingle(vectors: i32, w: usize, h: usize, panel: usize, own: usize, work: usize, rows: usize): void {
  const row = <usize>vectors * 16, stride = 4 * w;
  for (let past = w; past > 0; ) {
    const n = columnsTogether(past), q = past - n, l = panel + q * (stride + 4), y = own + q * row, inner = w - past;
    if (n == 5) backwardColumns(5, vectors, l, stride, y, inner, w, h, work, rows);
    else if (n == 4) backwardColumns(4, vectors, l, stride, y, inner, w, h, work, rows);
    else if (n == 3) backwardColumns(3, vectors, l, stride, y, inner, w, h, work, rows);
    else if (n == 2) backwardColumns(2, vectors, l, stride, y, inner, w, h, work, rows);
    else backwardColumns(1, vectors, l, stride, y, inner, w, h, work, rows);
    past = q;
  }
}
