import { DAMPING, splatOf } from "./multigrid-smoothing";
import { cellAt, cellBytes, coefficientAt, coefficientStep, nextCoefficientAt, packed, recordAt, vectors, vectorStep } from "./multigrid-vectors";
import { storeVector, vectorAt, yes } from "./specialise";

// What a damped Jacobi step for A + σM leaves on one line. With Q = ω(D + σM)⁻¹, e = D − diag A ≥ 0 and N = diag A − A the couplings, the
// residual of the first step s = Qf from zero, and the second step from u, are
//     r = f − (A + σM)s = (1 − ω)f + e s + N s,        u + Q(f − (A + σM)u) = (1 − ω)u + Q(f + e u + N u):
// the diagonal has cancelled.
//
// Type arguments: T arithmetic, K lanes, D dimensions (size of the type), F the second step (else the residual of the first).

/** Vector k of the residual of the first step, or of the second step, given e u + N u; u points to the left neighbour. */
// @ts-ignore: decorator
@inline
function relaxed<T, K, F>(k: usize, sum: v128, u: usize, f: usize, q: usize): v128 {
  const rest = splatOf<T>(1 - DAMPING);
  if (!yes<F>()) return v128.add<T>(v128.mul<T>(rest, vectorAt(f, k)), sum);
  return v128.add<T>(v128.mul<T>(rest, cellAt<T, K>(u, 1, k)), v128.mul<T>(vectorAt(q, k), v128.add<T>(vectorAt(f, k), sum)));
}

/** a x₀ + b x₁ + c x₂ for vector k of three cells from p on, added to what is in `scratch` unless it is the `first` row. */
// @ts-ignore: decorator
@inline
function rowVector<T, K>(first: bool, k: usize, a: v128, b: v128, c: v128, p: usize, scratch: usize): v128 {
  const outer = v128.add<T>(v128.mul<T>(a, cellAt<T, K>(p, 0, k)), v128.mul<T>(c, cellAt<T, K>(p, 2, k))), middle = v128.mul<T>(b, cellAt<T, K>(p, 1, k));
  return v128.add<T>(outer, first ? middle : v128.add<T>(vectorAt(scratch, k), middle));
}

/**
 * Adds to `scratch` the three couplings from `slot` on times the cells from p on. The sums are in memory because engines begin with all loads
 * up to the next store: those of several rows do not fit into the registers.
 */
// @ts-ignore: decorator
@inline
function addRow<T, K>(first: bool, record: usize, next: usize, slot: usize, p: usize, scratch: usize): void {
  const W = vectors<T, K>(), a = recordAt<T, K>(record, slot), b = recordAt<T, K>(record, slot + 1), c = recordAt<T, K>(record, slot + 2);
  storeVector(scratch, 0, rowVector<T, K>(first, 0, a, b, c, p, scratch));
  if (packed<K>()) storeVector(scratch, 1, rowVector<T, K>(first, 1, recordAt<T, K>(next, slot), recordAt<T, K>(next, slot + 1), recordAt<T, K>(next, slot + 2), p, scratch));
  else if (W > 1) storeVector(scratch, 1, rowVector<T, K>(first, 1, a, b, c, p, scratch));
  if (W > 2) storeVector(scratch, 2, rowVector<T, K>(first, 2, a, b, c, p, scratch));
  if (W > 2) storeVector(scratch, 3, rowVector<T, K>(first, 3, a, b, c, p, scratch));
}

/** The last row, of the points' own line, in the middle of the record, and the result. */
// @ts-ignore: decorator
@inline
function finishRows<T, K, D, F>(record: usize, next: usize, u: usize, scratch: usize, f: usize, q: usize, out: usize): void {
  const W = vectors<T, K>(), slot: usize = sizeof<D>() > 2 ? 12 : sizeof<D>() > 1 ? 3 : 0, first = sizeof<D>() == 1;
  const a = recordAt<T, K>(record, slot), b = recordAt<T, K>(record, slot + 1), c = recordAt<T, K>(record, slot + 2);
  storeVector(out, 0, relaxed<T, K, F>(0, rowVector<T, K>(first, 0, a, b, c, u, scratch), u, f, q));
  if (packed<K>()) {
    const sum = rowVector<T, K>(first, 1, recordAt<T, K>(next, slot), recordAt<T, K>(next, slot + 1), recordAt<T, K>(next, slot + 2), u, scratch);
    storeVector(out, 1, relaxed<T, K, F>(1, sum, u, f, q));
  } else if (W > 1) storeVector(out, 1, relaxed<T, K, F>(1, rowVector<T, K>(first, 1, a, b, c, u, scratch), u, f, q));
  if (W > 2) storeVector(out, 2, relaxed<T, K, F>(2, rowVector<T, K>(first, 2, a, b, c, u, scratch), u, f, q));
  if (W > 2) storeVector(out, 3, relaxed<T, K, F>(3, rowVector<T, K>(first, 3, a, b, c, u, scratch), u, f, q));
}

/** All rows but the last one; pointers to the left neighbours, `line` bytes apart on the middle axis. */
// @ts-ignore: decorator
@inline
function addRows<T, K, D>(record: usize, next: usize, u: usize, below: usize, above: usize, line: usize, scratch: usize): void {
  if (sizeof<D>() == 2) {
    addRow<T, K>(true, record, next, 0, below, scratch);
    addRow<T, K>(false, record, next, 6, above, scratch);
  }
  if (sizeof<D>() > 2) {
    addRow<T, K>(true, record, next, 0, below - line, scratch);
    addRow<T, K>(false, record, next, 3, below, scratch);
    addRow<T, K>(false, record, next, 6, below + line, scratch);
    addRow<T, K>(false, record, next, 9, u - line, scratch);
    addRow<T, K>(false, record, next, 15, u + line, scratch);
    addRow<T, K>(false, record, next, 18, above - line, scratch);
    addRow<T, K>(false, record, next, 21, above, scratch);
    addRow<T, K>(false, record, next, 24, above + line, scratch);
  }
}

/**
 * On a line of n points: out ← residual of the first step u = Q f, or second step from u with q = Q. Couplings in a record for each point, with e
 * in its middle. `scratch`: room for four vectors.
 */
export function relaxRecords<T, K, D, F>(n: usize, records: usize, u: usize, below: usize, above: usize, line: usize, f: usize, q: usize, out: usize, scratch: usize): void {
  const cell = cellBytes<T, K>(), group: usize = (sizeof<D>() > 2 ? 27 : sizeof<D>() > 1 ? 9 : 3) * 16, lastInGroup: usize = 16 - sizeof<T>();
  u -= cell;
  below -= cell;
  above -= cell;
  for (let i: usize = 0, j: usize = 0, end = n * sizeof<T>(); j < end; j += coefficientStep<T, K>(), i += vectorStep<T, K>()) {
    addRows<T, K, D>(records, records + group, u + i, below + i, above + i, line, scratch);
    finishRows<T, K, D, F>(records, records + group, u + i, scratch, f + i, q + i, out + i);
    if (packed<K>()) records += 2 * group;
    else records += (j & lastInGroup) == lastInGroup ? group - lastInGroup : sizeof<T>();
  }
}

/** Vector k of N u with couplings w e to the neighbours on x, s n on the middle axis and l h on the last one; pointers to the left neighbours. */
// @ts-ignore: decorator
@inline
function crossSum<T, K, D>(k: usize, w: v128, e: v128, s: v128, n: v128, l: v128, h: v128, u: usize, below: usize, above: usize, line: usize): v128 {
  let sum = v128.add<T>(v128.mul<T>(w, cellAt<T, K>(u, 0, k)), v128.mul<T>(e, cellAt<T, K>(u, 2, k)));
  if (sizeof<D>() > 1) sum = v128.add<T>(sum, v128.add<T>(v128.mul<T>(l, cellAt<T, K>(below, 1, k)), v128.mul<T>(h, cellAt<T, K>(above, 1, k))));
  if (sizeof<D>() > 2) sum = v128.add<T>(sum, v128.add<T>(v128.mul<T>(s, cellAt<T, K>(u - line, 1, k)), v128.mul<T>(n, cellAt<T, K>(u + line, 1, k))));
  return sum;
}

/** Vector k of the next step of `relaxCross`. */
// @ts-ignore: decorator
@inline
function crossVector<T, K, D, F>(k: usize, w: v128, e: v128, s: v128, n: v128, l: v128, h: v128, u: usize, below: usize, above: usize, line: usize, f: usize, q: usize, out: usize): void {
  const sum = crossSum<T, K, D>(k, w, e, s, n, l, h, u, below, above, line);
  storeVector(out, k, relaxed<T, K, F>(k, sum, u, f, q));
}

/**
 * The same with couplings along the axes, of each point to the previous one: w on x, s on the middle axis (3-D) and l on the last one, and
 * n = s, h = l of the next line and the next plane.
 */
export function relaxCross<T, K, D, F>(points: usize, w: usize, s: usize, n: usize, l: usize, h: usize, u: usize, below: usize, above: usize, line: usize, f: usize, q: usize, out: usize): void {
  const cell = cellBytes<T, K>(), W = vectors<T, K>(), planar = sizeof<D>() > 1, solid = sizeof<D>() > 2;
  u -= cell;
  below -= cell;
  above -= cell;
  for (let i: usize = 0, j: usize = 0, end = points * sizeof<T>(); j < end; j += coefficientStep<T, K>(), i += vectorStep<T, K>()) {
    const cw = coefficientAt<T, K>(true, w + j, 0), ce = nextCoefficientAt<T, K>(w + j, 0);
    const cs = coefficientAt<T, K>(solid, s + j, 0), cn = coefficientAt<T, K>(solid, n + j, 0), cl = coefficientAt<T, K>(planar, l + j, 0), ch = coefficientAt<T, K>(planar, h + j, 0);
    const ui = u + i, bi = below + i, ai = above + i, fi = f + i, qi = q + i, oi = out + i;
    crossVector<T, K, D, F>(0, cw, ce, cs, cn, cl, ch, ui, bi, ai, line, fi, qi, oi);
    if (packed<K>()) {
      const dw = coefficientAt<T, K>(true, w + j, 1), de = nextCoefficientAt<T, K>(w + j, 1);
      const ds = coefficientAt<T, K>(solid, s + j, 1), dn = coefficientAt<T, K>(solid, n + j, 1), dl = coefficientAt<T, K>(planar, l + j, 1), dh = coefficientAt<T, K>(planar, h + j, 1);
      crossVector<T, K, D, F>(1, dw, de, ds, dn, dl, dh, ui, bi, ai, line, fi, qi, oi);
    } else {
      if (W > 1) crossVector<T, K, D, F>(1, cw, ce, cs, cn, cl, ch, ui, bi, ai, line, fi, qi, oi);
      if (W > 2) crossVector<T, K, D, F>(2, cw, ce, cs, cn, cl, ch, ui, bi, ai, line, fi, qi, oi);
      if (W > 2) crossVector<T, K, D, F>(3, cw, ce, cs, cn, cl, ch, ui, bi, ai, line, fi, qi, oi);
    }
  }
}
