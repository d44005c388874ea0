import { add, mul, splat, sub } from "./lanes";
import { vectorAt, yes } from "./specialise";

// The arithmetic of one vector of a stencil with variable couplings; type arguments as in stencil.ts.

/** Eight lanes with the same factors, b = −1 and c = 1 among them: a product with these is what it is of. */
export type Residual = v128;

/** Vector k at p: half of one when `single`, zero unless `wanted`. All but p are constants. */
// @ts-ignore: decorator
@inline
export function read(wanted: bool, single: bool, p: usize, k: usize): v128 {
  if (!wanted) return splat(0);
  return single ? v128.load64_zero(p) : vectorAt(p, k);
}

/** Coefficient k from p on in both lanes, k = 0 … 3, zero unless `wanted`. Both are constants. */
// @ts-ignore: decorator
@inline
export function coefficient(wanted: bool, k: usize, p: usize): v128 {
  if (!wanted) return splat(0);
  if (k == 0) return v128.load64_splat(p);
  if (k == 1) return v128.load64_splat(p, 8);
  return k == 2 ? v128.load64_splat(p, 16) : v128.load64_splat(p, 24);
}

/** b L x + a x + c y + d z (z not with K = Residual) of one vector, of couplings w e s n l u and diagonal m. */
// @ts-ignore: decorator
@inline
export function combine<K, D, Y, Z>(a: v128, b: v128, c: v128, d: v128, m: v128, w: v128, e: v128, s: v128, n: v128, l: v128, u: v128, left: v128, here: v128, right: v128, below: v128, above: v128, lower: v128, upper: v128, first: v128, second: v128): v128 {
  let sum = sub(sub(mul(m, here), mul(w, left)), mul(e, right));
  sum = sub(sub(sum, mul(s, below)), mul(n, above));
  if (sizeof<D>() > 2) sum = sub(sub(sum, mul(l, lower)), mul(u, upper));
  if (sizeof<K>() == 16) return add(sub(mul(a, here), sum), first);
  sum = add(mul(b, sum), mul(a, here));
  if (yes<Y>()) sum = add(sum, mul(c, first));
  return yes<Z>() ? add(sum, mul(d, second)) : sum;
}
