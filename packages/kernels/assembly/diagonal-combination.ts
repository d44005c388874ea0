import { add, mul, splat } from "./lanes";
import { readVector, writeVector } from "./lane-vectors";

// out ← a x + b µ x + c y + d z as (a + b µ) x + c y + d z. Arguments named `withY`, `withZ`, `i` are constants.

/** Vector i; what it adds to the products out·z, without z out·out. */
// @ts-ignore: decorator
@inline
export function combineVector(withY: bool, withZ: bool, i: usize, mu: v128, a: v128, b: v128, c: v128, d: v128, x: usize, y: usize, z: usize, out: usize): v128 {
  let value = mul(add(a, mul(b, mu)), readVector(x, i));
  if (withY) value = add(value, mul(c, readVector(y, i)));
  if (!withZ) {
    writeVector(out, i, value);
    return mul(value, value);
  }
  const other = readVector(z, i);
  value = add(value, mul(d, other));
  writeVector(out, i, value);
  return mul(value, other);
}

/** One entry; what it adds to the products of the even dofs. `f`: rows a, b, c, d. */
// @ts-ignore: decorator
@inline
export function combineEntry(withY: bool, withZ: bool, mu: usize, f: usize, x: usize, y: usize, z: usize, out: usize): v128 {
  let value = (load<f64>(f) + load<f64>(f, 64) * load<f64>(mu)) * load<f64>(x);
  if (withY) value += load<f64>(f, 128) * load<f64>(y);
  let other = value;
  if (withZ) {
    other = load<f64>(z);
    value += load<f64>(f, 192) * other;
  }
  store<f64>(out, value);
  return f64x2.replace_lane(splat(0), 0, value * (withZ ? other : value));
}
