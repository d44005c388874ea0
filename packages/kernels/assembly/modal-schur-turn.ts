import { readPair, writePair } from "./lane-vectors";
import { add, mul, splat } from "./lanes";
import { adjointRow, ROW, schurRow, sweepRow } from "./modal-schur-rows";

/** Step k: z, p and t; the product of p and S p at step k + 1, for which τ and g are given. With `fresh` p ← z. */
// @ts-ignore: decorator
@inline
function turnPair(single: bool, fresh: bool, sizeAfter: v128, controlAfter: v128, inverse: v128, shift: v128, rhs: v128, coupling: v128, beta: v128, mu: usize, y: usize, z: usize, p: usize, next: usize, t: usize): v128 {
  const m = readPair(single, mu);
  let value = sweepRow(rhs, coupling, add(m, shift), readPair(single, y), readPair(single, z));
  writePair(single, z, value);
  if (!fresh) value = add(value, mul(beta, readPair(single, p)));
  writePair(single, p, value);
  const after = readPair(single, next), image = adjointRow(inverse, m, value, after);
  const schur = schurRow(sizeAfter, controlAfter, m, readPair(single, t), image, after);
  writePair(single, t, image);
  return mul(after, schur);
}

// @ts-ignore: decorator
@inline
function turnRow(fresh: bool, row: usize, factor: f64, mu: usize, y: usize, z: usize, p: usize, next: usize, t: usize, modes: usize, sums: usize): void {
  const pairs = (modes & ~1) * 8, beta = splat(factor), size = v128.load64_splat(row, 64), control = v128.load64_splat(row, 80);
  const inverse = v128.load64_splat(row, 8), shift = v128.load64_splat(row, 24), rhs = v128.load64_splat(row, 32), coupling = v128.load64_splat(row, 48);
  let sum = v128.load(sums), q: usize = 0;
  for (; q < pairs; q += 16) sum = add(sum, turnPair(false, fresh, size, control, inverse, shift, rhs, coupling, beta, mu + q, y + q, z + q, p + q, next + q, t + q));
  if (modes & 1) sum = add(sum, turnPair(true, fresh, size, control, inverse, shift, rhs, coupling, beta, mu + q, y + q, z + q, p + q, next + q, t + q));
  v128.store(sums, sum);
}

function restartRow(row: usize, mu: usize, y: usize, z: usize, p: usize, next: usize, t: usize, modes: usize, sums: usize): void {
  turnRow(true, row, 0, mu, y, z, p, next, t, modes, sums);
}

function continueRow(row: usize, beta: f64, mu: usize, y: usize, z: usize, p: usize, next: usize, t: usize, modes: usize, sums: usize): void {
  turnRow(false, row, beta, mu, y, z, p, next, t, modes, sums);
}

// @ts-ignore: decorator
@inline
function firstPair(single: bool, size: v128, control: v128, mu: usize, p: usize, t: usize): v128 {
  const value = readPair(single, p);
  return mul(value, schurRow(size, control, readPair(single, mu), readPair(single, t), splat(0), value));
}

/** The product at step 1, which has no step before. */
function firstRow(row: usize, mu: usize, p: usize, t: usize, modes: usize, sums: usize): void {
  const pairs = (modes & ~1) * 8, size = v128.load64_splat(row), control = v128.load64_splat(row, 16);
  let sum = v128.load(sums), q: usize = 0;
  for (; q < pairs; q += 16) sum = add(sum, firstPair(false, size, control, mu + q, p + q, t + q));
  if (modes & 1) sum = add(sum, firstPair(true, size, control, mu + q, p + q, t + q));
  v128.store(sums, sum);
}

/**
 * p ← F⁻ᵀ y + β p, with β = 0 without reading p; sums: p·S p. `work`: three rows of `modes` entries.
 * Table and sums have one row more, that of the zero step behind the last.
 */
export function modalSchurTurn(table: usize, steps: usize, stride: usize, mu: usize, beta: f64, y: usize, p: usize, modes: usize, work: usize, sums: usize): void {
  const bytes = modes * 8, z = work, t = work + bytes;
  let next = t + bytes;
  memory.fill(work, 0, 3 * bytes);
  for (let k = steps; k > 0; k--) {
    const row = table + (k - 1) * ROW, at = (k - 1) * stride;
    if (beta == 0) restartRow(row, mu, y + at, z, p + at, next, t, modes, sums + 16 * k);
    else continueRow(row, beta, mu, y + at, z, p + at, next, t, modes, sums + 16 * k);
    next = p + at;
  }
  firstRow(table, mu, p, t, modes, sums);
}
