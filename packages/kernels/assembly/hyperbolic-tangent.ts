import { add, mul, splat, sub } from "./lanes";

// tanh x = E/(E + 2) with E = e^{2|x|} − 1, sign of x. 2|x| = k ln 2 + r, |r| ≤ ln 2/2, and E = 2ᵏ(eʳ − 1) + (2ᵏ − 1), where eʳ − 1 is its
// Taylor polynomial of degree 13 (remainder below 2⁻⁵⁶ r). From |x| = 20 on tanh x is ±1 to the last bit.

const LIMIT: f64 = 20;
const LOG2_E: f64 = 1.4426950408889634;
/** ln 2 in two parts; k times the first one is exact. */
const LN2_HIGH: f64 = 6.93147180369123816490e-1;
const LN2_LOW: f64 = 1.90821492927058770002e-10;

// @ts-ignore: decorator
@inline
function tanhPair(x: v128): v128 {
  const magnitude = f64x2.min(f64x2.abs(x), splat(LIMIT));
  const doubled = add(magnitude, magnitude);
  const k = f64x2.nearest(mul(doubled, splat(LOG2_E)));
  const r = sub(sub(doubled, mul(k, splat(LN2_HIGH))), mul(k, splat(LN2_LOW)));
  let p = splat(1.0 / 6227020800);
  p = add(mul(p, r), splat(1.0 / 479001600));
  p = add(mul(p, r), splat(1.0 / 39916800));
  p = add(mul(p, r), splat(1.0 / 3628800));
  p = add(mul(p, r), splat(1.0 / 362880));
  p = add(mul(p, r), splat(1.0 / 40320));
  p = add(mul(p, r), splat(1.0 / 5040));
  p = add(mul(p, r), splat(1.0 / 720));
  p = add(mul(p, r), splat(1.0 / 120));
  p = add(mul(p, r), splat(1.0 / 24));
  p = add(mul(p, r), splat(1.0 / 6));
  p = add(mul(p, r), splat(0.5));
  const small = add(mul(mul(p, r), r), r);
  const power = i64x2.shl(i64x2.add(i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(k)), i64x2.splat(1023)), 52);
  const E = add(mul(power, small), sub(power, splat(1)));
  return v128.bitselect(x, f64x2.div(E, add(E, splat(2))), i64x2.splat(i64.MIN_VALUE));
}

/** x ← tanh x, entry by entry; the same bits wherever an entry stands. */
export function tanhAll(x: usize, length: usize): void {
  for (const end = x + (length & ~1) * 8; x != end; x += 16) v128.store(x, tanhPair(v128.load(x)));
  if (length & 1) store<f64>(x, f64x2.extract_lane(tanhPair(v128.load64_splat(x)), 0));
}
