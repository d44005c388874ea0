import {
  cg,
  fullSpaceFormulation,
  minres,
  reducedFormulation,
  schurFormulation,
  solveDirect,
  solveOptimalControl,
  type OptimalControlSolution,
  type SolveOptions,
} from "@parakkt/core";
import { relativeDistance } from "@parakkt/testing";
import { blockDiagonalMatching, classicalMatching } from "./matching-preconditioners.js";
import { referenceObjectives, referenceProblem, type ReferenceObjective } from "./reference-objectives.js";

const PARTS = ["total", "tracking", "control"] as const;

const partError = ({ objective }: OptimalControlSolution, reference: ReferenceObjective, part: (typeof PARTS)[number]): number =>
  Math.abs(objective[part] / reference[part] - 1);

describe.each(referenceObjectives)("the direct solver, n = $n, N = $steps, ω = $regularization,", (reference) => {
  const solution = solveDirect(referenceProblem(reference), { relativeTolerance: 1e-10 });

  test("finds the reference objective, its tracking and its control part to 12 digits", () => {
    for (const part of PARTS) expect(partError(solution, reference, part)).toBeLessThanOrEqual(1e-12);
  });

  test("leaves a KKT residual of rounding size", () => {
    // A few units of u ‖A‖, and ‖A‖ = 1 + 8τ/h² < 260 on these grids.
    expect(solution.relativeResidual).toBeLessThanOrEqual(20 * 260 * 2 ** -53);
    expect(solution.reason).toEqual({ kind: "converged", by: "direct" });
    expect([solution.iterations, solution.residualNorms, solution.counts.spatialSolves]).toEqual([0, [], 0]);
  });
});

describe("the reference objective", () => {
  test("is another one for a target that is a step late (negative control)", () => {
    const [reference] = referenceObjectives;
    const problem = referenceProblem(reference);
    const late = { ...problem, target: (step: Parameters<typeof problem.target>[0], out: Float64Array) => problem.target({ ...step, end: step.start }, out) };
    expect(partError(solveDirect(late, { relativeTolerance: 1e-10 }), reference, "total")).toBeGreaterThan(1e-6);
  });
});

const criteria = { relativeTolerance: 1e-10, absoluteTolerance: 0, maxIterations: 1000, stagnationWindow: 500 };

interface IterativeCase {
  readonly name: string;
  readonly options: SolveOptions;
  /** Relative error allowed in tracking and control, which is first order in the error of the solution. */
  readonly parts: number;
}

const iterativeCases: IterativeCase[] = [
  { name: "CG on S", options: { formulation: schurFormulation, method: cg, preconditioner: classicalMatching, criteria }, parts: 1e-9 },
  { name: "MINRES on K", options: { formulation: fullSpaceFormulation, method: minres, preconditioner: blockDiagonalMatching, criteria }, parts: 1e-9 },
  // The equation that CG leaves a residual in is the one with the smallest scale, τω: the same (KKT.2) admits a larger error.
  { name: "CG on the reduced Hessian", options: { formulation: reducedFormulation, method: cg, criteria }, parts: 1e-8 },
];

describe.each(referenceObjectives.filter(({ n }) => n <= 31))("at n = $n, N = $steps, ω = $regularization", (reference) => {
  const problem = referenceProblem(reference);
  const direct = solveDirect(problem, { relativeTolerance: 1e-10 });

  test.each(iterativeCases)("$name converges to the reference objective and to the state and control of the direct solver", ({ options, parts }) => {
    const solution = solveOptimalControl(problem, options);
    expect(solution.reason).toEqual({ kind: "converged", by: "relative-tolerance" });
    expect(solution.relativeResidual).toBeLessThanOrEqual(1e-10);
    // At the minimum the total is second order in the error.
    expect(partError(solution, reference, "total")).toBeLessThanOrEqual(1e-12);
    for (const part of PARTS) expect(partError(solution, reference, part)).toBeLessThanOrEqual(parts);
    expect(relativeDistance(solution.state.data, direct.state.data)).toBeLessThanOrEqual(1e-8);
    expect(relativeDistance(solution.control.data, direct.control.data)).toBeLessThanOrEqual(1e-8);
    expect(relativeDistance(solution.adjoint.data, direct.adjoint.data)).toBeLessThanOrEqual(1e-7);
  });
});

describe.each(referenceObjectives.filter(({ n }) => n === 15))("at n = 15, N = 16, ω = $regularization", (reference) => {
  test("CG on S needs no preconditioner to get there, only more iterations", () => {
    const problem = referenceProblem(reference);
    const [plain, preconditioned] = [undefined, classicalMatching].map((preconditioner) =>
      solveOptimalControl(problem, { formulation: schurFormulation, method: cg, criteria, ...(preconditioner && { preconditioner }) }),
    );
    for (const part of PARTS) expect(partError(plain, reference, part)).toBeLessThanOrEqual(1e-9);
    expect(plain.iterations).toBeGreaterThan(preconditioned.iterations);
  });

  test("the answer does not depend on the number of subdomains, only its storage order does", () => {
    const problem = referenceProblem(reference);
    const objectives = [1, 4, 5].map((subdomains) => {
      const decomposition = { subdomains, overlap: 0 };
      return solveOptimalControl(problem, { formulation: schurFormulation, method: cg, preconditioner: classicalMatching, criteria, decomposition });
    });
    expect(objectives.map(({ residualNorms }) => residualNorms)).toEqual(new Array(3).fill(objectives[0].residualNorms));
    expect(objectives.map(({ objective }) => objective)).toEqual(new Array(3).fill(objectives[0].objective));
  });
});
