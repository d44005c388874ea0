import { choleskySolver, diffusionOperator, fastDiagonalizationSolver, multigridSolver, type SpatialOperator, type SpatialSolver } from "@parakkt/core";
import { seededRandom } from "@parakkt/testing";
import { settledArrayBuffers } from "./settled-array-buffers.js";
import { unitGrid } from "./spatial-cases.js";

const arrayBuffers = (): number => process.memoryUsage().arrayBuffers;

const operator = diffusionOperator(unitGrid(32, 32), 1);
const variable = diffusionOperator(unitGrid(32, 32), (x) => 1 + x);

const solvers: [string, SpatialSolver][] = [
  ["fast diagonalization", fastDiagonalizationSolver(operator)],
  ["Cholesky", choleskySolver(variable)],
  ["multigrid to rounding", multigridSolver(variable)],
  ["two multigrid cycles", multigridSolver(variable, { cycles: 2 })],
];

test.each(solvers)("solving by %s allocates no vectors", (_, solver) => {
  const rhs = seededRandom(41).normalVector(operator.rows);
  const out = new Float64Array(operator.rows);
  const solve = solver.shifted(3);
  solve.solve(rhs, out);
  const before = settledArrayBuffers();
  for (let k = 0; k < 20; k++) {
    solve.solve(rhs, out);
    solver.shifted(3);
  }
  expect(arrayBuffers()).toBeLessThanOrEqual(before);
});

test.each<[string, SpatialOperator]>([
  ["constant", operator],
  ["variable", variable],
])("applying the operator with %s ν allocates no vectors", (_, l) => {
  const x = new Float64Array(l.rows).fill(1);
  const out = new Float64Array(l.rows);
  const csr = l.toCsr();
  const before = settledArrayBuffers();
  for (let k = 0; k < 100; k++) {
    l.apply(x, out);
    csr.apply(x, out);
    l.diagonal(out);
  }
  expect(arrayBuffers()).toBeLessThanOrEqual(before);
});

test("the measure notices a vector", () => {
  const before = settledArrayBuffers();
  const kept = new Float64Array(operator.rows);
  expect(arrayBuffers()).toBeGreaterThanOrEqual(before + kept.byteLength);
});
