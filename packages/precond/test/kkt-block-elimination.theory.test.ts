import { boxGrid, choleskySolver, defaultStoppingCriteria, fastDiagonalizationSolver, fgmres, heatProblem, kktRightHandSide, kktSystem, minres, schurComplement, schurFormulation, solveOptimalControl, uniformTimeGrid, type PointFunction, type Preconditioner, type SpaceTimeDiscretization } from "@parakkt/core";
import { kktBlockDiagonal, kktBlockElimination, twoLevel, type Combination, type MatchingFactorKind } from "@parakkt/precond";
import { denseMatrix, modalIntegrator, preconditionedSpectrum, randomSpaceTimeVector, schurIterations, serialDiscretization } from "@parakkt/testing";
import { Matrix, inverse } from "ml-matrix";

/** M = S, by dense inversion. */
function exactSchurInverse(discretization: SpaceTimeDiscretization): Preconditioner {
  const S = schurComplement(discretization);
  const dense = inverse(denseMatrix(S.rows, S.rows, S.apply));
  return { size: S.rows, stationary: true, symmetric: true, apply: (r, y) => y.set(dense.mmul(Matrix.columnVector(r)).to1DArray()) };
}

const small = (): SpaceTimeDiscretization =>
  serialDiscretization({ integrator: modalIntegrator(Float64Array.of(2, 30), 1.5), steps: 6, subdomains: 2, regularization: 1e-2 });

test("block elimination with M = S is the inverse of the KKT matrix (KKT.3)", () => {
  const discretization = small();
  const K = kktSystem(discretization);
  const M = kktBlockElimination(discretization, exactSchurInverse(discretization));
  const x = randomSpaceTimeVector(discretization.stateLayout, 1);
  const kkt = new Float64Array(K.rows);
  for (let block = 0; block < 3; block++) kkt.set(x, block * x.length);
  const [image, back] = [new Float64Array(K.rows), new Float64Array(K.rows)];
  K.apply(kkt, image);
  M.apply(image, back);
  for (let i = 0; i < kkt.length; i++) expect(Math.abs(back[i] - kkt[i])).toBeLessThan(1e-10);
});

test("the block diagonal preconditioner with M = S gives three eigenvalues, 1 and (1 ± √5)/2, and so at most three MINRES iterations", () => {
  const discretization = small();
  const K = kktSystem(discretization);
  const preconditioner = kktBlockDiagonal(discretization, exactSchurInverse(discretization));
  const rhs = randomSpaceTimeVector(discretization.stateLayout, 2);
  const kktRhs = new Float64Array(K.rows);
  kktRhs.set(rhs);
  const { reason, iterations } = minres({ operator: K, space: K.space, preconditioner }).solve(kktRhs, new Float64Array(K.rows), { ...defaultStoppingCriteria, relativeTolerance: 1e-8 });
  expect(reason.kind).toBe("converged");
  expect(iterations).toBeLessThanOrEqual(3);
});

test("the additive preconditioner is an equivalent of S: its condition stays below 40 where that of S is in the thousands", () => {
  const discretization = serialDiscretization({ integrator: modalIntegrator(Float64Array.of(0.1, 20)), steps: 48, subdomains: 8, regularization: 1e2 });
  const S = schurComplement(discretization);
  const A = denseMatrix(S.rows, S.rows, S.apply);
  const identity = denseMatrix(S.rows, S.rows, (x, out) => out.set(x));
  const condition = (values: number[]): number => values[values.length - 1] / values[0];
  const M = twoLevel(discretization, { combination: "additive", factor: "exact" });
  expect(condition(preconditionedSpectrum(denseMatrix(S.rows, S.rows, M.apply), A))).toBeLessThan(40);
  expect(condition(preconditionedSpectrum(identity, A))).toBeGreaterThan(1000);
});

/** The problem of the published table: unit square, n = 31, N = 128, T = 1. */
function tableProblem(diffusivity: number | PointFunction, regularization: number) {
  return heatProblem({
    space: boxGrid({ extent: [1, 1], cells: [32, 32] }),
    time: uniformTimeGrid(1, 128),
    diffusivity,
    regularization,
    initialState: (x, y) => Math.sin(Math.PI * x) * Math.sin(Math.PI * y),
    target: (x, y, _z, t) => Math.sin(2 * Math.PI * t) * Math.sin(Math.PI * x) * Math.sin(2 * Math.PI * y) + t * x * (1 - x) * y * (1 - y),
    spatialSolver: typeof diffusivity === "number" ? fastDiagonalizationSolver : choleskySolver,
  });
}

/** The open inclusion (¼, ½) × (¼, ¾) that conducts ten thousand times better. */
const inclusion =
  (scale: number): PointFunction =>
  (x, y) =>
    scale * (x > 0.25 && x < 0.5 && y > 0.25 && y < 0.75 ? 1e4 : 1);

interface FullSpaceCase {
  readonly subdomains: number;
  readonly combination: Combination;
  readonly factor: MatchingFactorKind;
}

/** FGMRES on the full KKT matrix, no restart, own relative residual 1e-8; with the reaction |s|/√ω, as the reference counts are. */
function fullSpaceIterations(problem: ReturnType<typeof tableProblem>, { subdomains, combination, factor }: FullSpaceCase): number {
  const integrator = { ...problem.integrator, slowestDecay: 0 };
  const discretization = serialDiscretization({ integrator, steps: problem.grid, subdomains, regularization: problem.regularization });
  const K = kktSystem(discretization);
  const rhs = new Float64Array(K.rows);
  kktRightHandSide(discretization, problem, rhs);
  const preconditioner = kktBlockElimination(discretization, twoLevel(discretization, { combination, factor }));
  const { reason, iterations } = fgmres({ operator: K, space: K.space, preconditioner }, { restart: 200 }).solve(rhs, new Float64Array(K.rows), defaultStoppingCriteria);
  return reason.kind === "converged" ? iterations : Infinity;
}

test.each([
  ["ν = 1", 1, 1e-1, [7, 14, 11, 12, 15]],
  ["ν = 1", 1, 1e-3, [11, 13, 10, 13, 15]],
  ["ν = 1", 1, 1e-5, [10, 10, 9, 7, 16]],
  ["ν = 1e-2", 1e-2, 1e-1, [7, 13, 12, 18, 17]],
  ["ν = 1e-2", 1e-2, 1e-5, [4, 4, 4, 4, 12]],
  ["the inclusion", inclusion(1), 1e-1, [7, 14, 10, 12, 18]],
  ["the inclusion", inclusion(1), 1e-5, [13, 12, 11, 9, 22]],
  ["the inclusion times 1e-2", inclusion(1e-2), 1e-1, [9, 18, 14, 18, 19]],
])("FGMRES on the KKT matrix with %s needs the reference counts", (_name, diffusivity, regularization, reference) => {
  const problem = tableProblem(diffusivity, regularization);
  const found = [
    fullSpaceIterations(problem, { subdomains: 1, combination: "restricted", factor: "exact" }),
    ...[4, 16, 64].map((subdomains) => fullSpaceIterations(problem, { subdomains, combination: "restricted", factor: "dyadic" })),
    fullSpaceIterations(problem, { subdomains: 16, combination: "additive", factor: "dyadic" }),
  ];
  found.forEach((iterations, i) => expect(Math.abs(iterations - reference[i])).toBeLessThanOrEqual(2));
});

test("FGMRES needs as many iterations on the KKT matrix as on its Schur complement, within one", () => {
  const integrator = modalIntegrator(Float64Array.from({ length: 12 }, (_, k) => 20 * 2 ** k));
  const specification = { integrator, steps: 64, subdomains: 8, regularization: 1e-2 };
  const onSchur = schurIterations({ ...specification, method: (system) => fgmres(system, { restart: 200 }), preconditioner: (d) => twoLevel(d, { combination: "restricted", factor: "exact" }) });
  const discretization = serialDiscretization(specification);
  const K = kktSystem(discretization);
  const rhs = new Float64Array(K.rows);
  rhs.set(randomSpaceTimeVector(discretization.stateLayout, 1), 2 * discretization.stateLayout.length);
  const preconditioner = kktBlockElimination(discretization, twoLevel(discretization, { combination: "restricted", factor: "exact" }));
  const { iterations } = fgmres({ operator: K, space: K.space, preconditioner }, { restart: 200 }).solve(rhs, new Float64Array(K.rows), defaultStoppingCriteria);
  expect(Math.abs(iterations - onSchur)).toBeLessThanOrEqual(1);
});

test("schur with the inclusion reaches a relative KKT residual of 1e-9", () => {
  const solution = solveOptimalControl(tableProblem(inclusion(1), 1e-3), {
    formulation: schurFormulation,
    method: fgmres,
    preconditioner: (d) => twoLevel(d, { combination: "restricted", factor: "dyadic" }),
    decomposition: { subdomains: 16, overlap: 1 },
    criteria: { ...defaultStoppingCriteria, relativeTolerance: 1e-9 },
  });
  expect(solution.reason.kind).toBe("converged");
  expect(solution.relativeResidual).toBeLessThanOrEqual(1e-9);
});
