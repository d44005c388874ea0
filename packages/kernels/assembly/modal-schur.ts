import { readPair, writePair } from "./lane-vectors";
import { add, mul } from "./lanes";
import { adjointRow, ROW, schurRow, sweepRow } from "./modal-schur-rows";
export { modalSchurAdvance } from "./modal-schur-advance";
export { modalSchurTurn } from "./modal-schur-turn";

// @ts-ignore: decorator
@inline
function applyPair(single: bool, size: v128, inverse: v128, control: v128, mu: usize, x: usize, next: usize, t: usize, out: usize): void {
  const m = readPair(single, mu), value = readPair(single, x), image = adjointRow(inverse, m, value, readPair(single, next));
  writePair(single, out, schurRow(size, control, m, image, readPair(single, t), value));
  writePair(single, t, image);
}

function applyRow(row: usize, mu: usize, x: usize, next: usize, t: usize, out: usize, modes: usize): void {
  const pairs = (modes & ~1) * 8, size = v128.load64_splat(row), inverse = v128.load64_splat(row, 8), control = v128.load64_splat(row, 16);
  let q: usize = 0;
  for (; q < pairs; q += 16) applyPair(false, size, inverse, control, mu + q, x + q, next + q, t + q, out + q);
  if (modes & 1) applyPair(true, size, inverse, control, mu + q, x + q, next + q, t + q, out + q);
}

/** out ← S x. `work`: two rows of `modes` entries. */
export function modalSchurApply(table: usize, steps: usize, stride: usize, mu: usize, x: usize, out: usize, modes: usize, work: usize): void {
  const zero = work + modes * 8;
  memory.fill(work, 0, 16 * modes);
  for (let k: usize = 1; k <= steps; k++) {
    applyRow(table, mu, x, k < steps ? x + stride : zero, work, out, modes);
    table += ROW;
    x += stride;
    out += stride;
  }
}

// @ts-ignore: decorator
@inline
function beginPair(single: bool, shift: v128, rhs: v128, coupling: v128, mu: usize, y: usize, before: usize): v128 {
  const value = sweepRow(rhs, coupling, add(readPair(single, mu), shift), readPair(single, y), readPair(single, before));
  writePair(single, y, value);
  return mul(value, value);
}

function beginRow(row: usize, mu: usize, y: usize, before: usize, modes: usize, sums: usize): void {
  const pairs = (modes & ~1) * 8, shift = v128.load64_splat(row, 24), rhs = v128.load64_splat(row, 32), coupling = v128.load64_splat(row, 40);
  let sum = v128.load(sums), q: usize = 0;
  for (; q < pairs; q += 16) sum = add(sum, beginPair(false, shift, rhs, coupling, mu + q, y + q, before + q));
  if (modes & 1) sum = add(sum, beginPair(true, shift, rhs, coupling, mu + q, y + q, before + q));
  v128.store(sums, sum);
}

/** y ← F⁻¹ y, sums: y·y. `work`: one row of `modes` entries. */
export function modalSchurBegin(table: usize, steps: usize, stride: usize, mu: usize, y: usize, modes: usize, work: usize, sums: usize): void {
  let before = work;
  memory.fill(work, 0, 8 * modes);
  for (let k: usize = 0; k < steps; k++) {
    beginRow(table + k * ROW, mu, y, before, modes, sums + 16 * k);
    before = y;
    y += stride;
  }
}
