import {
  cg,
  fgmres,
  fullSpaceFormulation,
  heapArena,
  minres,
  optimalControlSolver,
  reducedFormulation,
  schurFormulation,
  spaceTimeLayout,
  timePartition,
  uniformTimeGrid,
  type Arena,
  type FormulationFactory,
  type KrylovMethod,
  type KrylovSystem,
  type OptimalControlProblem,
  type OptimalControlSolver,
  type SolveOptions,
  type TimeIntegrator,
} from "@parakkt/core";
import { denseIntegrator, modalIntegrator, seededRandom } from "@parakkt/testing";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { randomScheme } from "./dense-optimal-control.js";
import { blockDiagonalMatching, classicalMatching } from "./matching-preconditioners.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** n modes of diffusion and N steps: sizes without the cost of a spatial solver. */
function modalProblem(n: number, steps: number): OptimalControlProblem {
  const random = seededRandom(1);
  const eigenvalues = Float64Array.from({ length: n }, (_, k) => 10 * (1 + (k % 50)));
  return {
    grid: uniformTimeGrid(1, steps),
    integrator: modalIntegrator(eigenvalues),
    regularization: 1e-3,
    initialState: random.normalVector(n),
    target: ({ end }, out) => void out.fill(Math.sin(end)),
  };
}

type Method = (system: KrylovSystem) => KrylovMethod;

interface SolverCase {
  readonly name: string;
  readonly formulation: FormulationFactory;
  readonly method: Method;
  readonly preconditioner?: SolveOptions["preconditioner"];
}

const solverCases: SolverCase[] = [
  { name: "schur with CG", formulation: schurFormulation, method: cg, preconditioner: classicalMatching },
  { name: "full-space with MINRES", formulation: fullSpaceFormulation, method: minres, preconditioner: blockDiagonalMatching },
  { name: "full-space with FGMRES", formulation: fullSpaceFormulation, method: (system) => fgmres(system, { restart: 5 }), preconditioner: blockDiagonalMatching },
  { name: "reduced with CG", formulation: reducedFormulation, method: cg },
];

const criteria = { relativeTolerance: 1e-14, absoluteTolerance: 0, maxIterations: 8, stagnationWindow: 100 };

const solverFor = (problem: OptimalControlProblem, { formulation, method, preconditioner }: SolverCase): OptimalControlSolver =>
  optimalControlSolver(problem, { formulation, method, criteria, ...(preconditioner && { preconditioner }) });

describe.each(solverCases)("a solver, $name,", (solverCase) => {
  const [n, steps] = [2000, 20];
  const series = 8 * n * steps;
  const buffers = (): number => process.memoryUsage().arrayBuffers;
  /** What earlier tests left is freed by the second collection at the latest. */
  const settledBuffers = (): number => {
    collectGarbage();
    collectGarbage();
    return buffers();
  };

  test("takes no array buffer of the size of a time series after its first solve", () => {
    const solver = solverFor(modalProblem(n, steps), solverCase);
    solver.solve();
    const before = settledBuffers();
    for (let repeat = 0; repeat < 5; repeat++) expect(solver.solve().iterations).toBeGreaterThan(0);
    expect(buffers() - before).toBeLessThan(series / 2);
  });

  test("is seen to take some when a new one is made (negative control)", () => {
    const before = settledBuffers();
    const solver = solverFor(modalProblem(n, steps), solverCase);
    expect(buffers() - before).toBeGreaterThan(15 * series);
    solver.dispose();
  });

  test("solves again to the same bits, into the same vectors", () => {
    const solver = solverFor(modalProblem(20, 6), solverCase);
    const first = solver.solve();
    const control = first.control.data.slice();
    const second = solver.solve();
    expect(second.control.data.buffer).toBe(first.control.data.buffer);
    expect(second.control.data.byteOffset).toBe(first.control.data.byteOffset);
    expect(second.control.data).toEqual(control);
    expect(second).toEqual(first);
  });

  test("holds as many doubles after ten solves as after one", () => {
    const solver = solverFor(modalProblem(20, 6), solverCase);
    solver.solve();
    const { storage } = solver;
    for (let repeat = 0; repeat < 9; repeat++) solver.solve();
    expect(solver.storage).toBe(storage);
  });
});

describe("the heap growth of an iteration", () => {
  /** Bytes still held after a collection, per iteration: solves of 40 iterations against solves of 8, their histories kept. */
  const growthOf = (problem: OptimalControlProblem): number => {
    const held = (maxIterations: number): number => {
      const solver = optimalControlSolver(problem, { formulation: schurFormulation, method: cg, criteria: { ...criteria, maxIterations } });
      solver.solve();
      collectGarbage();
      const before = process.memoryUsage().heapUsed;
      const kept = Array.from({ length: 8 }, () => solver.solve().residualNorms);
      collectGarbage();
      const bytes = process.memoryUsage().heapUsed - before;
      expect(kept.every((norms) => norms.length === maxIterations + 1)).toBe(true);
      return bytes / kept.length;
    };
    return (held(40) - held(8)) / 32;
  };
  /** The least of several measurements: the runtime adds compiled code at times of its own choice, a leak is in all of them. */
  const leastGrowth = (problem: OptimalControlProblem): number => Math.min(...Array.from({ length: 4 }, () => growthOf(problem)));
  /** One double in the history, the slack of a growing array, and noise; far below one byte a degree of freedom or one number a step. */
  const ALLOWED = 250;

  test.each([
    { n: 10, steps: 10 },
    { n: 1000, steps: 10 },
    { n: 10, steps: 300 },
  ])("is that of a number in the residual history, also for n = $n, N = $steps", ({ n, steps }) => {
    expect(leastGrowth(modalProblem(n, steps))).toBeLessThan(ALLOWED);
  });

  test("is seen when something is kept for each step (negative control)", () => {
    const problem = modalProblem(10, 300);
    let kept: object | undefined;
    const { residual } = problem.integrator;
    const keeping: TimeIntegrator = { ...problem.integrator, residual: (step, ...rest) => ((kept = { step, before: kept }), residual(step, ...rest)) };
    expect(leastGrowth({ ...problem, integrator: keeping })).toBeGreaterThan(10 * ALLOWED);
  });
});

describe("the storage of a solver", () => {
  const [stateSize, controlSize, steps] = [5, 3, 11];
  const problem: OptimalControlProblem = {
    grid: uniformTimeGrid(1, steps),
    integrator: denseIntegrator(randomScheme(3, stateSize, controlSize)),
    regularization: 1,
    initialState: new Float64Array(stateSize).fill(1),
    target: (_step, out) => void out.fill(1),
  };

  /** The formulas of `optimalControlSolver`, with the padding that P subdomains bring. */
  const expected = (subdomains: number) => {
    const partition = timePartition(problem.grid, subdomains, 0);
    const [state, control] = [stateSize, controlSize].map((dofs) => spaceTimeLayout(partition, dofs).length);
    const common = 11 * state + 5 * control + 6 * stateSize + controlSize;
    return {
      schur: common + 6 * state + 2 * control + 4 * stateSize,
      fullSpace: common + 8 * state + 4 * control,
      reduced: common + 2 * state + 3 * control + 12 * stateSize,
      kkt: 2 * state + control,
      state,
      control,
    };
  };
  const storageOf = (formulation: FormulationFactory, method: Method, subdomains: number): number =>
    optimalControlSolver(problem, { formulation, method, decomposition: { subdomains, overlap: 0 } }).storage;

  test.each([1, 4, 8])("is 11S + 5Z + 6d + e, what the formulation needs, and the vectors of the method, P = %i", (subdomains) => {
    const { schur, fullSpace, reduced, kkt, state, control } = expected(subdomains);
    expect(storageOf(schurFormulation, cg, subdomains)).toBe(schur + 3 * state);
    expect(storageOf(fullSpaceFormulation, minres, subdomains)).toBe(fullSpace + 6 * kkt);
    expect(storageOf(reducedFormulation, cg, subdomains)).toBe(reduced + 3 * control);
  });

  test("grows by the basis columns of FGMRES on first use, and by no more", () => {
    const solver = optimalControlSolver(problem, { formulation: schurFormulation, method: (system) => fgmres(system, { restart: 4 }), criteria });
    const before = solver.storage;
    const { iterations } = solver.solve();
    expect(iterations).toBeGreaterThan(4);
    expect(solver.storage - before).toBe(5 * expected(1).state);
  });

  test("is counted in the arena that was given, and is zero after dispose", () => {
    const arena: Arena = heapArena();
    const solver = optimalControlSolver(problem, { formulation: schurFormulation, method: cg, arena });
    expect(solver.storage).toBe(arena.allocatedDoubles);
    solver.dispose();
    expect(solver.storage).toBe(0);
  });
});
