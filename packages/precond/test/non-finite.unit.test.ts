import {
  boxGrid,
  cg,
  choleskySolver,
  fastDiagonalizationSolver,
  fgmres,
  fullSpaceFormulation,
  gmres,
  heatProblem,
  minres,
  optimalControlSolver,
  schurFormulation,
  sineBasisSolver,
  uniformTimeGrid,
  type KrylovMethod,
  type KrylovSystem,
  type LinearOperator,
  type OptimalControlSolution,
  type Preconditioner,
  type SolveOptions,
} from "@parakkt/core";
import { kktBlockElimination, matching, twoLevel } from "@parakkt/precond";

const heatData = {
  space: boxGrid({ extent: [1, 0.5], cells: [5, 4] }),
  time: uniformTimeGrid(1, 12),
  regularization: 1e-3,
  initialState: (x: number, y: number) => Math.sin(Math.PI * x) * y * (0.5 - y),
  target: (x: number, y: number, _z: number, t: number) => t * x * (1 - x) * y,
};
const problem = heatProblem({ ...heatData, diffusivity: (x, y) => 1 + x * y, spatialSolver: choleskySolver });

/** Where a number goes wrong: in which application of the operator or preconditioner, at which step and index. */
interface Fault {
  readonly of: "operator" | "preconditioner";
  readonly application: number;
  readonly step: number;
  readonly index: number;
  readonly value: number;
}

/** The method on a system whose operator or preconditioner goes wrong once. */
function faultyMethod(method: (system: KrylovSystem) => KrylovMethod, { of, application, value }: Fault, place: number): (system: KrylovSystem) => KrylovMethod {
  let count = 0;
  const spoil = (apply: LinearOperator["apply"]): LinearOperator["apply"] => (x, out) => {
    apply(x, out);
    if (++count === application) out[place] = value;
  };
  return ({ operator, preconditioner, space, arena }) => {
    const { rows, cols, symmetric, applyTranspose } = operator;
    const plain = { rows, cols, symmetric, applyTranspose };
    const sound: Preconditioner | undefined = preconditioner;
    return method({
      space,
      ...(arena && { arena }),
      operator: { ...plain, apply: of === "operator" ? spoil(operator.apply) : operator.apply },
      ...(sound && { preconditioner: of === "preconditioner" ? { ...sound, apply: spoil(sound.apply) } : sound }),
    });
  };
}

const additive: SolveOptions = { formulation: schurFormulation, method: cg, decomposition: { subdomains: 3, overlap: 1 }, preconditioner: (d) => twoLevel(d, { combination: "additive", factor: "exact" }) };
const cases: [string, SolveOptions][] = [
  ["cg on S", additive],
  ["minres on S", { ...additive, method: minres }],
  ["gmres on S", { ...additive, method: (system) => gmres(system, { restart: 4 }) }],
  ["fgmres on K", { ...additive, formulation: fullSpaceFormulation, method: fgmres, preconditioner: (d) => kktBlockElimination(d, twoLevel(d, { combination: "restricted", factor: "exact" })) }],
];

function solveWith(options: SolveOptions, fault: Fault): OptimalControlSolution {
  const { layout } = optimalControlSolver(problem, options).solve().state;
  const place = layout.offsetOf(fault.step) + fault.index * layout.strideOf(fault.step);
  return optimalControlSolver(problem, { ...options, method: faultyMethod(options.method, fault, place) }).solve();
}

describe.each(cases)("%s", (_name, options) => {
  test("names a NaN or infinity within the iteration that made it, with operator, time step and index, and keeps the last finite iterate: 32 places", () => {
    for (const of of ["operator", "preconditioner"] as const) {
      for (const application of [2, 4]) {
        for (const [step, index] of [[1, 0], [5, 3], [12, 11], [8, 7]] as const) {
          for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
            const { reason, iterations, state, residualNorms } = solveWith(options, { of, application, step, index, value });
            expect(reason).toMatchObject({ kind: "failed", by: "non-finite", evidence: expect.stringContaining(`${of}: `) as string });
            expect(reason).toMatchObject({ evidence: expect.stringContaining(`time step ${step}, degree of freedom ${index}`) as string });
            expect(reason.kind === "failed" && Math.abs(reason.iteration - application)).toBeLessThanOrEqual(1);
            expect(iterations).toBeLessThanOrEqual(application);
            expect(residualNorms.every(Number.isFinite)).toBe(true);
            expect(state.data.every(Number.isFinite)).toBe(true);
          }
        }
      }
    }
  });
});

describe("conjugate gradients fused with matching, in the sine basis", () => {
  const constant = heatProblem({ ...heatData, diffusivity: 1, spatialSolver: fastDiagonalizationSolver });
  const options: SolveOptions = { formulation: schurFormulation, method: cg, preconditioner: (discretization) => matching(discretization, "exact") };

  /** y is spoilt in an iteration; 0: in none. */
  function spoilt(iteration: number, place: number): (system: KrylovSystem) => KrylovMethod {
    let count = 0;
    return (system) => {
      const fused = system.fused!;
      const advance: typeof fused.advance = (alpha, iterates) => {
        const norms = fused.advance(alpha, iterates);
        if (++count !== iteration) return norms;
        iterates.y[place] = Number.NaN;
        return { preconditioned: Number.NaN, residual: Number.NaN };
      };
      return cg({ ...system, fused: { ...fused, advance } });
    };
  }

  test.each([[1, 0], [5, 3], [12, 11]])("name a NaN at time step %d, mode %d, in its iteration, and keep the iterate before", (step, index) => {
    const { layout } = sineBasisSolver(constant, options).solve().state;
    const place = layout.offsetOf(step) + index * layout.strideOf(step);
    const { reason, iterations, residualNorms, state } = sineBasisSolver(constant, { ...options, method: spoilt(3, place) }).solve();
    expect(reason).toMatchObject({ kind: "failed", by: "non-finite", evidence: expect.stringContaining(`time step ${step}, degree of freedom ${index}`) as string });
    expect(iterations).toBe(2);
    expect([...residualNorms, ...state.data].every(Number.isFinite)).toBe(true);
  });

  test("converge where nothing is spoilt (negative control)", () => {
    expect(sineBasisSolver(constant, { ...options, method: spoilt(0, 0) }).solve().reason.kind).toBe("converged");
  });
});

test("a sound system is not called non-finite (negative control)", () => {
  expect(solveWith(additive, { of: "operator", application: 10_000, step: 1, index: 0, value: Number.NaN }).reason.kind).toBe("converged");
});
