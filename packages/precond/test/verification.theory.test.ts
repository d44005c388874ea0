import {
  boxGrid,
  cg,
  choleskySolver,
  fgmres,
  fullSpaceFormulation,
  heatProblem,
  optimalControlSolver,
  reducedFormulation,
  schurFormulation,
  uniformTimeGrid,
  verifyDiscretization,
  verifyOrders,
  verifySolution,
  type HeatProblem,
  type OrderStudy,
  type Preconditioner,
  type SolveOptions,
  type SpaceTimeDiscretization,
  type TimeIntegrator,
  type VerificationCheck,
} from "@parakkt/core";
import { kktBlockElimination, twoLevel } from "@parakkt/precond";

const problem = heatProblem({
  space: boxGrid({ extent: [1, 0.5], cells: [5, 4] }),
  time: uniformTimeGrid(1, 12),
  diffusivity: (x, y) => 1 + x * y,
  source: (x, y, _z, t) => x * y * Math.cos(t),
  controlScale: 1.7,
  regularization: 1e-3,
  initialState: (x, y) => Math.sin(Math.PI * x) * y * (0.5 - y),
  target: (x, y, _z, t) => t * x * (1 - x) * y,
  spatialSolver: choleskySolver,
});

const decomposition = { subdomains: 3, overlap: 1 };
const additive = (d: SpaceTimeDiscretization): Preconditioner => twoLevel(d, { combination: "additive", factor: "exact" });
const restricted = (d: SpaceTimeDiscretization): Preconditioner => twoLevel(d, { combination: "restricted", factor: "exact" });
const options: SolveOptions = { formulation: schurFormulation, method: cg, preconditioner: additive, decomposition };

const failed = (checks: readonly VerificationCheck[]): string[] => checks.filter(({ verdict }) => verdict === "failed").map(({ name }) => name);

/** The integrator without its lanes, so that its own functions are called, and one of them changed. */
function withChange(change: (integrator: TimeIntegrator) => Partial<TimeIntegrator>): HeatProblem["integrator"] {
  const changed = (integrator: TimeIntegrator): TimeIntegrator => ({
    ...integrator,
    ...change(integrator),
    withReaction(reaction) {
      return changed(withoutLanes(integrator.withReaction(reaction)));
    },
  });
  return changed(withoutLanes(problem.integrator));
}

function withoutLanes(integrator: TimeIntegrator): TimeIntegrator {
  const plain: { lanes?: unknown } & TimeIntegrator = { ...integrator };
  delete plain.lanes;
  return plain;
}

const scaledBy = (factor: number, vector: Float64Array): void => void vector.forEach((value, j) => (vector[j] = factor * value));

describe("a sound model passes", () => {
  test.each([
    ["S", options],
    ["S without kernels", options],
    ["K", { formulation: fullSpaceFormulation, method: fgmres, preconditioner: (d: SpaceTimeDiscretization) => kktBlockElimination(d, restricted(d)), decomposition }],
    ["H", { formulation: reducedFormulation, method: cg }],
  ] as const)("all laws, iterating on %s", (name, options) => {
    const model = name.includes("without") ? { ...problem, integrator: withChange(() => ({})) } : problem;
    const checks = verifyDiscretization(model, options);
    expect(failed(checks)).toEqual([]);
    expect(checks.length).toBeGreaterThan(20);
    for (const { figure, reason, law, verdict } of checks) {
      expect([reason, law].every((text) => text.length > 5)).toBe(true);
      if (verdict === "passed") expect(Number.isFinite(figure)).toBe(true);
    }
  });

  test("every check of its solution", () => {
    const solver = (relativeTolerance: number) => optimalControlSolver(problem, { ...options, criteria: { relativeTolerance } });
    const checks = verifySolution({ problem, options: { formulation: schurFormulation, method: cg }, solver, relativeTolerance: 1e-6 });
    expect(failed(checks)).toEqual([]);
    // The bound is not idle: the distance is within a factor of it, and not rounding error.
    const { figure } = checks.find(({ name }) => name === "optimality of the control")!;
    expect(figure).toBeGreaterThan(1e-4);
  });

  test("and is not changed by being verified", () => {
    const solve = () => optimalControlSolver(problem, options).solve().control.data.slice();
    const before = solve();
    verifyDiscretization(problem, options);
    expect(solve()).toEqual(before);
  });
});

describe("a planted mistake fails (negative controls):", () => {
  const failuresOf = (change: (integrator: TimeIntegrator) => Partial<TimeIntegrator>): string[] => failed(verifyDiscretization({ ...problem, integrator: withChange(change) }, options));

  test("a wrong adjoint step", () => {
    const names = failuresOf((integrator) => ({
      stepAdjoint(step, sensitivity, multiplier, previous) {
        integrator.stepAdjoint(step, sensitivity, multiplier, previous);
        scaledBy(1.01, previous);
      },
    }));
    expect(names).toEqual(expect.arrayContaining(["adjoint of J⁻¹", "gradient"]));
  });

  test("a wrong sign of the adjoint control", () => {
    const names = failuresOf((integrator) => ({
      applyControlAdjoint(step, multiplier, out) {
        integrator.applyControlAdjoint(step, multiplier, out);
        scaledBy(-1, out);
      },
    }));
    expect(names).toEqual(expect.arrayContaining(["adjoint of B", "gradient"]));
  });

  test("a control scaled on one side only", () => {
    const names = failuresOf((integrator) => ({
      applyControl(step, control, out) {
        integrator.applyControl(step, control, out);
        scaledBy(1.7, out);
      },
    }));
    expect(names).toEqual(expect.arrayContaining(["adjoint of B", "gradient"]));
  });

  test("a residual of another scheme than the step", () => {
    const names = failuresOf((integrator) => ({
      residual(step, previous, current, out) {
        integrator.residual(step, previous, current, out);
        for (let j = 0; j < out.length; j++) out[j] += 1e-3 * current[j];
      },
    }));
    expect(names).toEqual(expect.arrayContaining(["adjoint of J", "inverse of J"]));
  });

  test.each<[string, (integrator: TimeIntegrator) => Partial<TimeIntegrator>, string]>([
    ["a coupling to the neighbour on the wrong side in the adjoint", ({ residualAdjoint }) => ({
      residualAdjoint(step, multiplier, previous, current) {
        residualAdjoint(step, multiplier, previous, current);
        for (let j = 1; j < current.length; j++) current[j] += step.size * multiplier[j - 1];
      },
    }), "residualAdjoint is the transpose of residual"],
    ["a control adjoint without τ", ({ applyControlAdjoint }) => ({
      applyControlAdjoint(step, multiplier, out) {
        applyControlAdjoint(step, multiplier, out);
        scaledBy(1 / step.size, out);
      },
    }), "applyControlAdjoint is the transpose of applyControl"],
    ["a step without τ before its forcing", ({ step: solve }) => ({
      step(at, previous, forcing, next) {
        solve(at, previous, forcing.map((value) => value * at.size), next);
      },
    }), "step solves its row"],
    ["an adjoint step that forgets the state before", ({ stepAdjoint }) => ({
      stepAdjoint(at, sensitivity, multiplier, previous) {
        stepAdjoint(at, sensitivity, multiplier, previous);
        previous.fill(0);
      },
    }), "stepAdjoint is the transpose of step"],
    ["a step that writes into its forcing", ({ step: solve }) => ({
      step(at, previous, forcing, next) {
        solve(at, previous, forcing, next);
        forcing[0] += 1;
      },
    }), "step repeats bit for bit"],
  ])("%s: the first check that fails names it", (_name, change, law) => {
    const checks = verifyDiscretization({ ...problem, integrator: withChange(change) }, options);
    const [first] = checks.filter(({ verdict }) => verdict === "failed");
    expect(first!.name).toBe(`integrator ${problem.integrator.name}`);
    expect(first!.law).toContain(law);
  });

  test("an overlap that is read but not written, in a preconditioner that calls itself symmetric", () => {
    const preconditioner = (d: SpaceTimeDiscretization): Preconditioner => ({ ...restricted(d), symmetric: true });
    expect(failed(verifyDiscretization(problem, { ...options, preconditioner }))).toEqual(["symmetry of the preconditioner"]);
  });

  test.each([
    ["negative on the last step", (y: Float64Array) => scaledBy(-1, y.subarray(y.length >> 1)), "definiteness of the preconditioner"],
    ["not linear", (y: Float64Array) => y.forEach((value, i) => (y[i] = value + Math.abs(value))), "linearity of the preconditioner"],
  ])("a preconditioner that is %s", (_name, change, law) => {
    const preconditioner = (d: SpaceTimeDiscretization): Preconditioner => {
      const sound = additive(d);
      const apply: Preconditioner["apply"] = (r, y) => {
        sound.apply(r, y);
        change(y);
      };
      return { ...sound, apply };
    };
    expect(failed(verifyDiscretization(problem, { ...options, preconditioner }))).toContain(law);
  });

  test("a solver that reports a residual which its solution does not have, and controls too far from the optimum", () => {
    const solver = (relativeTolerance: number) => {
      const sound = optimalControlSolver(problem, { ...options, criteria: { relativeTolerance } });
      return {
        solve() {
          const solution = sound.solve();
          return { ...solution, control: { layout: solution.control.layout, data: solution.control.data.map((value) => value * (1 + relativeTolerance)) } };
        },
      };
    };
    const names = failed(verifySolution({ problem, options: { formulation: schurFormulation, method: cg }, solver, relativeTolerance: 1e-6 }));
    expect(names).toContain("reported residual");
  });
});

describe("orders", () => {
  const study = (wrong: (problem: HeatProblem) => HeatProblem): OrderStudy => ({
    extent: [1],
    final: 0.5,
    diffusivity: { size: 1, varies: true },
    regularization: 1e-2,
    controlScale: 1.5,
    spatialSolver: choleskySolver,
    solve: (problem) => optimalControlSolver(wrong(problem), { formulation: reducedFormulation, method: cg, criteria: { relativeTolerance: 1e-10 } }).solve(),
  });

  test("1 in time and 2 in space are observed", () => {
    expect(failed(verifyOrders(study((problem) => problem)))).toEqual([]);
  });

  /** What is wrong on both sides of every transpose breaks no identity: only known solutions tell. */
  const consistently = (change: (integrator: TimeIntegrator) => Partial<TimeIntegrator>) => (problem: HeatProblem): HeatProblem => {
    const integrator = withoutLanes(problem.integrator);
    return { ...problem, integrator: { ...integrator, ...change(integrator) } };
  };
  const withStepOf = ({ residual, residualAdjoint, step: solve, stepAdjoint }: TimeIntegrator, factor: number): Partial<TimeIntegrator> => ({
    residual: (step, previous, current, out) => residual({ ...step, size: factor * step.size }, previous, current, out),
    residualAdjoint: (step, multiplier, previous, current) => residualAdjoint({ ...step, size: factor * step.size }, multiplier, previous, current),
    step: (step, previous, forcing, next) => solve({ ...step, size: factor * step.size }, previous, forcing, next),
    stepAdjoint: (step, sensitivity, multiplier, previous) => stepAdjoint({ ...step, size: factor * step.size }, sensitivity, multiplier, previous),
  });

  /** fₙ in place of that of another level. */
  const withForcingAt = (problem: HeatProblem, levelOf: (n: number) => number): HeatProblem => ({
    ...consistently(() => ({}))(problem),
    forcing: (step, out) => problem.forcing!(problem.grid.step(levelOf(step.index)), out),
  });

  test.each<[string, (problem: HeatProblem) => HeatProblem, string]>([
    ["a control without τ, on both sides", consistently(({ applyControl, applyControlAdjoint }) => ({
      applyControl: (step, control, out) => (applyControl(step, control, out), scaledBy(1 / step.size, out)),
      applyControlAdjoint: (step, multiplier, out) => (applyControlAdjoint(step, multiplier, out), scaledBy(1 / step.size, out)),
    })), "order in space, control"],
    ["a forgotten boundary, h = ℓ/n in place of ℓ/(n + 1)", (problem) => consistently((integrator) => withStepOf(integrator, (problem.space.points[0] / (problem.space.points[0] + 1)) ** 2))(problem), "order in space, state"],
    ["a source that stays at the first time level", (problem) => withForcingAt(problem, () => 1), "order in time, state"],
    ["a target at the level of the final time", (problem) => ({ ...problem, target: (_step, out) => problem.target(problem.grid.step(problem.grid.steps), out) }), "order in time, adjoint"],
  ])("are not with %s", (_name, wrong, check) => {
    expect(failed(verifyOrders(study(wrong)))).toContain(check);
  });

  test("are with a source of the level before: that is another scheme of order 1", () => {
    expect(failed(verifyOrders(study((problem) => withForcingAt(problem, (n) => Math.max(1, n - 1))))).filter((name) => name.startsWith("order in time"))).toEqual([]);
  });

  test("are not where the source is one per cent off (negative control)", () => {
    const wrong = (problem: HeatProblem): HeatProblem => ({ ...problem, target: (step, out) => (problem.target(step, out), scaledBy(1.01, out)) });
    expect(failed(verifyOrders(study(wrong)))).toEqual(expect.arrayContaining(["order in time, adjoint", "order in space, adjoint"]));
  });
});
