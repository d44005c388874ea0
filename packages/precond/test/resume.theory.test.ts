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
  readStep,
  reducedFormulation,
  schurFormulation,
  sineBasisSolver,
  uniformTimeGrid,
  writeStep,
  type HeatProblem,
  type KeptSolverState,
  type KrylovSystem,
  type OptimalControlSolution,
  type OptimalControlSolver,
  type SolveOptions,
  type SolverState,
  type SpaceTimeDiscretization,
  type SpaceTimeVector,
} from "@parakkt/core";
import { kktBlockDiagonal, kktBlockElimination, matching, twoLevel } from "@parakkt/precond";

const [constant, inclusion] = [1, 1e4].map((contrast) =>
  heatProblem({
    space: boxGrid({ extent: [1, 0.5], cells: [7, 6] }),
    time: uniformTimeGrid(1, 24),
    diffusivity: contrast === 1 ? 0.3 : (x, y) => (x > 0.3 && x < 0.6 && y > 0.2 ? contrast : 1),
    source: (x, y, _z, t) => x * y * Math.cos(t),
    controlScale: 1.7,
    regularization: 1e-4,
    initialState: (x, y) => Math.sin(Math.PI * x) * y * (0.5 - y),
    target: (x, y, _z, t) => t * x * (1 - x) * y,
    spatialSolver: contrast === 1 ? fastDiagonalizationSolver : choleskySolver,
  }),
);

type Create = (problem: HeatProblem, options: SolveOptions) => OptimalControlSolver;

interface Case {
  readonly problem: HeatProblem;
  readonly create: Create;
  readonly options: Omit<SolveOptions, "criteria">;
  readonly relativeTolerance: number;
}

const decomposition = { subdomains: 5, overlap: 1 };
const additive = (d: SpaceTimeDiscretization) => twoLevel(d, { combination: "additive", factor: "exact" });
const restricted = (d: SpaceTimeDiscretization) => twoLevel(d, { combination: "restricted", factor: "exact" });
const schur = { formulation: schurFormulation, decomposition };
const restarted = { gmres: (system: KrylovSystem) => gmres(system, { restart: 2 }), fgmres: (system: KrylovSystem) => fgmres(system, { restart: 4 }) };
const nodal: Pick<Case, "problem" | "create" | "relativeTolerance"> = { problem: inclusion, create: optimalControlSolver, relativeTolerance: 1e-9 };
const modal: Pick<Case, "problem" | "create" | "relativeTolerance"> = { problem: constant, create: sineBasisSolver, relativeTolerance: 1e-9 };

const cases: [string, Case][] = [
  ["cg on S", { ...nodal, options: { ...schur, method: cg, preconditioner: additive } }],
  ["cg on S in the sine basis", { ...modal, options: { ...schur, method: cg, preconditioner: additive } }],
  ["fused cg in the sine basis", { ...modal, options: { formulation: schurFormulation, method: cg, preconditioner: (d) => matching(d, "exact") } }],
  ["minres on S", { ...nodal, options: { ...schur, method: minres, preconditioner: additive } }],
  ["gmres on S", { ...nodal, options: { ...schur, method: restarted.gmres, preconditioner: restricted } }],
  ["fgmres on K", { ...nodal, options: { formulation: fullSpaceFormulation, decomposition, method: restarted.fgmres, preconditioner: (d) => kktBlockElimination(d, restricted(d)) } }],
  ["minres on K in rounds", { ...nodal, relativeTolerance: 1e-11, options: { formulation: fullSpaceFormulation, decomposition, method: minres, preconditioner: (d) => kktBlockDiagonal(d, additive(d)) } }],
  ["cg on H", { ...modal, relativeTolerance: 1e-10, options: { formulation: reducedFormulation, method: cg } }],
];

/** A copy of a state that a solver on any storage order could go on from. */
function keep({ values, series }: SolverState): KeptSolverState {
  const steps = series.map((vector) => Array.from({ length: 24 }, (_, n) => stepOf(vector, n + 1)));
  return {
    values: structuredClone(values) as KeptSolverState["values"],
    load: (index, vector) => steps[index].forEach((state, n) => writeStep(vector, n + 1, state)),
  };
}

/** Entries spread over a list, its ends included. */
function sample<Entry>(list: readonly Entry[], count: number): Entry[] {
  return list.length <= count ? [...list] : Array.from({ length: count }, (_, k) => list[Math.round((k * (list.length - 1)) / (count - 1))]);
}

function stepOf(vector: SpaceTimeVector, n: number): Float64Array {
  const state = new Float64Array(vector.layout.dofs);
  readStep(vector, n, state);
  return state;
}

/** Everything that a report says about a solution. */
function evidence({ state, control, adjoint, residualNorms, relativeResidual, reason, counts, iterations, projection, objective }: OptimalControlSolution) {
  const fields = [state, control, adjoint].map((field) => Array.from({ length: 24 }, (_, n) => [...stepOf(field, n + 1)]));
  const { spatialSolves, operatorApplications, preconditionerApplications, innerProducts } = counts;
  return { fields, residualNorms: [...residualNorms], relativeResidual, reason, iterations, projection, objective, counts: { spatialSolves, operatorApplications, preconditionerApplications, innerProducts } };
}

describe.each(cases)("%s", (_name, { problem, create, options, relativeTolerance }) => {
  const criteria = { relativeTolerance, maxIterations: 300 };
  const solverWith = (checkpoint: (solver: OptimalControlSolver, iteration: number) => void): OptimalControlSolver => {
    const solver: OptimalControlSolver = create(problem, { ...options, criteria: { ...criteria, checkpoint: (iteration) => checkpoint(solver, iteration) } });
    return solver;
  };
  const kept: KeptSolverState[] = [];
  const whole = evidence(solverWith((solver) => kept.push(keep(solver.save()))).solve());

  test("can be resumed somewhere, in the later rounds too", () => {
    expect(kept.length).toBeGreaterThan(1);
    expect(kept.length).toBeLessThanOrEqual(whole.iterations);
    if (_name.includes("round")) expect(kept.at(-1)!.values["round"][0]).toBeGreaterThan(0);
  });

  test("resumed from any of its states takes the same residual norms, counts and bits as without a break", () => {
    for (const state of sample(kept, 6)) {
      const solver = solverWith(() => undefined);
      solver.restore(state);
      expect(evidence(solver.solve())).toEqual(whole);
    }
  });

  test("resumed from a state with one bit changed does not (negative control)", () => {
    const [, state] = kept; // in the first one the iterate may still be zero
    const solver = solverWith(() => undefined);
    solver.restore({
      values: state.values,
      load(index, vector) {
        state.load(index, vector);
        if (index > 0) return;
        const first = stepOf(vector, 1);
        first[0] *= 1 + 1e-6;
        writeStep(vector, 1, first);
      },
    });
    expect(evidence(solver.solve()).fields).not.toEqual(whole.fields);
  });

  test("solves from the beginning again afterwards", () => {
    const solver = solverWith(() => undefined);
    solver.restore(kept[0]);
    solver.solve();
    expect(evidence(solver.solve())).toEqual(whole);
  });
});
