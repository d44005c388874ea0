import { add, mul, splat } from "./lanes";
export { axpyLaneProducts, laneProducts } from "./lane-products";
export { joinLanes, separateLanes } from "./lane-transposition";
export { multiProducts } from "./multi-products";

// Blocks are [dof][lane]. Factors of the lanes: rows of eight, entry i that of lane i mod K, so that eight entries of a block
// beginning at a dof have the same factors for every K.

/** y ← y + a x */
export function axpy(a: f64, x: usize, y: usize, length: usize): void {
  const factor = splat(a), whole = x + (length & ~7) * 8, pairs = x + (length & ~1) * 8;
  for (; x != whole; x += 64, y += 64) {
    v128.store(y, add(v128.load(y), mul(factor, v128.load(x))));
    v128.store(y, add(v128.load(y, 16), mul(factor, v128.load(x, 16))), 16);
    v128.store(y, add(v128.load(y, 32), mul(factor, v128.load(x, 32))), 32);
    v128.store(y, add(v128.load(y, 48), mul(factor, v128.load(x, 48))), 48);
  }
  for (; x != pairs; x += 16, y += 16) v128.store(y, add(v128.load(y), mul(factor, v128.load(x))));
  if (length & 1) store<f64>(y, load<f64>(y) + a * load<f64>(x));
}

/** y ← x + a y */
export function xpay(x: usize, a: f64, y: usize, length: usize): void {
  const factor = splat(a), whole = x + (length & ~7) * 8, pairs = x + (length & ~1) * 8;
  for (; x != whole; x += 64, y += 64) {
    v128.store(y, add(v128.load(x), mul(factor, v128.load(y))));
    v128.store(y, add(v128.load(x, 16), mul(factor, v128.load(y, 16))), 16);
    v128.store(y, add(v128.load(x, 32), mul(factor, v128.load(y, 32))), 32);
    v128.store(y, add(v128.load(x, 48), mul(factor, v128.load(y, 48))), 48);
  }
  for (; x != pairs; x += 16, y += 16) v128.store(y, add(v128.load(x), mul(factor, v128.load(y))));
  if (length & 1) store<f64>(y, load<f64>(x) + a * load<f64>(y));
}

/** x ← x + a p, then p ← z + b p */
export function advance(a: f64, b: f64, z: usize, p: usize, x: usize, length: usize): void {
  const alpha = splat(a), beta = splat(b), whole = p + (length & ~3) * 8;
  for (; p != whole; p += 32, x += 32, z += 32) {
    const p0 = v128.load(p), p1 = v128.load(p, 16);
    v128.store(x, add(v128.load(x), mul(alpha, p0)));
    v128.store(x, add(v128.load(x, 16), mul(alpha, p1)), 16);
    v128.store(p, add(v128.load(z), mul(beta, p0)));
    v128.store(p, add(v128.load(z, 16), mul(beta, p1)), 16);
  }
  for (let i = length & 3; i > 0; i--, p += 8, x += 8, z += 8) {
    const value = load<f64>(p);
    store<f64>(x, load<f64>(x) + a * value);
    store<f64>(p, load<f64>(z) + b * value);
  }
}

/** out ← a x + b y on `length` entries. `factors`: rows a, b. */
export function combineLanes(length: usize, factors: usize, x: usize, y: usize, out: usize): void {
  const a0 = v128.load(factors), a1 = v128.load(factors, 16), a2 = v128.load(factors, 32), a3 = v128.load(factors, 48);
  const b0 = v128.load(factors, 64), b1 = v128.load(factors, 80), b2 = v128.load(factors, 96), b3 = v128.load(factors, 112);
  const whole = x + (length & ~7) * 8, pairs = x + (length & ~1) * 8;
  for (; x != whole; x += 64, y += 64, out += 64) {
    v128.store(out, add(mul(a0, v128.load(x)), mul(b0, v128.load(y))));
    v128.store(out, add(mul(a1, v128.load(x, 16)), mul(b1, v128.load(y, 16))), 16);
    v128.store(out, add(mul(a2, v128.load(x, 32)), mul(b2, v128.load(y, 32))), 32);
    v128.store(out, add(mul(a3, v128.load(x, 48)), mul(b3, v128.load(y, 48))), 48);
  }
  for (; x != pairs; x += 16, y += 16, out += 16, factors += 16) {
    v128.store(out, add(mul(v128.load(factors), v128.load(x)), mul(v128.load(factors, 64), v128.load(y))));
  }
  if (length & 1) store<f64>(out, load<f64>(factors) * load<f64>(x) + load<f64>(factors, 64) * load<f64>(y));
}
