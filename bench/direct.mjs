// The direct solver against its C peer, a hand-written program that does the same work: sine transforms, one tridiagonal solve in time
// per mode, and back. Ours and the peer's runs alternate; CPU times are compared, evaluation of the data left out on both sides.
//
//   node bench/direct.mjs [n N]…            default 127 512 and 255 256
//   DIRECT_PEER=/path/to/limit              the peer: limit n N ω repetitions fftw|gemm, prints "cpu=…s"
//   BENCH_ROUNDS=5  BENCH_PEER_METHODS=fftw,gemm
//
// Prints JSON.
import { execFileSync } from "node:child_process";
import { cpus, loadavg, totalmem } from "node:os";
import { boxGrid, fastDiagonalizationSolver, heatProblem, uniformTimeGrid } from "../packages/core/dist/index.js";
import { stepwiseData } from "../packages/core/dist/kkt/direct-data.js";
import { modalSolver } from "../packages/core/dist/kkt/direct-modal-solver.js";

const OMEGA = 1e-4;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const PEER_METHODS = (process.env.BENCH_PEER_METHODS ?? "fftw,gemm").split(",");
const peer = process.env.DIRECT_PEER;

const sizes = process.argv.slice(2).map(Number);
const cases = [];
for (let i = 0; i + 1 < sizes.length; i += 2) cases.push([sizes[i], sizes[i + 1]]);
if (cases.length === 0) cases.push([127, 512], [255, 256]);

/** The reference problem: ν = 1, T = 1, unit square. */
function referenceProblem(n, steps) {
  const { sin, PI } = Math;
  return heatProblem({
    space: boxGrid({ extent: [1, 1], cells: [n + 1, n + 1] }),
    time: uniformTimeGrid(1, steps),
    diffusivity: 1,
    initialState: (x, y) => sin(PI * x) * sin(PI * y),
    target: (x, y, _z, t) => sin(2 * PI * t) * sin(PI * x) * sin(2 * PI * y) + t * x * (1 - x) * y * (1 - y),
    regularization: OMEGA,
    spatialSolver: fastDiagonalizationSolver,
  });
}

/** Seconds of CPU and wall time of one solve; the data are evaluated anew first. */
function timedSolve(solver, data) {
  solver.load(data);
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  solver.solve();
  const { user, system } = process.cpuUsage(cpu);
  return { cpu: (user + system) / 1e6, wall: (performance.now() - wall) / 1e3 };
}

/** The peer's median CPU time of three solves. */
function timedPeer(n, steps, method) {
  const env = { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" };
  const output = execFileSync(peer, [n, steps, OMEGA, 3, method].map(String), { env, encoding: "utf8" });
  return Number(/cpu=([\d.]+)s/.exec(output)[1]);
}

function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1], min: sorted[0], max: sorted[sorted.length - 1] };
}

function measure([n, steps]) {
  const problem = referenceProblem(n, steps);
  const data = stepwiseData(problem);
  const solver = modalSolver(problem, 1);
  timedSolve(solver, data);
  const ours = [];
  const theirs = Object.fromEntries(peer ? PEER_METHODS.map((method) => [method, []]) : []);
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(timedSolve(solver, data));
    for (const method of Object.keys(theirs)) theirs[method].push(timedPeer(n, steps, method));
  }
  const ratios = Object.entries(theirs).map(([method, times]) => [method, summary(ours.map(({ cpu }, round) => cpu / times[round]))]);
  return {
    ...{ n, steps, states: n * n * steps, rounds: ROUNDS, storageDoubles: solver.storage },
    ...{ cpuSeconds: summary(ours.map(({ cpu }) => cpu)), wallSeconds: summary(ours.map(({ wall }) => wall)) },
    peerCpuSeconds: Object.fromEntries(Object.entries(theirs).map(([method, times]) => [method, summary(times)])),
    cpuRatioToPeer: Object.fromEntries(ratios),
  };
}

const loadBefore = loadavg()[0];
const results = cases.map(measure);
const machine = { cpu: cpus()[0]?.model, cores: cpus().length, memoryBytes: totalmem(), node: process.version, load: [loadBefore, loadavg()[0]] };
console.log(JSON.stringify({ bench: "direct", machine, omega: OMEGA, peakMemoryBytes: process.resourceUsage().maxRSS * 1024, results }, null, 2));
