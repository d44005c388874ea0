import { add, mul, splat, sub } from "./lanes";

// Products with rows of a panel of the factor, stored row by row. A block of right-hand sides is [row][lane], `row` bytes a row.
// Four panel rows with one or two vectors (`vectors`, a constant) or two rows with four vectors move together, so that sums stay in registers.

/** target_r −= Σ_t L_rt y_t over `columns` columns t, for the four panel rows at a, b, c, d. */
// @ts-ignore: decorator
@inline
export function subtractRows(vectors: i32, row: usize, a: usize, b: usize, c: usize, d: usize, y: usize, columns: usize, ta: usize, tb: usize, tc: usize, td: usize): void {
  let a0 = splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
  for (const end = a + columns * 8; a < end; a += 8, b += 8, c += 8, d += 8, y += row) {
    const la = v128.load64_splat(a), lb = v128.load64_splat(b), lc = v128.load64_splat(c), ld = v128.load64_splat(d);
    const y0 = v128.load(y);
    a0 = add(a0, mul(la, y0));
    b0 = add(b0, mul(lb, y0));
    c0 = add(c0, mul(lc, y0));
    d0 = add(d0, mul(ld, y0));
    if (vectors > 1) {
      const y1 = v128.load(y, 16);
      a1 = add(a1, mul(la, y1));
      b1 = add(b1, mul(lb, y1));
      c1 = add(c1, mul(lc, y1));
      d1 = add(d1, mul(ld, y1));
    }
  }
  v128.store(ta, sub(v128.load(ta), a0));
  v128.store(tb, sub(v128.load(tb), b0));
  v128.store(tc, sub(v128.load(tc), c0));
  v128.store(td, sub(v128.load(td), d0));
  if (vectors > 1) {
    v128.store(ta, sub(v128.load(ta, 16), a1), 16);
    v128.store(tb, sub(v128.load(tb, 16), b1), 16);
    v128.store(tc, sub(v128.load(tc, 16), c1), 16);
    v128.store(td, sub(v128.load(td, 16), d1), 16);
  }
}

/** target_r −= Σ_t L_rt y_t for the two panel rows at a, b and four vectors. */
// @ts-ignore: decorator
@inline
export function subtractTwoRows(a: usize, b: usize, y: usize, columns: usize, ta: usize, tb: usize): void {
  let a0 = splat(0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
  for (const end = a + columns * 8; a < end; a += 8, b += 8, y += 64) {
    const la = v128.load64_splat(a), lb = v128.load64_splat(b);
    const y0 = v128.load(y), y1 = v128.load(y, 16), y2 = v128.load(y, 32), y3 = v128.load(y, 48);
    a0 = add(a0, mul(la, y0));
    b0 = add(b0, mul(lb, y0));
    a1 = add(a1, mul(la, y1));
    b1 = add(b1, mul(lb, y1));
    a2 = add(a2, mul(la, y2));
    b2 = add(b2, mul(lb, y2));
    a3 = add(a3, mul(la, y3));
    b3 = add(b3, mul(lb, y3));
  }
  v128.store(ta, sub(v128.load(ta), a0));
  v128.store(ta, sub(v128.load(ta, 16), a1), 16);
  v128.store(ta, sub(v128.load(ta, 32), a2), 32);
  v128.store(ta, sub(v128.load(ta, 48), a3), 48);
  v128.store(tb, sub(v128.load(tb), b0));
  v128.store(tb, sub(v128.load(tb, 16), b1), 16);
  v128.store(tb, sub(v128.load(tb, 32), b2), 32);
  v128.store(tb, sub(v128.load(tb, 48), b3), 48);
}

/** target −= Σ_t L_at y_t for the one panel row at a and `vectors` = 1, 2 or 4. */
// @ts-ignore: decorator
@inline
export function subtractRow(vectors: i32, row: usize, a: usize, y: usize, columns: usize, target: usize): void {
  let s0 = v128.load(target), s1 = s0, s2 = s0, s3 = s0;
  if (vectors > 1) s1 = v128.load(target, 16);
  if (vectors > 2) {
    s2 = v128.load(target, 32);
    s3 = v128.load(target, 48);
  }
  for (const end = a + columns * 8; a < end; a += 8, y += row) {
    const l = v128.load64_splat(a);
    s0 = sub(s0, mul(l, v128.load(y)));
    if (vectors > 1) s1 = sub(s1, mul(l, v128.load(y, 16)));
    if (vectors > 2) {
      s2 = sub(s2, mul(l, v128.load(y, 32)));
      s3 = sub(s3, mul(l, v128.load(y, 48)));
    }
  }
  v128.store(target, s0);
  if (vectors > 1) v128.store(target, s1, 16);
  if (vectors > 2) {
    v128.store(target, s2, 32);
    v128.store(target, s3, 48);
  }
}

/** y_t −= L_at x_a + L_bt x_b, then y_t −= L_ct x_c + L_dt x_d, for `columns` columns t: as four vectors do it, so that bits do not tell how many there are. */
// @ts-ignore: decorator
@inline
export function subtractTransposedRows(vectors: i32, row: usize, a: usize, b: usize, c: usize, d: usize, y: usize, columns: usize, xa: usize, xb: usize, xc: usize, xd: usize): void {
  const a0 = v128.load(xa), b0 = v128.load(xb), c0 = v128.load(xc), d0 = v128.load(xd);
  const a1 = vectors > 1 ? v128.load(xa, 16) : a0, b1 = vectors > 1 ? v128.load(xb, 16) : a0;
  const c1 = vectors > 1 ? v128.load(xc, 16) : a0, d1 = vectors > 1 ? v128.load(xd, 16) : a0;
  for (const end = a + columns * 8; a < end; a += 8, b += 8, c += 8, d += 8, y += row) {
    const la = v128.load64_splat(a), lb = v128.load64_splat(b), lc = v128.load64_splat(c), ld = v128.load64_splat(d);
    const s = add(mul(la, a0), mul(lb, b0)), t = add(mul(lc, c0), mul(ld, d0));
    v128.store(y, sub(sub(v128.load(y), s), t));
    if (vectors > 1) {
      const s1 = add(mul(la, a1), mul(lb, b1)), t1 = add(mul(lc, c1), mul(ld, d1));
      v128.store(y, sub(sub(v128.load(y, 16), s1), t1), 16);
    }
  }
}

/** y_t −= L_at x_a + L_bt x_b for four vectors. */
// @ts-ignore: decorator
@inline
export function subtractTwoTransposedRows(a: usize, b: usize, y: usize, columns: usize, xa: usize, xb: usize): void {
  const a0 = v128.load(xa), a1 = v128.load(xa, 16), a2 = v128.load(xa, 32), a3 = v128.load(xa, 48);
  const b0 = v128.load(xb), b1 = v128.load(xb, 16), b2 = v128.load(xb, 32), b3 = v128.load(xb, 48);
  for (const end = a + columns * 8; a < end; a += 8, b += 8, y += 64) {
    const la = v128.load64_splat(a), lb = v128.load64_splat(b);
    v128.store(y, sub(v128.load(y), add(mul(la, a0), mul(lb, b0))));
    v128.store(y, sub(v128.load(y, 16), add(mul(la, a1), mul(lb, b1))), 16);
    v128.store(y, sub(v128.load(y, 32), add(mul(la, a2), mul(lb, b2))), 32);
    v128.store(y, sub(v128.load(y, 48), add(mul(la, a3), mul(lb, b3))), 48);
  }
}

/** y_t −= L_at x_a for `vectors` = 1, 2 or 4. */
// @ts-ignore: decorator
@inline
export function subtractTransposedRow(vectors: i32, row: usize, a: usize, y: usize, columns: usize, x: usize): void {
  const x0 = v128.load(x), x1 = vectors > 1 ? v128.load(x, 16) : x0;
  const x2 = vectors > 2 ? v128.load(x, 32) : x0, x3 = vectors > 2 ? v128.load(x, 48) : x0;
  for (const end = a + columns * 8; a < end; a += 8, y += row) {
    const l = v128.load64_splat(a);
    v128.store(y, sub(v128.load(y), mul(l, x0)));
    if (vectors > 1) v128.store(y, sub(v128.load(y, 16), mul(l, x1)), 16);
    if (vectors > 2) {
      v128.store(y, sub(v128.load(y, 32), mul(l, x2)), 32);
      v128.store(y, sub(v128.load(y, 48), mul(l, x3)), 48);
    }
  }
}

/** One vector of y ← T⁻¹ y for a lower triangle T of four rows, reciprocals on its diagonal, `stride` bytes from row to row. */
// @ts-ignore: decorator
@inline
export function solveTriangle(row: usize, l: usize, stride: usize, y: usize): void {
  const l1 = l + stride, l2 = l1 + stride, l3 = l2 + stride;
  const y1 = y + row, y2 = y1 + row, y3 = y2 + row;
  const x0 = mul(v128.load(y), v128.load64_splat(l));
  const x1 = mul(sub(v128.load(y1), mul(v128.load64_splat(l1), x0)), v128.load64_splat(l1, 8));
  let s2 = sub(v128.load(y2), mul(v128.load64_splat(l2), x0)), s3 = sub(v128.load(y3), mul(v128.load64_splat(l3), x0));
  s2 = sub(s2, mul(v128.load64_splat(l2, 8), x1));
  s3 = sub(s3, mul(v128.load64_splat(l3, 8), x1));
  const x2 = mul(s2, v128.load64_splat(l2, 16));
  s3 = sub(s3, mul(v128.load64_splat(l3, 16), x2));
  v128.store(y, x0);
  v128.store(y1, x1);
  v128.store(y2, x2);
  v128.store(y3, mul(s3, v128.load64_splat(l3, 24)));
}

/** One vector of y ← T⁻ᵀ y. */
// @ts-ignore: decorator
@inline
export function solveTransposedTriangle(row: usize, l: usize, stride: usize, y: usize): void {
  const l1 = l + stride, l2 = l1 + stride, l3 = l2 + stride;
  const y1 = y + row, y2 = y1 + row, y3 = y2 + row;
  const x3 = mul(v128.load(y3), v128.load64_splat(l3, 24));
  const x2 = mul(sub(v128.load(y2), mul(v128.load64_splat(l3, 16), x3)), v128.load64_splat(l2, 16));
  let s1 = sub(v128.load(y1), mul(v128.load64_splat(l3, 8), x3)), s0 = sub(v128.load(y), mul(v128.load64_splat(l3), x3));
  s1 = sub(s1, mul(v128.load64_splat(l2, 8), x2));
  s0 = sub(s0, mul(v128.load64_splat(l2), x2));
  const x1 = mul(s1, v128.load64_splat(l1, 8));
  s0 = sub(s0, mul(v128.load64_splat(l1), x1));
  v128.store(y3, x3);
  v128.store(y2, x2);
  v128.store(y1, x1);
  v128.store(y, mul(s0, v128.load64_splat(l)));
}
