import { add, mul } from "./lanes";
import { storeVector, vectorAt, yes } from "./specialise";
import { coefficient, combine, read } from "./stencil-cell";

// Four of eight lanes with the same factors: two vectors share coefficients, factors and addresses. Type arguments as in stencil.ts.

/** Vector v of those at the addresses: 4k and 4k + 1 are four lanes of dof k = 0 … 3. Returns out·z, or out·out without z. */
// @ts-ignore: decorator
@inline
function sharedVector<K, D, Y, Z>(v: usize, a: v128, b: v128, c: v128, d: v128, m: v128, w: v128, e: v128, s: v128, n: v128, l: v128, u: v128, left: v128, here: v128, right: v128, below: usize, above: usize, lower: usize, upper: usize, y: usize, z: usize, out: usize): v128 {
  const solid = sizeof<D>() > 2, other = read(yes<Z>(), false, z, v);
  const value = combine<K, D, Y, Z>(
    a, b, c, d, m, w, e, s, n, l, u, left, here, right,
    vectorAt(below, v), vectorAt(above, v), read(solid, false, lower, v), read(solid, false, upper, v), read(yes<Y>(), false, y, v), other,
  );
  storeVector(out, v, value);
  return mul(value, yes<Z>() ? other : value);
}

/** Four of eight lanes with the same factors: `cells` dofs, a multiple of four; coefficients and blocks at the first one. */
// @ts-ignore: decorator
@inline
export function sharedQuads<K, D, Y, Z, P>(factors: usize, cells: usize, diagonal: usize, cx: usize, cy: usize, toAbove: usize, cz: usize, toUpper: usize, x: usize, below: usize, above: usize, lower: usize, upper: usize, y: usize, z: usize, out: usize, even: usize, odd: usize): void {
  const solid = sizeof<D>() > 2, a = v128.load(factors), b = v128.load(factors, 64), c = read(yes<Y>(), false, factors, 8), d = read(yes<Z>(), false, factors, 12);
  let p0 = read(yes<P>(), false, even, 0), p1 = read(yes<P>(), false, even, 1), r0 = read(yes<P>(), false, odd, 0), r1 = read(yes<P>(), false, odd, 1);
  let left0 = v128.load(x - 64), left1 = v128.load(x - 64, 16), here0 = v128.load(x), here1 = v128.load(x, 16), w = v128.load64_splat(cx);
  for (let i: usize = 0, q: usize = 0; i < cells * 8; i += 32, q += 256) {
    const mi = diagonal + i, wi = cx + i, si = cy + i, ni = toAbove + i, li = cz + i, ui = toUpper + i, xq = x + q;
    const bq = below + q, aq = above + q, lq = lower + q, uq = upper + q, yq = y + q, zq = z + q, oq = out + q;
    const m0 = v128.load64_splat(mi), e0 = v128.load64_splat(wi, 8), s0 = v128.load64_splat(si), n0 = v128.load64_splat(ni), l0 = coefficient(solid, 0, li), u0 = coefficient(solid, 0, ui);
    const x2 = vectorAt(xq, 4), f0 = sharedVector<K, D, Y, Z>(0, a, b, c, d, m0, w, e0, s0, n0, l0, u0, left0, here0, x2, bq, aq, lq, uq, yq, zq, oq);
    const y2 = vectorAt(xq, 5), g0 = sharedVector<K, D, Y, Z>(1, a, b, c, d, m0, w, e0, s0, n0, l0, u0, left1, here1, y2, bq, aq, lq, uq, yq, zq, oq);
    const m1 = v128.load64_splat(mi, 8), e1 = v128.load64_splat(wi, 16), s1 = v128.load64_splat(si, 8), n1 = v128.load64_splat(ni, 8), l1 = coefficient(solid, 1, li), u1 = coefficient(solid, 1, ui);
    const x3 = vectorAt(xq, 8), f1 = sharedVector<K, D, Y, Z>(4, a, b, c, d, m1, e0, e1, s1, n1, l1, u1, here0, x2, x3, bq, aq, lq, uq, yq, zq, oq);
    const y3 = vectorAt(xq, 9), g1 = sharedVector<K, D, Y, Z>(5, a, b, c, d, m1, e0, e1, s1, n1, l1, u1, here1, y2, y3, bq, aq, lq, uq, yq, zq, oq);
    const m2 = v128.load64_splat(mi, 16), e2 = v128.load64_splat(wi, 24), s2 = v128.load64_splat(si, 16), n2 = v128.load64_splat(ni, 16), l2 = coefficient(solid, 2, li), u2 = coefficient(solid, 2, ui);
    left0 = vectorAt(xq, 12);
    left1 = vectorAt(xq, 13);
    const f2 = sharedVector<K, D, Y, Z>(8, a, b, c, d, m2, e1, e2, s2, n2, l2, u2, x2, x3, left0, bq, aq, lq, uq, yq, zq, oq);
    const g2 = sharedVector<K, D, Y, Z>(9, a, b, c, d, m2, e1, e2, s2, n2, l2, u2, y2, y3, left1, bq, aq, lq, uq, yq, zq, oq);
    const m3 = v128.load64_splat(mi, 24), s3 = v128.load64_splat(si, 24), n3 = v128.load64_splat(ni, 24), l3 = coefficient(solid, 3, li), u3 = coefficient(solid, 3, ui);
    w = v128.load64_splat(wi, 32);
    here0 = vectorAt(xq, 16);
    here1 = vectorAt(xq, 17);
    const f3 = sharedVector<K, D, Y, Z>(12, a, b, c, d, m3, e2, w, s3, n3, l3, u3, x3, left0, here0, bq, aq, lq, uq, yq, zq, oq);
    const g3 = sharedVector<K, D, Y, Z>(13, a, b, c, d, m3, e2, w, s3, n3, l3, u3, y3, left1, here1, bq, aq, lq, uq, yq, zq, oq);
    if (yes<P>()) {
      p0 = add(add(p0, f0), f2);
      p1 = add(add(p1, g0), g2);
      r0 = add(add(r0, f1), f3);
      r1 = add(add(r1, g1), g3);
    }
  }
  if (!yes<P>()) return;
  v128.store(even, p0);
  v128.store(even, p1, 16);
  v128.store(odd, r0);
  v128.store(odd, r1, 16);
}
