import { add, mul, splat } from "./lanes";
import { readVector, writeVector } from "./lane-vectors";

// out ← (α x + β y)·(1/(µ + σ)). Blocks are [dof][lane]; factors of the lanes: rows σ, α, β of eight, entry i that of lane i mod K.
// A division takes as long as all else of a vector: where the lanes share σ, one a dof is enough, with the same bits.
// Arguments named `lanes`, `withY`, `shared`, `i` are constants.

/** 1/(µ + σ) */
// @ts-ignore: decorator
@inline
function inverse(mu: v128, sigma: v128): v128 {
  return f64x2.div(splat(1), add(mu, sigma));
}

/** Vector i of a dof; `scale`: 1/(µ + σ). */
// @ts-ignore: decorator
@inline
function solve(withY: bool, i: usize, scale: v128, f: usize, x: usize, y: usize, out: usize): void {
  let rhs = mul(readVector(f, 4 + i), readVector(x, i));
  if (withY) rhs = add(rhs, mul(readVector(f + 128, i), readVector(y, i)));
  writeVector(out, i, mul(rhs, scale));
}

/** One lane: two dofs a vector. */
// @ts-ignore: decorator
@inline
function solveOne(withY: bool, size: usize, mu: usize, f: usize, x: usize, y: usize, out: usize): void {
  const end = x + (size & ~1) * 8;
  for (; x != end; x += 16, out += 16, mu += 16) {
    solve(withY, 0, inverse(v128.load(mu), v128.load(f)), f, x, y, out);
    if (withY) y += 16;
  }
  if (size & 1) {
    let rhs = load<f64>(f, 64) * load<f64>(x);
    if (withY) rhs += load<f64>(f, 128) * load<f64>(y);
    store<f64>(out, rhs * (1.0 / (load<f64>(mu) + load<f64>(f))));
  }
}

// @ts-ignore: decorator
@inline
function solveLanes(lanes: usize, shared: bool, withY: bool, size: usize, mu: usize, f: usize, x: usize, y: usize, out: usize): void {
  const step = 8 * lanes, end = x + size * step;
  for (; x != end; x += step, out += step, mu += 8) {
    const m = v128.load64_splat(mu), first = inverse(m, v128.load(f));
    solve(withY, 0, first, f, x, y, out);
    if (lanes > 2) solve(withY, 1, shared ? first : inverse(m, v128.load(f, 16)), f, x, y, out);
    if (lanes > 4) {
      solve(withY, 2, shared ? first : inverse(m, v128.load(f, 32)), f, x, y, out);
      solve(withY, 3, shared ? first : inverse(m, v128.load(f, 48)), f, x, y, out);
    }
    if (withY) y += step;
  }
}

/** Whether all lanes have the same shift. */
function sharedShift(f: usize): bool {
  for (let i: usize = 8; i < 64; i += 8) if (load<f64>(f + i) != load<f64>(f)) return false;
  return true;
}

// @ts-ignore: decorator
@inline
function solveAll(withY: bool, lanes: usize, size: usize, mu: usize, f: usize, x: usize, y: usize, out: usize): void {
  if (lanes == 1) return solveOne(withY, size, mu, f, x, y, out);
  if (lanes == 2) return solveLanes(2, false, withY, size, mu, f, x, y, out);
  if (sharedShift(f)) {
    if (lanes == 4) solveLanes(4, true, withY, size, mu, f, x, y, out);
    else solveLanes(8, true, withY, size, mu, f, x, y, out);
  } else if (lanes == 4) solveLanes(4, false, withY, size, mu, f, x, y, out);
  else solveLanes(8, false, withY, size, mu, f, x, y, out);
}

/** out ← (α x + β y)/(µ + σ); y may be 0 for none. */
export function solveDiagonal(lanes: usize, size: usize, mu: usize, f: usize, x: usize, y: usize, out: usize): void {
  if (y) solveAll(true, lanes, size, mu, f, x, y, out);
  else solveAll(false, lanes, size, mu, f, x, y, out);
}
