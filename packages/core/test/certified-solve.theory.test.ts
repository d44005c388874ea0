import {
  boxGrid,
  certifiedSolver,
  certify,
  cg,
  choleskySolver,
  fullSpaceFormulation,
  heapArena,
  heatProblem,
  kktFields,
  kktRightHandSide,
  kktSystem,
  minres,
  readStep,
  reducedFormulation,
  schurFormulation,
  serialCommunicator,
  solveOptimalControl,
  spaceTimeDiscretization,
  timePartition,
  uniformTimeGrid,
  writeStep,
  type Certificate,
  type CertifiedResult,
  type FormulationFactory,
  type HeatProblem,
  type KktCandidate,
  type KrylovMethod,
  type KrylovProgress,
  type KrylovResult,
  type StopReason,
  type StoppingCriteria,
} from "@parakkt/core";
import { blockDiagonalMatching, classicalMatching } from "./matching-preconditioners.js";
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

const formulations: [string, FormulationFactory][] = [
  ["full-space", fullSpaceFormulation],
  ["schur", schurFormulation],
  ["reduced", reducedFormulation],
];

/** The Schur formulation with u = ũ − W⁻¹ Jᵀλ in place of a forward integration. */
const naiveFormulation: FormulationFactory = (discretization, problem) => {
  const { jacobian, stateLayout } = discretization;
  const { name, operator, space, iterate, candidate, series, reset, defect } = schurFormulation(discretization, problem);
  const { state, adjoint } = candidate;
  const transposed = { layout: stateLayout, data: new Float64Array(stateLayout.length) };
  const [target, u] = [new Float64Array(stateLayout.dofs), new Float64Array(stateLayout.dofs)];
  return {
    ...{ name, operator, space, iterate, candidate, series, reset, defect },
    complete() {
      jacobian.applyTranspose(adjoint.data, transposed.data);
      for (let n = 1; n <= problem.grid.steps; n++) {
        const step = problem.grid.step(n);
        problem.target(step, target);
        readStep(transposed, n, u);
        writeStep(state, n, u.map((value, j) => target[j] - value / step.size));
      }
    },
  };
};

/** Everything that a certified solve needs, unpacked. */
function workbench(problem: HeatProblem, factory: FormulationFactory) {
  const { integrator, regularization, grid } = problem;
  const arena = heapArena();
  const communicator = serialCommunicator();
  const discretization = spaceTimeDiscretization({ integrator, regularization, partition: timePartition(grid, 1, 0), communicator, arena });
  const formulation = factory(discretization, problem);
  const { name, operator, space } = formulation;
  const preconditioner = { schur: classicalMatching, "full-space": blockDiagonalMatching, reduced: undefined }[name]?.(discretization);
  const method = (name === "full-space" ? minres : cg)({ operator, space, ...(preconditioner && { preconditioner }) });
  const certificate = (candidate: KktCandidate): Certificate => certify(problem, candidate, communicator);
  return { problem, discretization, formulation, method, certificate, arena };
}

type Workbench = ReturnType<typeof workbench>;

const solveWith = ({ formulation, method, certificate, arena }: Workbench, criteria: Partial<StoppingCriteria>): CertifiedResult =>
  certifiedSolver(formulation, method, certificate, arena).solve({ relativeTolerance: 1e-8, absoluteTolerance: 0, maxIterations: 200, stagnationWindow: 100, ...criteria });

/** The first round by hand. */
function firstRound({ formulation, method }: Workbench, relativeTolerance: number): KrylovResult {
  formulation.reset();
  const result = method.solve(formulation.defect(), formulation.iterate, { relativeTolerance });
  formulation.complete();
  return result;
}

/** (u, z, λ) in storage order, one field behind the other. */
function entriesOf({ discretization, formulation }: Workbench): Float64Array {
  const { state, control, adjoint } = formulation.candidate;
  const kkt = new Float64Array(2 * discretization.stateLayout.length + discretization.controlLayout.length);
  const fields = kktFields(discretization, kkt);
  fields.state.set(state.data);
  fields.adjoint.set(adjoint.data);
  const z = new Float64Array(control.layout.dofs);
  for (let n = control.layout.steps.first; n <= control.layout.steps.last; n++) {
    readStep(control, n, z);
    writeStep({ layout: control.layout, data: fields.control }, n, z);
  }
  return kkt;
}

describe("the state that belongs to an adjoint, inclusion of 1e4, n = 31, N = 128, ω = 1e-3,", () => {
  /** (KKT.2) after a single round of CG on S to 1e-10 in its own norm. */
  const singleRound = (factory: FormulationFactory): { own: number; kkt: number } => {
    const bench = workbench(inclusionProblem(31, 128), factory);
    const { residualNorms } = firstRound(bench, 1e-10);
    return { own: Math.min(...residualNorms) / residualNorms[0], kkt: bench.certificate(bench.formulation.candidate).relativeResidual };
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
    const { reason, relativeResidual, objective } = solveWith(bench, { relativeTolerance: 1e-9 });
    expect(reason).toEqual({ kind: "converged", by: "relative-tolerance" });
    expect(relativeResidual).toBeLessThanOrEqual(1e-9);
    expect(certify(problem, bench.formulation.candidate, serialCommunicator())).toMatchObject({ relativeResidual, objective });
  });

  test("and that is the residual of the assembled system", () => {
    const bench = workbench(problem, schurFormulation);
    const { relativeResidual } = solveWith(bench, { relativeTolerance: 1e-4 });
    const system = kktSystem(bench.discretization);
    const rhs = new Float64Array(system.rows);
    kktRightHandSide(bench.discretization, problem, rhs);
    const assembled = system.relativeResidual(entriesOf(bench), rhs, new Float64Array(system.rows));
    expect(Math.abs(relativeResidual / assembled - 1)).toBeLessThanOrEqual(1e-6);
  });

  test.each(formulations)("repairs a method that ends each round early by refinement on the KKT residual, %s", (_name, factory) => {
    const bench = workbench(inclusionProblem(7, 8), factory);
    firstRound(bench, 1e-5);
    expect(bench.certificate(bench.formulation.candidate).relativeResidual).toBeGreaterThan(1e-9);
    const hasty: KrylovMethod = { ...bench.method, solve: (rhs, x, criteria) => bench.method.solve(rhs, x, { ...criteria, relativeTolerance: 1e-5 }) };
    const { reason, relativeResidual, refinements } = solveWith({ ...bench, method: hasty }, { relativeTolerance: 1e-9 });
    expect(reason).toEqual({ kind: "converged", by: "relative-tolerance" });
    expect(relativeResidual).toBeLessThanOrEqual(1e-9);
    expect(refinements).toBeGreaterThan(0);
  });

  test("cannot repair the naive recovery, whose cancellation is in every candidate, and says so (negative control)", () => {
    const { reason, relativeResidual, refinements } = solveWith(workbench(problem, naiveFormulation), { relativeTolerance: 1e-9 });
    expect(reason).toEqual({ kind: "stopped", by: "attainable-accuracy" });
    expect(relativeResidual).toBeGreaterThanOrEqual(1e-6);
    expect(refinements).toBeGreaterThan(0);
  });

  test("asked for 1e-16 says attainable accuracy and returns the best that rounding allows", () => {
    const { reason, relativeResidual } = solveWith(workbench(problem, schurFormulation), { relativeTolerance: 1e-16 });
    expect(reason).toEqual({ kind: "stopped", by: "attainable-accuracy" });
    expect(relativeResidual).toBeGreaterThan(1e-16);
    expect(relativeResidual).toBeLessThanOrEqual(1e-10);
  });

  test("counts the iterations of all rounds against one limit", () => {
    const maxIterations = firstRound(workbench(problem, naiveFormulation), 1e-9).iterations + 3;
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
    const { rhsNorm } = bench.certificate(bench.formulation.candidate);
    const { reason, relativeResidual, iterations } = solveWith(bench, { relativeTolerance: 0, absoluteTolerance: 1e-4 * rhsNorm });
    expect(reason).toEqual({ kind: "converged", by: "absolute-tolerance" });
    expect(relativeResidual).toBeLessThanOrEqual(1e-4);
    expect(iterations).toBeLessThan(solveWith(workbench(problem, schurFormulation), { relativeTolerance: 1e-8 }).iterations);
  });
});

describe("the floor that rounding leaves (FLOOR.1), inclusion of 1e4,", () => {
  const solve = (factory: FormulationFactory, relativeTolerance: number): { found: CertifiedResult; bench: Workbench } => {
    const bench = workbench(inclusionProblem(15, 32), factory);
    return { found: solveWith(bench, { relativeTolerance }), bench };
  };

  test.each(formulations)("is what a solve ends at that asks for less, after at most one round in vain, %s", (_name, factory) => {
    const { found, bench } = solve(factory, 1e-16);
    expect(found.reason).toEqual({ kind: "stopped", by: "attainable-accuracy" });
    expect(found.relativeResidual / found.roundingFloor!).toBeGreaterThanOrEqual(0.4);
    expect(found.relativeResidual / found.roundingFloor!).toBeLessThanOrEqual(2.5);
    expect(found.refinements).toBeLessThanOrEqual(1);
    // Measuring it leaves every bit of the candidate.
    expect(bench.certificate(bench.formulation.candidate).relativeResidual).toBe(found.relativeResidual);
  });

  test("a tolerance above it is met; one a little below costs one more round, not three", () => {
    const { relativeResidual, iterations } = solve(schurFormulation, 1e-16).found;
    const above = solve(schurFormulation, 2 * relativeResidual).found;
    expect(above).toMatchObject({ reason: { kind: "converged" }, roundingFloor: undefined });
    const below = solve(schurFormulation, 0.8 * relativeResidual).found;
    expect(below.reason).toEqual({ kind: "stopped", by: "attainable-accuracy" });
    expect(below.refinements).toBeLessThanOrEqual(1);
    expect(below.iterations).toBeLessThan(iterations);
  });

  test("rises with n², as τν/h² does", () => {
    const floorOf = (n: number): number => solveWith(workbench(inclusionProblem(n, 32), schurFormulation), { relativeTolerance: 1e-16 }).roundingFloor!;
    const order = Math.log2(floorOf(63) / floorOf(15)) / 2;
    expect(order).toBeGreaterThanOrEqual(1.5);
    expect(order).toBeLessThanOrEqual(2.5);
  });

  test("is not what keeps the naive recovery from its tolerance (negative control)", () => {
    const { found } = solve(naiveFormulation, 1e-9);
    expect(found.reason).toEqual({ kind: "stopped", by: "attainable-accuracy" });
    expect(found.roundingFloor).toBeUndefined();
  });
});

describe("a certified solve with a method that cannot be trusted", () => {
  const bench = workbench(inclusionProblem(7, 8), schurFormulation);
  const methodThat = (act: (x: Float64Array) => StopReason): KrylovMethod => ({
    name: "fake",
    storage: 0,
    solve: (_rhs, x) => ({ reason: act(x), iterations: 1, residualNorms: [1, 0], trueResidualNorm: 0, projection: { symmetric: true, columns: [] }, counts: { operatorApplications: 0, preconditionerApplications: 0, innerProducts: 0, reductions: 0 } }),
    save: () => ({ iteration: 1, values: {}, vectors: [] }),
    restore() {},
    dispose() {},
  });
  const converged: StopReason = { kind: "converged", by: "relative-tolerance" };

  test("does not believe one that claims to have converged without moving", () => {
    const { reason, relativeResidual, refinements } = solveWith({ ...bench, method: methodThat(() => converged) }, {});
    expect(reason).toEqual({ kind: "stopped", by: "attainable-accuracy" });
    expect(relativeResidual).toBeGreaterThan(1e-8);
    expect(refinements).toBeLessThan(10);
  });

  test.each(formulations)("takes back a round that makes the KKT residual larger, %s", (_name, factory) => {
    const bench = workbench(inclusionProblem(7, 8), factory);
    const { formulation, certificate } = bench;
    const { relativeResidual } = solveWith({ ...bench, method: methodThat((x) => (x.fill(1e6), converged)) }, {});
    expect(formulation.iterate.every((value) => value === 0)).toBe(true);
    expect(certificate(formulation.candidate).relativeResidual).toBe(relativeResidual);
    formulation.reset();
    formulation.complete();
    expect(certificate(formulation.candidate).relativeResidual).toBe(relativeResidual);
    formulation.iterate.fill(1e6);
    formulation.complete();
    expect(certificate(formulation.candidate).relativeResidual).toBeGreaterThan(1e3);
  });

  test("takes back a later one, and keeps what the rounds before it have gained", () => {
    const gained = workbench(inclusionProblem(7, 8), schurFormulation);
    firstRound(gained, 1e-5);
    const { relativeResidual: expected } = gained.certificate(gained.formulation.candidate);
    const { method } = bench;
    let rounds = 0;
    const spoiling: KrylovMethod = {
      ...method,
      solve: (rhs, x, criteria) => (rounds++ === 0 ? method.solve(rhs, x, { ...criteria, relativeTolerance: 1e-5 }) : methodThat(() => (x.fill(1), converged)).solve(rhs, x, criteria)),
    };
    const { relativeResidual, refinements } = solveWith({ ...bench, method: spoiling }, {});
    expect(refinements).toBeGreaterThan(0);
    expect(Math.abs(relativeResidual / expected - 1)).toBeLessThanOrEqual(1e-6);
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
