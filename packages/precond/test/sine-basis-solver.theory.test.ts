import {
  boxGrid,
  certify,
  cg,
  choleskySolver,
  defaultStoppingCriteria,
  fastDiagonalizationSolver,
  heatProblem,
  optimalControlSolver,
  readStep,
  reducedFormulation,
  schurFormulation,
  serialCommunicator,
  sineBasisSolver,
  timeGrid,
  type FormulationFactory,
  type OptimalControlSolution,
  type SpaceTimeVector,
} from "@parakkt/core";
import { twoLevel } from "@parakkt/precond";
import { differingBits } from "@parakkt/testing";

const problem = heatProblem({
  space: boxGrid({ extent: [1, 0.5], cells: [12, 9] }),
  time: timeGrid(Array.from({ length: 41 }, (_, n) => (n / 40) ** 1.2)),
  diffusivity: 0.3,
  source: (x, y, _z, t) => x * y * Math.cos(t),
  controlScale: 1.7,
  regularization: 1e-3,
  initialState: (x, y) => Math.sin(Math.PI * x) * y * (0.5 - y),
  target: (x, y, _z, t) => t * x * (1 - x) * y,
  spatialSolver: fastDiagonalizationSolver,
});
const options = {
  formulation: schurFormulation,
  method: cg,
  preconditioner: (d: Parameters<typeof twoLevel>[0]) => twoLevel(d, { combination: "additive", factor: "exact" }),
  decomposition: { subdomains: 7, overlap: 1 },
  criteria: { ...defaultStoppingCriteria, relativeTolerance: 1e-11 },
};

const valuesOf = (vector: SpaceTimeVector): Float64Array => {
  const { first, last } = vector.layout.steps;
  const all = new Float64Array((last - first + 1) * vector.layout.dofs);
  for (let n = first; n <= last; n++) readStep(vector, n, all.subarray((n - first) * vector.layout.dofs, (n - first + 1) * vector.layout.dofs));
  return all;
};

/** A copy of all entries, in the place of a vector that may be computed when it is read. */
const storedVector = ({ layout, data }: SpaceTimeVector): SpaceTimeVector => ({ layout, data: data.slice() });

function relativeDistance(a: SpaceTimeVector, b: SpaceTimeVector): number {
  const [x, y] = [valuesOf(a), valuesOf(b)];
  return Math.sqrt(x.reduce((sum, value, i) => sum + (value - y[i]) ** 2, 0) / y.reduce((sum, value) => sum + value ** 2, 0));
}

const onGrid = (): OptimalControlSolution => optimalControlSolver(problem, options).solve();

test("iterating in the sine basis takes the same iterations to the same state, control, adjoint and objective, also on unequal steps with a source", () => {
  const [nodal, modal] = [onGrid(), sineBasisSolver(problem, options).solve()];
  expect(modal.iterations).toBe(nodal.iterations);
  expect(relativeDistance(modal.state, nodal.state)).toBeLessThan(1e-9);
  expect(relativeDistance(modal.control, nodal.control)).toBeLessThan(1e-9);
  expect(relativeDistance(modal.adjoint, nodal.adjoint)).toBeLessThan(1e-9);
  expect(relativeDistance(modal.target, nodal.target)).toBe(0);
  expect(Math.abs(modal.objective.total / nodal.objective.total - 1)).toBeLessThan(1e-12);
  expect(modal.counts).toEqual(nodal.counts);
});

test.each<[string, FormulationFactory]>([
  ["schur", schurFormulation],
  ["reduced", reducedFormulation],
])("a second %s solve gives the same bits, also when the entries of the first solution are read before it", (_name, formulation) => {
  const { preconditioner, ...unpreconditioned } = options;
  const solver = sineBasisSolver(problem, { ...unpreconditioned, formulation, ...(formulation === schurFormulation && { preconditioner }) });
  const entries = ({ state, control, adjoint, target }: OptimalControlSolution): Float64Array[] =>
    [state, control, adjoint, target].flatMap((vector) => [valuesOf(vector), vector.data.slice()]);
  const first = entries(solver.solve());
  entries(solver.solve()).forEach((values, i) => expect(differingBits(values, first[i])).toBe(0));
});

test("the streamed KKT residual is that of the assembled system, and sees a single changed entry of any field", () => {
  const solution = onGrid();
  const stored = { state: storedVector(solution.state), control: storedVector(solution.control), adjoint: storedVector(solution.adjoint) };
  const { relativeResidual: relative, rhsNorm } = certify(problem, stored, serialCommunicator());
  expect(Math.abs(relative / solution.relativeResidual - 1)).toBeLessThan(1e-3);
  for (const { data } of [stored.state, stored.control, stored.adjoint]) {
    data[5] += 1e-3 * rhsNorm;
    expect(certify(problem, stored, serialCommunicator()).relativeResidual).toBeGreaterThan(100 * relative);
    data[5] -= 1e-3 * rhsNorm;
  }
});

test("a variable diffusivity is refused with a hint", () => {
  const variable = heatProblem({
    space: boxGrid({ extent: [1], cells: [8] }),
    time: timeGrid([0, 1]),
    diffusivity: (x) => 1 + x,
    regularization: 1,
    initialState: () => 1,
    target: () => 0,
    spatialSolver: choleskySolver,
  });
  expect(() => sineBasisSolver(variable, options)).toThrow(/choleskySolver or multigridSolver/);
});
