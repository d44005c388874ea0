import { requireArgument } from "@parakkt/core";

/** Values of all B-splines of a basis at one point. */
export interface SplineBasis {
  /** Number of basis functions. */
  readonly count: number;
  /** out ← B₁(t) … B_count(t), which add up to 1; 0 ≤ t ≤ 1. At most degree + 1 of them are not zero. */
  evaluate(t: number, out: Float64Array): void;
}

/** B-splines of a degree on equally wide knot spans of [0, 1], with full multiplicity at both ends, by the recursion of Cox and de Boor [DeBoor1978]. */
export function splineBasis(count: number, degree: number): SplineBasis {
  requireArgument(Number.isInteger(degree) && degree >= 0 && Number.isInteger(count) && count > degree, () => ({
    what: "spline basis",
    where: "splineBasis",
    expected: "more functions than the degree, which is at least 0",
    got: `${count} functions of degree ${degree}`,
  }));
  const spans = count - degree;
  /** Knot k − degree of the spans, repeated at the ends. */
  const knot = (k: number): number => Math.min(Math.max(k - degree, 0), spans) / spans;
  const fraction = (numerator: number, denominator: number): number => (denominator === 0 ? 0 : numerator / denominator);
  const values = new Float64Array(count + degree + 1);
  return {
    count,
    evaluate(t, out) {
      values.fill(0);
      values[degree + Math.min(Math.floor(t * spans), spans - 1)] = 1;
      for (let d = 1; d <= degree; d++) {
        for (let k = 0; k < count + degree - d; k++) {
          const rising = fraction(t - knot(k), knot(k + d) - knot(k)) * values[k];
          const falling = fraction(knot(k + d + 1) - t, knot(k + d + 1) - knot(k + 1)) * values[k + 1];
          values[k] = rising + falling;
        }
      }
      out.set(values.subarray(0, count));
    },
  };
}
