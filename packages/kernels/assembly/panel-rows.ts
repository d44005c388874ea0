// Products with rows of a panel of the factor, stored row by row. A block of right-hand sides is [row][lane], `row` bytes a row; T is f64 or f32.
// Four panel rows with one or two vectors (`vectors`, a constant) or two rows with four vectors move together, so that sums stay in registers.

/** target_r −= Σ_t L_rt y_t over `columns` columns t, for the four panel rows at a, b, c, d. */
// @ts-ignore: decorator
@inline
export function subtractRows<T>(vectors: i32, row: usize, a: usize, b: usize, c: usize, d: usize, y: usize, columns: usize, ta: usize, tb: usize, tc: usize, td: usize): void {
  let a0 = v128.splat<T>(<T>0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
  for (const end = a + columns * sizeof<T>(); a < end; a += sizeof<T>(), b += sizeof<T>(), c += sizeof<T>(), d += sizeof<T>(), y += row) {
    const la = v128.load_splat<T>(a), lb = v128.load_splat<T>(b), lc = v128.load_splat<T>(c), ld = v128.load_splat<T>(d);
    const y0 = v128.load(y);
    a0 = v128.add<T>(a0, v128.mul<T>(la, y0));
    b0 = v128.add<T>(b0, v128.mul<T>(lb, y0));
    c0 = v128.add<T>(c0, v128.mul<T>(lc, y0));
    d0 = v128.add<T>(d0, v128.mul<T>(ld, y0));
    if (vectors > 1) {
      const y1 = v128.load(y, 16);
      a1 = v128.add<T>(a1, v128.mul<T>(la, y1));
      b1 = v128.add<T>(b1, v128.mul<T>(lb, y1));
      c1 = v128.add<T>(c1, v128.mul<T>(lc, y1));
      d1 = v128.add<T>(d1, v128.mul<T>(ld, y1));
    }
  }
  v128.store(ta, v128.sub<T>(v128.load(ta), a0));
  v128.store(tb, v128.sub<T>(v128.load(tb), b0));
  v128.store(tc, v128.sub<T>(v128.load(tc), c0));
  v128.store(td, v128.sub<T>(v128.load(td), d0));
  if (vectors > 1) {
    v128.store(ta, v128.sub<T>(v128.load(ta, 16), a1), 16);
    v128.store(tb, v128.sub<T>(v128.load(tb, 16), b1), 16);
    v128.store(tc, v128.sub<T>(v128.load(tc, 16), c1), 16);
    v128.store(td, v128.sub<T>(v128.load(td, 16), d1), 16);
  }
}

/** target_r −= Σ_t L_rt y_t for the two panel rows at a, b and four vectors. */
// @ts-ignore: decorator
@inline
export function subtractTwoRows<T>(a: usize, b: usize, y: usize, columns: usize, ta: usize, tb: usize): void {
  let a0 = v128.splat<T>(<T>0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
  for (const end = a + columns * sizeof<T>(); a < end; a += sizeof<T>(), b += sizeof<T>(), y += 64) {
    const la = v128.load_splat<T>(a), lb = v128.load_splat<T>(b);
    const y0 = v128.load(y), y1 = v128.load(y, 16), y2 = v128.load(y, 32), y3 = v128.load(y, 48);
    a0 = v128.add<T>(a0, v128.mul<T>(la, y0));
    b0 = v128.add<T>(b0, v128.mul<T>(lb, y0));
    a1 = v128.add<T>(a1, v128.mul<T>(la, y1));
    b1 = v128.add<T>(b1, v128.mul<T>(lb, y1));
    a2 = v128.add<T>(a2, v128.mul<T>(la, y2));
    b2 = v128.add<T>(b2, v128.mul<T>(lb, y2));
    a3 = v128.add<T>(a3, v128.mul<T>(la, y3));
    b3 = v128.add<T>(b3, v128.mul<T>(lb, y3));
  }
  v128.store(ta, v128.sub<T>(v128.load(ta), a0));
  v128.store(ta, v128.sub<T>(v128.load(ta, 16), a1), 16);
  v128.store(ta, v128.sub<T>(v128.load(ta, 32), a2), 32);
  v128.store(ta, v128.sub<T>(v128.load(ta, 48), a3), 48);
  v128.store(tb, v128.sub<T>(v128.load(tb), b0));
  v128.store(tb, v128.sub<T>(v128.load(tb, 16), b1), 16);
  v128.store(tb, v128.sub<T>(v128.load(tb, 32), b2), 32);
  v128.store(tb, v128.sub<T>(v128.load(tb, 48), b3), 48);
}

/** target −= Σ_t L_at y_t for the one panel row at a and `vectors` = 1, 2 or 4. */
// @ts-ignore: decorator
@inline
export function subtractRow<T>(vectors: i32, row: usize, a: usize, y: usize, columns: usize, target: usize): void {
  let s0 = v128.load(target), s1 = s0, s2 = s0, s3 = s0;
  if (vectors > 1) s1 = v128.load(target, 16);
  if (vectors > 2) {
    s2 = v128.load(target, 32);
    s3 = v128.load(target, 48);
  }
  for (const end = a + columns * sizeof<T>(); a < end; a += sizeof<T>(), y += row) {
    const l = v128.load_splat<T>(a);
    s0 = v128.sub<T>(s0, v128.mul<T>(l, v128.load(y)));
    if (vectors > 1) s1 = v128.sub<T>(s1, v128.mul<T>(l, v128.load(y, 16)));
    if (vectors > 2) {
      s2 = v128.sub<T>(s2, v128.mul<T>(l, v128.load(y, 32)));
      s3 = v128.sub<T>(s3, v128.mul<T>(l, v128.load(y, 48)));
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
export function subtractTransposedRows<T>(vectors: i32, row: usize, a: usize, b: usize, c: usize, d: usize, y: usize, columns: usize, xa: usize, xb: usize, xc: usize, xd: usize): void {
  const a0 = v128.load(xa), b0 = v128.load(xb), c0 = v128.load(xc), d0 = v128.load(xd);
  const a1 = vectors > 1 ? v128.load(xa, 16) : a0, b1 = vectors > 1 ? v128.load(xb, 16) : a0;
  const c1 = vectors > 1 ? v128.load(xc, 16) : a0, d1 = vectors > 1 ? v128.load(xd, 16) : a0;
  for (const end = a + columns * sizeof<T>(); a < end; a += sizeof<T>(), b += sizeof<T>(), c += sizeof<T>(), d += sizeof<T>(), y += row) {
    const la = v128.load_splat<T>(a), lb = v128.load_splat<T>(b), lc = v128.load_splat<T>(c), ld = v128.load_splat<T>(d);
    const s = v128.add<T>(v128.mul<T>(la, a0), v128.mul<T>(lb, b0)), t = v128.add<T>(v128.mul<T>(lc, c0), v128.mul<T>(ld, d0));
    v128.store(y, v128.sub<T>(v128.sub<T>(v128.load(y), s), t));
    if (vectors > 1) {
      const s1 = v128.add<T>(v128.mul<T>(la, a1), v128.mul<T>(lb, b1)), t1 = v128.add<T>(v128.mul<T>(lc, c1), v128.mul<T>(ld, d1));
      v128.store(y, v128.sub<T>(v128.sub<T>(v128.load(y, 16), s1), t1), 16);
    }
  }
}

/** y_t −= L_at x_a + L_bt x_b for four vectors. */
// @ts-ignore: decorator
@inline
export function subtractTwoTransposedRows<T>(a: usize, b: usize, y: usize, columns: usize, xa: usize, xb: usize): void {
  const a0 = v128.load(xa), a1 = v128.load(xa, 16), a2 = v128.load(xa, 32), a3 = v128.load(xa, 48);
  const b0 = v128.load(xb), b1 = v128.load(xb, 16), b2 = v128.load(xb, 32), b3 = v128.load(xb, 48);
  for (const end = a + columns * sizeof<T>(); a < end; a += sizeof<T>(), b += sizeof<T>(), y += 64) {
    const la = v128.load_splat<T>(a), lb = v128.load_splat<T>(b);
    v128.store(y, v128.sub<T>(v128.load(y), v128.add<T>(v128.mul<T>(la, a0), v128.mul<T>(lb, b0))));
    v128.store(y, v128.sub<T>(v128.load(y, 16), v128.add<T>(v128.mul<T>(la, a1), v128.mul<T>(lb, b1))), 16);
    v128.store(y, v128.sub<T>(v128.load(y, 32), v128.add<T>(v128.mul<T>(la, a2), v128.mul<T>(lb, b2))), 32);
    v128.store(y, v128.sub<T>(v128.load(y, 48), v128.add<T>(v128.mul<T>(la, a3), v128.mul<T>(lb, b3))), 48);
  }
}

/** y_t −= L_at x_a for `vectors` = 1, 2 or 4. */
// @ts-ignore: decorator
@inline
export function subtractTransposedRow<T>(vectors: i32, row: usize, a: usize, y: usize, columns: usize, x: usize): void {
  const x0 = v128.load(x), x1 = vectors > 1 ? v128.load(x, 16) : x0;
  const x2 = vectors > 2 ? v128.load(x, 32) : x0, x3 = vectors > 2 ? v128.load(x, 48) : x0;
  for (const end = a + columns * sizeof<T>(); a < end; a += sizeof<T>(), y += row) {
    const l = v128.load_splat<T>(a);
    v128.store(y, v128.sub<T>(v128.load(y), v128.mul<T>(l, x0)));
    if (vectors > 1) v128.store(y, v128.sub<T>(v128.load(y, 16), v128.mul<T>(l, x1)), 16);
    if (vectors > 2) {
      v128.store(y, v128.sub<T>(v128.load(y, 32), v128.mul<T>(l, x2)), 32);
      v128.store(y, v128.sub<T>(v128.load(y, 48), v128.mul<T>(l, x3)), 48);
    }
  }
}

/** One vector of y ← T⁻¹ y for a lower triangle T of four rows, reciprocals on its diagonal, `stride` bytes from row to row. */
// @ts-ignore: decorator
@inline
export function solveTriangle<T>(row: usize, l: usize, stride: usize, y: usize): void {
  const l1 = l + stride, l2 = l1 + stride, l3 = l2 + stride;
  const S = sizeof<T>();
  const y1 = y + row, y2 = y1 + row, y3 = y2 + row;
  const x0 = v128.mul<T>(v128.load(y), v128.load_splat<T>(l));
  const x1 = v128.mul<T>(v128.sub<T>(v128.load(y1), v128.mul<T>(v128.load_splat<T>(l1), x0)), v128.load_splat<T>(l1, S));
  let s2 = v128.sub<T>(v128.load(y2), v128.mul<T>(v128.load_splat<T>(l2), x0)), s3 = v128.sub<T>(v128.load(y3), v128.mul<T>(v128.load_splat<T>(l3), x0));
  s2 = v128.sub<T>(s2, v128.mul<T>(v128.load_splat<T>(l2, S), x1));
  s3 = v128.sub<T>(s3, v128.mul<T>(v128.load_splat<T>(l3, S), x1));
  const x2 = v128.mul<T>(s2, v128.load_splat<T>(l2, 2 * S));
  s3 = v128.sub<T>(s3, v128.mul<T>(v128.load_splat<T>(l3, 2 * S), x2));
  v128.store(y, x0);
  v128.store(y1, x1);
  v128.store(y2, x2);
  v128.store(y3, v128.mul<T>(s3, v128.load_splat<T>(l3, 3 * S)));
}

/** One vector of y ← T⁻ᵀ y. */
// @ts-ignore: decorator
@inline
export function solveTransposedTriangle<T>(row: usize, l: usize, stride: usize, y: usize): void {
  const l1 = l + stride, l2 = l1 + stride, l3 = l2 + stride;
  const S = sizeof<T>();
  const y1 = y + row, y2 = y1 + row, y3 = y2 + row;
  const x3 = v128.mul<T>(v128.load(y3), v128.load_splat<T>(l3, 3 * S));
  const x2 = v128.mul<T>(v128.sub<T>(v128.load(y2), v128.mul<T>(v128.load_splat<T>(l3, 2 * S), x3)), v128.load_splat<T>(l2, 2 * S));
  let s1 = v128.sub<T>(v128.load(y1), v128.mul<T>(v128.load_splat<T>(l3, S), x3)), s0 = v128.sub<T>(v128.load(y), v128.mul<T>(v128.load_splat<T>(l3), x3));
  s1 = v128.sub<T>(s1, v128.mul<T>(v128.load_splat<T>(l2, S), x2));
  s0 = v128.sub<T>(s0, v128.mul<T>(v128.load_splat<T>(l2), x2));
  const x1 = v128.mul<T>(s1, v128.load_splat<T>(l1, S));
  s0 = v128.sub<T>(s0, v128.mul<T>(v128.load_splat<T>(l1), x1));
  v128.store(y3, x3);
  v128.store(y2, x2);
  v128.store(y1, x1);
  v128.store(y, v128.mul<T>(s0, v128.load_splat<T>(l)));
}
