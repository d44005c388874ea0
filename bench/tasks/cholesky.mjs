import { boxGrid, diffusionOperator, nestedDissection, symbolicCholesky } from "@parakkt/core";
import { kernels } from "@parakkt/kernels";
import { everyLane, filledBlock, randomValues, relativeDifference } from "../kernels/values.mjs";
import { median } from "../statistics.mjs";

const FACTORS = 5;
const SOLVES = 15;
const SHIFT = 409.6;
/** Until then the engine runs first code, and its compiler's threads are in the CPU time of the process. */
const WARM_UP_MILLISECONDS = 200;

/**
 * Nested-dissection Cholesky of L + σI on n × n points: median milliseconds of a factorisation, and of a solve per right-hand side in 1 and 8 lanes.
 */
export function run({ n }) {
  const grid = boxGrid({ extent: [1, 1], cells: [n + 1, n + 1] });
  const operator = diffusionOperator(grid, 1);
  const matrix = operator.toCsr();
  const pattern = symbolicCholesky(matrix, nestedDissection(grid.points));
  const made = kernels(2 ** 27);
  const solver = made.cholesky({ pattern, values: matrix.values });
  solver.prepare(1, [SHIFT]);
  solver.prepare(8, [SHIFT]);
  const factor = Array.from({ length: FACTORS }, (_, k) => milliseconds(() => solver.prepare(8, [SHIFT + k + 1])));
  const solves = [1, 8].map((lanes) => solveTimes(lanes, solver, { made, operator }));
  return { metrics: { factor: median(factor), solve1: solves[0], solve8: solves[1] }, details: { n, factorDoubles: pattern.doubles } };
}

function solveTimes(lanes, solver, { made, operator }) {
  const values = randomValues(operator.rows * lanes, 7);
  const x = filledBlock(made, values);
  const out = { data: made.allocate(values.length), offset: 0 };
  const factors = { shift: everyLane(lanes, SHIFT), rhs: everyLane(lanes, 1), neighbour: everyLane(lanes, 0), alone: lanes === 1 };
  const solve = () => solver.solve(lanes, factors, { x, out });
  const end = performance.now() + WARM_UP_MILLISECONDS;
  while (performance.now() < end) solve();
  const times = Array.from({ length: SOLVES }, () => milliseconds(solve));
  requireSolution(operator, { values, solution: out.data, lanes });
  return median(times) / lanes;
}

function requireSolution(operator, { values, solution, lanes }) {
  const applied = new Float64Array(operator.rows);
  for (let l = 0; l < lanes; l++) {
    const [b, x] = [values, solution].map((block) => Float64Array.from({ length: operator.rows }, (_, j) => block[j * lanes + l]));
    operator.apply(x, applied);
    const difference = relativeDifference(applied.map((value, j) => value + SHIFT * x[j]), b);
    if (!(difference < 1e-9)) throw new Error(`the residual of lane ${l} is ${difference}`);
  }
}

function milliseconds(work) {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e3;
}
