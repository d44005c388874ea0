import {
  cg,
  fgmres,
  fullSpaceFormulation,
  heapArena,
  minres,
  optimalControlSolver,
  readStep,
  reducedFormulation,
  schurFormulation,
  spaceTimeLayout,
  timePartition,
  uniformTimeGrid,
  type Arena,
  type FormulationFactory,
  type KrylovMethod,
  type KrylovProgress,
  type KrylovSystem,
  type OptimalControlProblem,
  type OptimalControlSolution,
  type OptimalControlSolver,
  type SolveOptions,
  type SpaceTimeVector,
  type TimeIntegrator,
} from "@parakkt/core";
import { plainKernels, simdKernels } from "@parakkt/kernels";
import { denseIntegrator, differingBits, modalIntegrator, seededRandom } from "@parakkt/testing";
import { settledArrayBuffers } from "./settled-array-buffers.js";
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

/** On the heap, one state at a time; or on the kernels that the problem's integrator comes on. */
const memories: { memory: string; ownerOf: () => Pick<SolveOptions, "arena" | "kernels"> }[] = [
  { memory: "on the heap", ownerOf: () => ({ arena: heapArena() }) },
  { memory: "on plain kernels", ownerOf: () => ({ kernels: plainKernels() }) },
  { memory: "on SIMD kernels", ownerOf: () => ({ kernels: simdKernels() }) },
];

const optionsFor = ({ formulation, method, preconditioner }: SolverCase): SolveOptions => ({ formulation, method, criteria, ...(preconditioner && { preconditioner }) });

const everySolver = solverCases.flatMap((solverCase) => memories.map((memory) => ({ ...solverCase, ...memory })));

describe.each(everySolver)("a solver, $name, $memory,", ({ ownerOf, ...solverCase }) => {
  const solverFor = (problem: OptimalControlProblem): OptimalControlSolver => optimalControlSolver(problem, { ...optionsFor(solverCase), ...ownerOf() });
  const [n, steps] = [100, 400];
  const series = 8 * n * steps;
  const buffers = (): number => process.memoryUsage().arrayBuffers;
  /** Bytes of array buffers on the heap, and of what the solver's arena or kernels handed out, which may lie elsewhere. */
  const taken = (solver: OptimalControlSolver): number => buffers() + 8 * solver.storage;

  test("takes nothing of the size of a time series after its first solve", () => {
    const solver = solverFor(modalProblem(n, steps));
    solver.solve();
    const before = settledArrayBuffers() + 8 * solver.storage;
    for (let repeat = 0; repeat < 3; repeat++) expect(solver.solve().iterations).toBeGreaterThan(0);
    expect(taken(solver) - before).toBeLessThan(series / 2);
  });

  test("is seen to take some when a new one is made, and when the entries of a computed vector are asked for (negative control)", () => {
    const before = settledArrayBuffers();
    const solver = solverFor(modalProblem(n, steps));
    expect(taken(solver) - before).toBeGreaterThan(5 * series);
    const { target } = solver.solve();
    const solved = settledArrayBuffers();
    expect(target.data.length).toBe(n * steps);
    expect(buffers() - solved).toBeGreaterThanOrEqual(series);
    solver.dispose();
  });

  test("solves again to the same bits, into the same vectors, also when the entries of the first solution are read in between", () => {
    const solver = solverFor(modalProblem(20, 6));
    const first = solver.solve();
    const entries = entriesOf(first);
    const second = solver.solve();
    entriesOf(second).forEach((values, i) => expect(differingBits(values, entries[i])).toBe(0));
    for (const field of ["state", "adjoint"] as const) {
      expect(second[field].data.buffer).toBe(first[field].data.buffer);
      expect(second[field].data.byteOffset).toBe(first[field].data.byteOffset);
    }
    expect(evidenceOf(second)).toEqual(evidenceOf(first));
  });

  test("solves to the same bits whatever it was solving, and whoever was reading, before", () => {
    const problem = modalProblem(20, 6);
    let limit = 2;
    const options = { ...optionsFor(solverCase), criteria: { ...criteria, observer: ({ iteration }: KrylovProgress) => (iteration >= limit ? "observer" : undefined) } as const };
    const solver = optimalControlSolver(problem, { ...options, ...ownerOf() });
    const early = entriesOf(solver.solve());
    limit = 6;
    const late = solver.solve();
    const fresh = optimalControlSolver(problem, { ...options, ...ownerOf() }).solve();
    expect(evidenceOf(late)).toEqual(evidenceOf(fresh));
    const expected = entriesOf(fresh);
    entriesOf(late).forEach((values, i) => expect(differingBits(values, expected[i])).toBe(0));
    expect(differingBits(early[2], expected[2])).toBeGreaterThan(0);
  });

  test("holds as many doubles after ten solves as after one", () => {
    const solver = solverFor(modalProblem(20, 6));
    solver.solve();
    const { storage } = solver;
    for (let repeat = 0; repeat < 9; repeat++) solver.solve();
    expect(solver.storage).toBe(storage);
  });
});

/** Copies of all entries of state, control, adjoint and target, as a whole and step by step. */
function entriesOf({ state, control, adjoint, target }: OptimalControlSolution): Float64Array[] {
  return [state, control, adjoint, target].flatMap((vector) => [vector.data.slice(), stepByStep(vector)]);
}

function stepByStep(vector: SpaceTimeVector): Float64Array {
  const { dofs, steps } = vector.layout;
  const values = new Float64Array(steps.last * dofs);
  for (let step = 1; step <= steps.last; step++) readStep(vector, step, values.subarray((step - 1) * dofs, step * dofs));
  return values;
}

/** What a solution says of itself. */
function evidenceOf({ reason, iterations, residualNorms, relativeResidual, objective, counts }: OptimalControlSolution) {
  return { reason, iterations, residualNorms, relativeResidual, objective, counts };
}

describe("the heap growth of an iteration", () => {
  /** Bytes still held after a collection, per iteration: solves of 40 iterations against solves of 8, their histories kept. */
  const growthOf = (problem: OptimalControlProblem, ownerOf: () => Pick<SolveOptions, "arena" | "kernels">): number => {
    const held = (maxIterations: number): number => {
      const solver = optimalControlSolver(problem, { formulation: schurFormulation, method: cg, criteria: { ...criteria, maxIterations }, ...ownerOf() });
      solver.solve();
      collectGarbage();
      const before = process.memoryUsage().heapUsed;
      const kept = Array.from({ length: 24 }, () => solver.solve().residualNorms);
      collectGarbage();
      const bytes = process.memoryUsage().heapUsed - before;
      expect(kept.every((norms) => norms.length === maxIterations + 1)).toBe(true);
      return bytes / kept.length;
    };
    return (held(40) - held(8)) / 32;
  };
  /** One double in the history, the slack of a growing array, and noise; far below one byte a degree of freedom or one number a step. */
  const ALLOWED = 250;
  /**
   * The least of up to 16 measurements, the first that is allowed being the last: the runtime adds and drops compiled code at times of its own
   * choice, tens of kilobytes at once, and a leak is in all of them.
   */
  const leastGrowth = (problem: OptimalControlProblem, ownerOf: () => Pick<SolveOptions, "arena" | "kernels">): number => {
    let least = Infinity;
    for (let measured = 0; measured < 16 && !(least < ALLOWED); measured++) least = Math.min(least, growthOf(problem, ownerOf));
    return least;
  };
  const sizes = [
    { n: 10, steps: 10 },
    { n: 1000, steps: 10 },
    { n: 10, steps: 300 },
  ];
  test.each([memories[0], memories[2]].flatMap((memory) => sizes.map((size) => ({ ...memory, ...size }))))(
    "is that of a number in the residual history, also for n = $n, N = $steps, $memory",
    ({ n, steps, ownerOf }) => {
      expect(leastGrowth(modalProblem(n, steps), ownerOf)).toBeLessThan(ALLOWED);
    },
  );

  test("is seen when something is kept for each step (negative control)", () => {
    const problem = modalProblem(10, 300);
    let kept: object | undefined;
    const { residual } = problem.integrator;
    const keeping: TimeIntegrator = { ...problem.integrator, residual: (step, ...rest) => ((kept = { step, before: kept }), residual(step, ...rest)) };
    expect(growthOf({ ...problem, integrator: keeping }, () => ({ arena: heapArena() }))).toBeGreaterThan(10 * ALLOWED);
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

  /**
   * The formulas of `optimalControlSolver` with the padding that P subdomains bring, the 2S + Z of a composed S, and what takes no series:
   * 6d + e for J and B, 4d for a time integration; with several subdomains 9d to find out how much an unknown integrator forgets in them.
   */
  const expected = (subdomains: number) => {
    const partition = timePartition(problem.grid, subdomains, 0);
    const [state, control] = [stateSize, controlSize].map((dofs) => spaceTimeLayout(partition, dofs).length);
    const operators = 6 * stateSize + controlSize;
    const integration = 4 * stateSize;
    const probing = subdomains > 1 ? 9 * stateSize : 0;
    return {
      schur: 2 * state + (2 * state + control) + operators + 2 * integration + probing,
      fullSpace: 11 * state + 6 * control + operators,
      reduced: 3 * state + 2 * control + operators + 3 * integration,
      kkt: 2 * state + control,
      state,
      control,
    };
  };
  const storageOf = (formulation: FormulationFactory, method: Method, subdomains: number): number =>
    optimalControlSolver(problem, { formulation, method, decomposition: { subdomains, overlap: 0 } }).storage;

  test.each([1, 4, 8])("is what the formulation says, a few states, and the vectors of the method, P = %i", (subdomains) => {
    const { schur, fullSpace, reduced, kkt, state, control } = expected(subdomains);
    expect(storageOf(schurFormulation, cg, subdomains)).toBe(schur + 3 * state);
    expect(storageOf(fullSpaceFormulation, minres, subdomains)).toBe(fullSpace + 6 * kkt);
    expect(storageOf(reducedFormulation, cg, subdomains)).toBe(reduced + 3 * control);
  });

  test.each<[string, FormulationFactory, Method, number]>([
    ["2S, and 3S of CG, of the schur formulation", schurFormulation, cg, 5],
    ["2S + Z, and 2Z of CG, of the reduced formulation", reducedFormulation, cg, 5],
    ["11S + 6Z, and 12S + 6Z of MINRES, of the full-space formulation", fullSpaceFormulation, minres, 35],
  ])("on kernels grows with N by %s", (_name, formulation, method, series) => {
    for (const kernels of [plainKernels, simdKernels]) {
      const n = 16;
      const [few, many] = [8, 24].map((steps) => optimalControlSolver(modalProblem(n, steps), { formulation, method, kernels: kernels(), decomposition: { subdomains: 8, overlap: 0 } }).storage);
      expect((many - few) / (16 * n)).toBe(series);
    }
  });

  test("grows by one vector of the formulation when a solve takes a second round, once", () => {
    // Ends each round long before the tolerance.
    const hasty: Method = (system) => {
      const { solve, ...method } = cg(system);
      return { ...method, solve: (rhs, x, given) => solve(rhs, x, { ...given!, relativeTolerance: 1e-3 }) };
    };
    for (const formulation of [schurFormulation, reducedFormulation]) {
      const solver = optimalControlSolver(problem, { formulation, method: hasty, criteria: { ...criteria, relativeTolerance: 1e-10, maxIterations: 1000 } });
      const before = solver.storage;
      for (let repeat = 0; repeat < 2; repeat++) {
        solver.solve();
        expect(solver.storage - before).toBe(formulation === schurFormulation ? expected(1).state : expected(1).control);
      }
    }
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
