import { cg, optimalControlSolver, schurFormulation, uniformTimeGrid, type FormulationFactory, type Preconditioner, type SpaceTimeDiscretization } from "@parakkt/core";
import { decayingIntegrator, seededRandom, squareEigenvalues } from "@parakkt/testing";
import { classicalMatching } from "./matching-preconditioners.js";

const TOLERANCE = 1e-8;
const EIGENVALUES = squareEigenvalues(5, 1);

interface Run {
  readonly iterations: number;
  /** (KKT.2) of each candidate that was measured, and what was expected of it. */
  readonly candidates: { readonly expected: number; readonly measured: number }[];
}

/** Solves with M times a factor; without M where there is none. */
function solve(regularization: number, preconditioner: ((discretization: SpaceTimeDiscretization) => Preconditioner) | undefined): Run {
  const candidates: { expected: number; measured: number }[] = [];
  let expected = Number.NaN;
  const watched: FormulationFactory = (discretization, problem) => {
    const formulation = schurFormulation(discretization, problem);
    return {
      ...formulation,
      expectedResidual: (energy) => (expected = formulation.expectedResidual!(energy)),
      relativeResidual(...given) {
        const measured = formulation.relativeResidual!(...given);
        candidates.push({ expected, measured });
        return measured;
      },
    };
  };
  const problem = {
    ...{ grid: uniformTimeGrid(1, 64), integrator: decayingIntegrator(EIGENVALUES), regularization },
    initialState: seededRandom(3).normalVector(EIGENVALUES.length),
    target: ({ end }: { end: number }, out: Float64Array) => void out.forEach((_, j) => (out[j] = Math.sin(3 * end + j) / (1 + j))),
  };
  const options = { formulation: watched, method: cg, criteria: { relativeTolerance: TOLERANCE, maxIterations: 2000 }, ...(preconditioner && { preconditioner }) };
  const { iterations, reason } = optimalControlSolver(problem, options).solve();
  expect(reason.kind).toBe("converged");
  return { iterations, candidates };
}

/** M in other units. */
const scaled = (factor: number) => (discretization: SpaceTimeDiscretization): Preconditioner => {
  const { apply, ...matching } = classicalMatching(discretization);
  return {
    ...matching,
    apply(residual, correction) {
      apply(residual, correction);
      correction.forEach((value, i) => (correction[i] = factor * value));
    },
  };
};

describe.each([1, 1e-2, 1e-4, 1e-6, 1e-8])("candidates of conjugate gradients with matching, ω = %f,", (regularization) => {
  const { candidates, iterations } = solve(regularization, scaled(1));

  /** From the geometric mean to either bound, and 2 for what M⁻¹ is not S⁻¹ and for the energy of the iterate before. */
  const doubt = 2 * (1 + 1 / (regularization * (EIGENVALUES[0] ** 2 + (Math.PI / 2) ** 2))) ** 0.25;

  test("are measured twice at most, when the energy rᵀM⁻¹r tells (KKT.2) within its bounds (KKT.5)", () => {
    expect(candidates.length).toBeGreaterThanOrEqual(1);
    expect(candidates.length).toBeLessThanOrEqual(2);
    const [{ expected, measured }] = candidates;
    expect(Math.abs(Math.log(measured / expected))).toBeLessThanOrEqual(Math.log(doubt));
    expect(expected).toBeLessThanOrEqual(2 * TOLERANCE);
  });

  test.each([1e8, 1e-8])("cost no more than one iteration more with M⁻¹ in other units, times %f, but for one measurement (negative control of the expectation)", (factor) => {
    const other = solve(regularization, scaled(factor));
    expect(Math.abs(Math.log(other.candidates[0].measured / other.candidates[0].expected))).toBeGreaterThan(Math.log(doubt));
    expect(other.iterations).toBeLessThanOrEqual(iterations + 1);
    expect(other.candidates.length).toBeLessThanOrEqual(candidates.length + 2);
  });
});

test("without M one is measured at once, for the proportion, and then when it may be good enough", () => {
  const { candidates, iterations } = solve(1e-2, undefined);
  expect(candidates[0].expected).toBeNaN();
  expect(candidates[0].measured).toBeGreaterThan(TOLERANCE);
  expect(candidates.length).toBeLessThan(iterations / 2);
});
