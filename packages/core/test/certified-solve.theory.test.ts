import {
  boxGrid,
  cg,
  choleskySolver,
  heapArena,
  heatProblem,
  kktFields,
  kktRightHandSide,
  kktSystem,
  problemData,
  schurFormulation,
  serialCommunicator,
  solveOptimalControl,
  spaceTimeDiscretization,
  subtract,
  timePartition,
  uniformTimeGrid,
  type Formulation,
  type FormulationFactory,
  type HeatProblem,
  type KrylovMethod,
  type KrylovProgress,
  type StopReason,
  type StoppingCriteria,
} from "@parakkt/core";
import { differingBits } from "@parakkt/testing";
import { certifiedSolver } from "../dist/kkt/certified-solve.js";
import { classicalMatching } from "./matching-preconditioners.js";
import { referenceProblem } from "./reference-objectives.js";

/** The open inclusion (¼,½) × (¼,¾) of diffusivity 1e4, initial state and target as in the reference problem. */
function inclusionProblem(n: number, steps: number): HeatProblem {
  const { initialState, target } = referenceProblem({ n, steps, regularization: 1 });
  return heatProblem({
    space: boxGrid({ extent: [1, 1], cells: [n + 1, n + 1] }),
    time: uniformTimeGrid(1, steps),
    diffusivity: (x, y) => (x > 0.25 && x < 0.5 && y > 0.25 && y < 0.75 ? 1e4 : 1),
    initialState,
    target: { at: target },
    regularization: 1e-3,
    spatialSolver: choleskySolver,
  });
}

/** The Schur formulation with u = W⁻¹ (r_u − Jᵀλ) in place of a forward integration. */
const naiveFormulation: FormulationFactory = (discretization) => {
  const { jacobian, stateWeights } = discretization;
  const formulation = schurFormulation(discretization);
  return {
    ...formulation,
    recover(x, r, kkt) {
      formulation.recover(x, r, kkt);
      const { state, adjoint } = kktFields(discretization, kkt);
      jacobian.applyTranspose(adjoint, state);
      subtract(kktFields(discretization, r).state, state, state);
      stateWeights.divide(1, state, state);
    },
  };
};

/** Everything that a certified solve needs, unpacked. */
function workbench(problem: HeatProblem, factory: FormulationFactory) {
  const { integrator, regularization, grid } = problem;
  const arena = heapArena();
  const discretization = spaceTimeDiscretization({ integrator, regularization, partition: timePartition(grid, 1, 0), communicator: serialCommunicator(), arena });
  const system = kktSystem(discretization);
  const formulation = factory(discretization, system);
  const method = cg({ operator: formulation.operator, space: formulation.space, preconditioner: classicalMatching(discretization) });
  const kktRhs = new Float64Array(system.rows);
  kktRightHandSide(discretization, problemData(problem, discretization), kktRhs);
  return { system, formulation, method, kktRhs, arena, solution: new Float64Array(system.rows) };
}

type Workbench = ReturnType<typeof workbench>;

const solveWith = ({ formulation, method, system, arena, kktRhs, solution }: Workbench, criteria: Partial<StoppingCriteria>) =>
  certifiedSolver(formulation, method, system, arena).solve(kktRhs, solution, { relativeTolerance: 1e-8, absoluteTolerance: 0, maxIterations: 200, stagnationWindow: 100, ...criteria });

describe("the state that belongs to an adjoint, inclusion of 1e4, n = 31, N = 128, ω = 1e-3,", () => {
  /** (KKT.2) after a single round of CG on S to 1e-10 in its own norm. */
  const singleRound = (factory: FormulationFactory): { own: number; kkt: number } => {
    const { system, formulation, method, kktRhs, solution } = workbench(inclusionProblem(31, 128), factory);
    const [rhs, x] = [new Float64Array(formulation.operator.rows), new Float64Array(formulation.operator.cols)];
    formulation.reduce(kktRhs, rhs);
    const { residualNorms } = method.solve(rhs, x, { relativeTolerance: 1e-10 });
    formulation.recover(x, kktRhs, solution);
    return { own: residualNorms[residualNorms.length - 1] / residualNorms[0], kkt: system.relativeResidual(solution, kktRhs, new Float64Array(system.rows)) };
  };

  test("by a forward integration has a KKT residual of 1e-9 and less", () => {
    const { own, kkt } = singleRound(schurFormulation);
    expect(own).toBeLessThanOrEqual(1e-10);
    expect(kkt).toBeLessThanOrEqual(1e-9);
  });

  test("by u = ũ − W⁻¹Jᵀλ stalls above 1e-6 while CG says 1e-10: cancellation (negative control)", () => {
    const { own, kkt } = singleRound(naiveFormulation);
    expect(own).toBeLessThanOrEqual(1e-10);
    expect(kkt).toBeGreaterThanOrEqual(1e-6);
  });
});

describe("a certified solve", () => {
  const problem = inclusionProblem(15, 32);

  test("is judged by the KKT residual of what it returns", () => {
    const bench = workbench(problem, schurFormulation);
    const { reason, relativeResidual } = solveWith(bench, { relativeTolerance: 1e-9 });
    expect(reason).toEqual({ kind: "converged", by: "relative-tolerance" });
    expect(relativeResidual).toBeLessThanOrEqual(1e-9);
    expect(bench.system.relativeResidual(bench.solution, bench.kktRhs, new Float64Array(bench.system.rows))).toBe(relativeResidual);
  });

  test("repairs even the naive recovery by refinement on the KKT residual, at the price of more rounds and iterations", () => {
    const right = solveWith(workbench(problem, schurFormulation), { relativeTolerance: 1e-9 });
    const naive = solveWith(workbench(problem, naiveFormulation), { relativeTolerance: 1e-9 });
    expect(naive.relativeResidual).toBeLessThanOrEqual(1e-9);
    expect(naive.refinements).toBeGreaterThan(right.refinements);
    expect(naive.iterations).toBeGreaterThan(right.iterations);
  });

  test("asked for 1e-16 says attainable accuracy and returns the best that rounding allows", () => {
    const { reason, relativeResidual } = solveWith(workbench(problem, schurFormulation), { relativeTolerance: 1e-16 });
    expect(reason).toEqual({ kind: "stopped", by: "attainable-accuracy" });
    expect(relativeResidual).toBeGreaterThan(1e-16);
    expect(relativeResidual).toBeLessThanOrEqual(1e-10);
  });

  test("counts the iterations of all rounds against one limit", () => {
    const first = workbench(problem, naiveFormulation);
    const rhs = new Float64Array(first.formulation.operator.rows);
    first.formulation.reduce(first.kktRhs, rhs);
    const firstRound = first.method.solve(rhs, new Float64Array(rhs.length), { relativeTolerance: 1e-9 }).iterations;
    const maxIterations = firstRound + 3;
    const { reason, iterations, residualNorms, refinements } = solveWith(workbench(problem, naiveFormulation), { relativeTolerance: 1e-9, maxIterations });
    expect(reason).toEqual({ kind: "stopped", by: "max-iterations" });
    expect([iterations, residualNorms.length, refinements]).toEqual([maxIterations, maxIterations + 1, 1]);
  });

  test("shows its observer one solve: iterations 0, 1, 2, … and one initial residual", () => {
    const seen: KrylovProgress[] = [];
    const { iterations, residualNorms, refinements } = solveWith(workbench(problem, naiveFormulation), { relativeTolerance: 1e-9, observer: (progress) => void seen.push(progress) });
    expect(refinements).toBeGreaterThan(0);
    expect(seen.map(({ iteration }) => iteration)).toEqual(Array.from({ length: iterations + 1 }, (_, k) => k));
    expect(seen.map(({ residualNorm }) => residualNorm)).toEqual(residualNorms);
    expect(new Set(seen.map(({ initialResidualNorm }) => initialResidualNorm))).toEqual(new Set([residualNorms[0]]));
  });

  test("ends when its observer says so, with the solution so far", () => {
    const bench = workbench(problem, schurFormulation);
    const { reason, iterations, relativeResidual } = solveWith(bench, { relativeTolerance: 1e-9, observer: ({ iteration }) => (iteration === 4 ? "time-limit" : undefined) });
    expect(reason).toEqual({ kind: "stopped", by: "time-limit" });
    expect(iterations).toBe(4);
    expect(relativeResidual).toBeLessThan(1);
  });

  test("adds up what its rounds cost", () => {
    const { counts, iterations, refinements } = solveWith(workbench(problem, naiveFormulation), { relativeTolerance: 1e-9 });
    expect(counts.preconditionerApplications).toBe(iterations);
    expect(counts.operatorApplications).toBeGreaterThanOrEqual(iterations + refinements + 1);
  });

  test("takes an absolute tolerance for ‖r − K x‖ too", () => {
    const bench = workbench(problem, schurFormulation);
    const rhsNorm = Math.sqrt(bench.system.space.innerProduct(bench.kktRhs, bench.kktRhs));
    const { reason, relativeResidual, iterations } = solveWith(bench, { relativeTolerance: 0, absoluteTolerance: 1e-4 * rhsNorm });
    expect(reason).toEqual({ kind: "converged", by: "absolute-tolerance" });
    expect(reason.kind).toBe("converged");
    expect(relativeResidual).toBeLessThanOrEqual(1e-4);
    expect(iterations).toBeLessThan(solveWith(workbench(problem, schurFormulation), { relativeTolerance: 1e-8 }).iterations);
  });
});

describe("a certified solve with a method that cannot be trusted", () => {
  const bench = workbench(inclusionProblem(7, 8), schurFormulation);
  const methodThat = (act: (x: Float64Array) => StopReason): KrylovMethod => ({
    name: "fake",
    storage: 0,
    solve: (_rhs, x) => ({ reason: act(x), iterations: 1, residualNorms: [1, 0], trueResidualNorm: 0, counts: { operatorApplications: 0, preconditionerApplications: 0, innerProducts: 0, reductions: 0 } }),
    dispose() {},
  });
  const converged: StopReason = { kind: "converged", by: "relative-tolerance" };

  test("does not believe one that claims to have converged without moving", () => {
    const { reason, relativeResidual, refinements } = solveWith({ ...bench, method: methodThat(() => converged) }, {});
    expect(reason).toEqual({ kind: "stopped", by: "attainable-accuracy" });
    expect(relativeResidual).toBeGreaterThan(1e-8);
    expect(refinements).toBeLessThan(10);
  });

  test("takes back a round that makes the KKT residual larger", () => {
    const formulation: Formulation = { ...bench.formulation, recover: (x, _r, kkt) => void kkt.fill(x[0]) };
    const { relativeResidual } = solveWith({ ...bench, formulation, method: methodThat((x) => (x.fill(1e6), converged)) }, {});
    expect(relativeResidual).toBe(1);
    expect(differingBits(bench.solution, new Float64Array(bench.solution.length))).toBe(0);
  });

  test("passes its failure on", () => {
    const failure: StopReason = { kind: "failed", by: "breakdown", iteration: 1, evidence: "planted" };
    expect(solveWith({ ...bench, method: methodThat(() => failure) }, {}).reason).toEqual(failure);
  });
});

describe("a problem without data", () => {
  test("has the solution zero, at once", () => {
    const zero = (): number => 0;
    const problem = heatProblem({
      space: boxGrid({ extent: [1], cells: [8] }),
      time: uniformTimeGrid(1, 4),
      diffusivity: 1,
      initialState: zero,
      target: zero,
      regularization: 1,
      spatialSolver: choleskySolver,
    });
    const { reason, iterations, relativeResidual, objective } = solveOptimalControl(problem, { formulation: schurFormulation, method: cg });
    expect([reason.kind, iterations, relativeResidual, objective.total]).toEqual(["converged", 0, 0, 0]);
  });
});
