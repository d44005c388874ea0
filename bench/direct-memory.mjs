// Peak memory of a whole process that solves the reference problem directly and looks at objective and residual: node bench/direct-memory.mjs [n N]
import { boxGrid, fastDiagonalizationSolver, heatProblem, solveDirect, uniformTimeGrid } from "../packages/core/dist/index.js";

const [n, steps] = process.argv.length > 3 ? process.argv.slice(2).map(Number) : [127, 512];
const { sin, PI } = Math;
const problem = heatProblem({
  space: boxGrid({ extent: [1, 1], cells: [n + 1, n + 1] }),
  time: uniformTimeGrid(1, steps),
  diffusivity: 1,
  initialState: (x, y) => sin(PI * x) * sin(PI * y),
  target: (x, y, _z, t) => sin(2 * PI * t) * sin(PI * x) * sin(2 * PI * y) + t * x * (1 - x) * y * (1 - y),
  regularization: 1e-4,
  spatialSolver: fastDiagonalizationSolver,
});
const [wall, cpu] = [performance.now(), process.cpuUsage()];
const { objective, relativeResidual } = solveDirect(problem, { relativeTolerance: 1e-10 });
const { user, system } = process.cpuUsage(cpu);
const seconds = { wall: (performance.now() - wall) / 1e3, cpu: (user + system) / 1e6 };
console.log(JSON.stringify({ n, steps, objective, relativeResidual, seconds, peakMegabytes: process.resourceUsage().maxRSS / 1024 }, null, 2));
