import { add, mul } from "./lanes";
import { readVector, writeVector } from "./lane-vectors";

// out ← (α x + β y)/(µ + σ). Blocks are [dof][lane]; factors of the lanes: rows σ, α, β of eight, entry i that of lane i mod K.
// Arguments named `lanes`, `withY`, `i` are constants.

/** Vector i of a dof. */
// @ts-ignore: decorator
@inline
function solve(withY: bool, i: usize, mu: v128, f: usize, x: usize, y: usize, out: usize): void {
  let rhs = mul(readVector(f, 4 + i), readVector(x, i));
  if (withY) rhs = add(rhs, mul(readVector(f + 128, i), readVector(y, i)));
  writeVector(out, i, f64x2.div(rhs, add(mu, readVector(f, i))));
}

/** One lane: two dofs a vector. */
// @ts-ignore: decorator
@inline
function solveOne(withY: bool, size: usize, mu: usize, f: usize, x: usize, y: usize, out: usize): void {
  const end = x + (size & ~1) * 8;
  for (; x != end; x += 16, out += 16, mu += 16) {
    solve(withY, 0, v128.load(mu), f, x, y, out);
    if (withY) y += 16;
  }
  if (size & 1) {
    let rhs = load<f64>(f, 64) * load<f64>(x);
    if (withY) rhs += load<f64>(f, 128) * load<f64>(y);
    store<f64>(out, rhs / (load<f64>(mu) + load<f64>(f)));
  }
}

// @ts-ignore: decorator
@inline
function solveLanes(lanes: usize, withY: bool, size: usize, mu: usize, f: usize, x: usize, y: usize, out: usize): void {
  const step = 8 * lanes, end = x + size * step;
  for (; x != end; x += step, out += step, mu += 8) {
    const m = v128.load64_splat(mu);
    solve(withY, 0, m, f, x, y, out);
    if (lanes > 2) solve(withY, 1, m, f, x, y, out);
    if (lanes > 4) {
      solve(withY, 2, m, f, x, y, out);
      solve(withY, 3, m, f, x, y, out);
    }
    if (withY) y += step;
  }
}

// @ts-ignore: decorator
@inline
function solveAll(withY: bool, lanes: usize, size: usize, mu: usize, f: usize, x: usize, y: usize, out: usize): void {
  if (lanes == 1) solveOne(withY, size, mu, f, x, y, out);
  else if (lanes == 2) solveLanes(2, withY, size, mu, f, x, y, out);
  else if (lanes == 4) solveLanes(4, withY, size, mu, f, x, y, out);
  else solveLanes(8, withY, size, mu, f, x, y, out);
}

/** out ← (α x + β y)/(µ + σ); y may be 0 for none. */
export function solveDiagonal(lanes: usize, size: usize, mu: usize, f: usize, x: usize, y: usize, out: usize): void {
  if (y) solveAll(true, lanes, size, mu, f, x, y, out);
  else solveAll(false, lanes, size, mu, f, x, y, out);
}
