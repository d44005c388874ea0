import { readPair, writePair } from "./lane-vectors";
import { add, mul, splat, sub } from "./lanes";
import { adjointRow, factorRow, ROW, schurRow, sweepRow } from "./modal-schur-rows";

/** (S p)_k; leaves t_k in t. */
// @ts-ignore: decorator
@inline
function image(single: bool, size: v128, inverse: v128, control: v128, mu: v128, p: v128, next: usize, t: usize): v128 {
  const value = adjointRow(inverse, mu, p, readPair(single, next)), schur = schurRow(size, control, mu, value, readPair(single, t), p);
  writePair(single, t, value);
  return schur;
}

/** y_k ← y_k − a v_k, v = F⁻¹S p; leaves v_k in v. */
// @ts-ignore: decorator
@inline
function reduce(single: bool, a: v128, rhs: v128, coupling: v128, shifted: v128, schur: v128, v: usize, y: usize): v128 {
  const change = sweepRow(rhs, coupling, shifted, schur, readPair(single, v)), value = sub(readPair(single, y), mul(a, change));
  writePair(single, v, change);
  writePair(single, y, value);
  return value;
}

function advanceRow(row: usize, factor: f64, mu: usize, x: usize, y: usize, before: usize, p: usize, next: usize, t: usize, v: usize, modes: usize, sums: usize, residual: usize): void {
  const size = v128.load64_splat(row), inverse = v128.load64_splat(row, 8), control = v128.load64_splat(row, 16), shift = v128.load64_splat(row, 24);
  const rhs = v128.load64_splat(row, 32), coupling = v128.load64_splat(row, 40), unscale = v128.load64_splat(row, 56), a = splat(factor);
  const pairs = (modes & ~1) * 8;
  let yy = v128.load(sums), rr = v128.load(residual), q: usize = 0;
  for (; q < pairs; q += 16) {
    const m = v128.load(mu + q), shifted = add(m, shift), direction = v128.load(p + q);
    v128.store(x + q, add(v128.load(x + q), mul(a, direction)));
    const schur = image(false, size, inverse, control, m, direction, next + q, t + q);
    const value = reduce(false, a, rhs, coupling, shifted, schur, v + q, y + q), r = factorRow(unscale, coupling, shifted, value, v128.load(before + q));
    yy = add(yy, mul(value, value));
    rr = add(rr, mul(r, r));
  }
  if (modes & 1) {
    const m = readPair(true, mu + q), shifted = add(m, shift), direction = readPair(true, p + q);
    writePair(true, x + q, add(readPair(true, x + q), mul(a, direction)));
    const schur = image(true, size, inverse, control, m, direction, next + q, t + q);
    const value = reduce(true, a, rhs, coupling, shifted, schur, v + q, y + q), r = factorRow(unscale, coupling, shifted, value, readPair(true, before + q));
    yy = add(yy, mul(value, value));
    rr = add(rr, mul(r, r));
  }
  v128.store(sums, yy);
  v128.store(residual, rr);
}

/** x ← x + a p, y ← y − a F⁻¹S p; sums: y·y, residual: r·r with r = F y. `work`: three rows of `modes` entries. */
export function modalSchurAdvance(table: usize, steps: usize, stride: usize, mu: usize, a: f64, x: usize, y: usize, p: usize, modes: usize, work: usize, sums: usize, residual: usize): void {
  const bytes = modes * 8, t = work, v = work + bytes, zero = v + bytes;
  let before = zero;
  memory.fill(work, 0, 3 * bytes);
  for (let k: usize = 0; k < steps; k++) {
    advanceRow(table + k * ROW, a, mu, x, y, before, p, k + 1 < steps ? p + stride : zero, t, v, modes, sums + 16 * k, residual + 16 * k);
    before = y;
    x += stride;
    y += stride;
    p += stride;
  }
}
