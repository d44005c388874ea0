import type { Preconditioner } from "../krylov/preconditioner.js";
import { adjointIdentity, length, type TestSpace } from "./operator-checks.js";
import { notApplicable, verdictOn, type VerificationCheck } from "./verification-check.js";

/** Vectors for the laws that a preconditioner must obey. `tolerance`: rounding of one application, larger in single precision. */
export interface PreconditionerBench {
  readonly test: TestSpace;
  readonly tolerance: number;
}

const LAWS = {
  symmetric: { name: "symmetry of the preconditioner", law: "⟨M⁻¹x, y⟩ = ⟨x, M⁻¹y⟩" },
  definite: { name: "definiteness of the preconditioner", law: "⟨x, M⁻¹x⟩ > 0" },
  linear: { name: "linearity of the preconditioner", law: "M⁻¹(x + 2y) = M⁻¹x + 2M⁻¹y, with the same bits when asked again" },
};

/** What a preconditioner says of itself, put to the test: symmetric, definite, linear and stationary. Eleven applications. */
export function preconditionerChecks(preconditioner: Preconditioner | undefined, bench: PreconditionerBench): VerificationCheck[] {
  const { tolerance } = bench;
  const none = "the method runs without a preconditioner";
  if (preconditioner === undefined) return Object.values(LAWS).map((law) => notApplicable({ ...law, tolerance }, none));
  const unsymmetric = "the combination is not symmetric, and the method does not ask for it";
  return [
    preconditioner.symmetric ? symmetry(preconditioner, bench) : notApplicable({ ...LAWS.symmetric, tolerance }, unsymmetric),
    preconditioner.symmetric ? definiteness(preconditioner, bench) : notApplicable({ ...LAWS.definite, tolerance: 0 }, unsymmetric),
    preconditioner.stationary ? linearity(preconditioner, bench) : notApplicable({ ...LAWS.linear, tolerance }, "it says that it varies from call to call"),
  ];
}

function symmetry({ apply }: Preconditioner, { test, tolerance }: PreconditionerBench): VerificationCheck {
  const identity = adjointIdentity({ name: "M⁻¹", operator: { apply, applyTranspose: apply }, domain: test, range: test, tolerance });
  const points = "M is not symmetric: a restriction and a prolongation that are not transposes of one another (such as an overlap that is read but not written), or an inexact adjoint sweep";
  return { ...identity, ...LAWS.symmetric, reason: identity.verdict === "passed" ? "M⁻¹ is its own transpose, to rounding" : points };
}

/** The smallest ⟨x, M⁻¹x⟩/(‖x‖‖M⁻¹x‖) of random vectors and a positive one. */
function definiteness({ apply }: Preconditioner, { test }: PreconditionerBench): VerificationCheck {
  let smallest = Infinity;
  for (let trial = 0; trial < 4; trial++) {
    test.recycle();
    const [vector, image] = [test.random(), test.zero()];
    if (trial === 3) for (let i = 0; i < vector.length; i++) vector[i] = Math.abs(vector[i]);
    apply(vector, image);
    const cosine = test.space.innerProduct(vector, image) / (length(test, vector) * length(test, image));
    smallest = Number.isNaN(cosine) ? Number.NaN : Math.min(smallest, cosine);
  }
  const law = { ...LAWS.definite, tolerance: 0, holds: "every test vector has a positive energy", points: "M has a direction of negative energy: a local or coarse solve has the wrong sign or scaling" };
  const found = verdictOn(law, -smallest);
  return { ...found, figure: smallest, verdict: smallest > 0 ? "passed" : "failed" };
}

function linearity({ apply }: Preconditioner, { test, tolerance }: PreconditionerBench): VerificationCheck {
  test.recycle();
  const image = (x: Float64Array): Float64Array => {
    const out = test.zero();
    apply(x, out);
    return out;
  };
  const [x, y, sum] = [test.random(), test.random(), test.zero()];
  for (let i = 0; i < sum.length; i++) sum[i] = x[i] + 2 * y[i];
  const [ofX, ofY, ofSum] = [image(x), image(y), image(sum)];
  const again = image(x);
  const repeats = again.every((value, i) => Object.is(value, ofX[i]));
  const scale = length(test, ofSum);
  for (let i = 0; i < ofSum.length; i++) ofSum[i] -= ofX[i] + 2 * ofY[i];
  const points = repeats ? "M⁻¹ is not linear: use fgmres, or fix the number of inner iterations" : "M⁻¹ gives other bits when asked again: it keeps state between calls";
  return verdictOn({ ...LAWS.linear, tolerance, holds: "a fixed linear map", points }, repeats ? length(test, ofSum) / scale : Number.POSITIVE_INFINITY);
}
