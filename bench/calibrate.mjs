// node bench/calibrate.mjs && npm run build: measures what solves cost on this machine and writes packages/precond/src/planner/measured-costs.ts; --print prints it instead.
// Some three minutes of CPU time on an idle machine; --quick for small sizes. docs/theory/cost-model.md says what the numbers mean.
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import {
  backwardEuler, boxGrid, cg, choleskySolver, fastDiagonalizationSolver, fgmres, frequencySchurFormulation, fullSpaceFormulation, heatProblem, multigridSolver,
  optimalControlSolver, reducedFormulation, schurFormulation, sineBasisSolver, solveDirect, uniformTimeGrid,
} from "@parakkt/core";
import { kernels as fastestKernels } from "@parakkt/kernels";
import { frequencyBlocks, kktBlockElimination, matching, measuredCosts, overlappingMatching, twoLevel } from "@parakkt/precond";

const { PI, sin } = Math;
let silent = false;
const say = (text) => void (silent || process.stderr.write(`${text}\n`));
const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Points an axis of the grids where costs are measured, and about how many entries a series of states has. */
const PLANS = {
  warmUp: { modes: { sizes: [15], entries: 2e5 }, grids: { sizes: [[31], [15], [7]], entries: 1e5 } },
  quick: { modes: { sizes: [15, 63], entries: 2e5 }, grids: { sizes: [[63], [15, 31], [7]], entries: 5e4 } },
  full: { modes: { sizes: [15, 31, 127, 255], entries: 2e6 }, grids: { sizes: [[127, 1023], [15, 31, 127, 255], [7, 15, 31]], entries: 5e5 } },
};
const SUBDOMAINS = 8;
const stepsFor = (size, entries) => Math.min(2048, Math.max(4 * SUBDOMAINS, SUBDOMAINS * Math.round(entries / size / SUBDOMAINS)));

/** The reference problem in `dimension` dimensions with n points an axis; ν = 1, or variable. */
function problemOf({ n, dimension, steps, variable, spatialSolver }) {
  const space = boxGrid({ extent: new Array(dimension).fill(1), cells: new Array(dimension).fill(n + 1) });
  const wave = space.evaluate((x, y, z) => sin(PI * x) * (dimension > 1 ? sin(2 * PI * y) : 1) * (dimension > 2 ? sin(PI * z) : 1));
  const hill = space.evaluate((x, y, z) => x * (1 - x) * (dimension > 1 ? y * (1 - y) : 1) * (dimension > 2 ? z * (1 - z) : 1));
  const at = ({ end }, out) => {
    const factor = sin(2 * PI * end);
    for (let j = 0; j < out.length; j++) out[j] = factor * wave[j] + end * hill[j];
  };
  return heatProblem({
    ...{ space, time: uniformTimeGrid(1, steps), initialState: wave, target: { at }, regularization: 1e-4, spatialSolver },
    diffusivity: variable ? (x, y) => 1 + 0.5 * sin(2 * PI * x) * (dimension > 1 ? sin(2 * PI * y) : 1) : 1,
  });
}

/** How the iterations of a solve are set up, and what they are divided by. */
const METHODS = {
  reduced: () => ({ formulation: reducedFormulation }),
  matching: (factor) => ({ formulation: schurFormulation, preconditioner: (d) => matching(d, factor) }),
  subdomains: (factor) => ({
    formulation: schurFormulation,
    preconditioner: (d) => twoLevel(d, { combination: "additive", factor }),
    decomposition: { subdomains: SUBDOMAINS, overlap: 1 },
  }),
  windows: () => ({
    formulation: schurFormulation,
    preconditioner: (d) => overlappingMatching(d, "stationary"),
    decomposition: { subdomains: SUBDOMAINS, overlap: 1 },
  }),
  frequencies: () => ({
    formulation: frequencySchurFormulation,
    preconditioner: (d) => frequencyBlocks(d, "shared"),
    decomposition: { subdomains: SUBDOMAINS, overlap: 0 },
  }),
  fullSpace: (factor) => ({
    formulation: fullSpaceFormulation,
    method: (system) => fgmres(system, { restart: 30 }),
    maxIterations: LONG_ITERATIONS,
    preconditioner: (d) => kktBlockElimination(d, twoLevel(d, { combination: "restricted", factor })),
    decomposition: { subdomains: SUBDOMAINS, overlap: 1 },
  }),
};
const singleSweeps = ({ operator }) => ({ sweepIntegrator: backwardEuler({ operator, solver: choleskySolver(operator, { precision: "single" }) }) });
const ITERATIONS = 5;
/** Of FGMRES, whose iterations grow. */
const LONG_ITERATIONS = 15;
const SOLVES = 3;

/** CPU seconds of the set-up (all that `build` does, too), of one iteration, and of the rest of a solve: the least of some solves. */
function timedSolve(create, build) {
  const built = cpuSeconds();
  const { problem, options } = build();
  const marks = [];
  const { maxIterations = ITERATIONS } = options;
  const criteria = { relativeTolerance: 1e-15, maxIterations, observer: () => void marks.push(cpuSeconds()) };
  const solver = create(problem, { method: cg, criteria, ...options });
  const setUp = cpuSeconds() - built;
  const solves = Array.from({ length: SOLVES }, () => {
    marks.length = 0;
    const total = cpuTimeOf(() => solver.solve());
    const passed = marks.slice(1).map((mark, k) => mark - marks[k]);
    const half = Math.floor(passed.length / 2);
    const growth = (median(passed.slice(-half)) - median(passed.slice(0, half))) / (passed.length - half);
    return { iteration: median(passed), rest: total - (marks.at(-1) - marks[0]), growth };
  });
  solver.dispose();
  const least = (part) => Math.min(...solves.map((solve) => solve[part]));
  return { setUp, iteration: least("iteration"), rest: least("rest"), growth: least("growth") };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

function cpuTimeOf(work) {
  const started = cpuSeconds();
  work();
  return cpuSeconds() - started;
}

/** Nanoseconds an entry, rounded to three digits. */
const perEntry = (seconds, entries) => Number(((1e9 * seconds) / entries).toPrecision(3));
const missing = [];

/** `work()`, or nothing with a note where it throws. */
function attempt(name, work) {
  try {
    return work();
  } catch (error) {
    missing.push(`${name}: ${error.message.split("\n")[0]}`);
    return undefined;
  }
}

/** Curves { path: [[points, nanoseconds], …] }, as they are measured. */
const curves = new Map();
function record(path, points, nanoseconds) {
  if (nanoseconds === undefined || !(nanoseconds > 0)) return;
  const cost = Number(nanoseconds.toPrecision(3));
  curves.set(path, [...(curves.get(path) ?? []), [points, cost]]);
  say(`${path.padEnd(46)} ${String(points).padStart(8)} ${cost}`);
}

/** Overlap makes the sweeps of an iteration longer; the curves are without it: on both sides of every subdomain, or before every window but the first. */
const withoutOverlap = (nanoseconds, steps, extra = 2 * SUBDOMAINS) => Number((nanoseconds / (1 + extra / steps)).toPrecision(3));
const WINDOW_OVERLAP = SUBDOMAINS - 1;

/** The curves of one exact spatial solver: reduced, and schur with one and with eight lanes. */
function measureExact(path, { create, sizes, dimension, variable, spatialSolver, factor, entries }) {
  for (const n of sizes) {
    const size = n ** dimension;
    const steps = stepsFor(size, entries);
    const build = (method) => () => ({ problem: problemOf({ n, dimension, steps, variable, spatialSolver }), options: METHODS[method](factor) });
    const timed = (method) => attempt(`${path} ${method} ${n}`, () => timedSolve(create, build(method)));
    const cost = (measured, part) => measured && perEntry(measured[part], size * steps);
    const reduced = timed("reduced");
    record(`${path}.reduced.iteration`, size, cost(reduced, "iteration"));
    record(`${path}.reduced.rest`, size, cost(reduced, "rest"));
    const one = timed("matching");
    record(`${path}.schur.iteration.one`, size, cost(one, "iteration"));
    record(`${path}.schur.rest`, size, cost(one, "rest"));
    const eight = timed("subdomains");
    record(`${path}.schur.iteration.eight`, size, eight && withoutOverlap(cost(eight, "iteration"), steps));
    const windows = timed("windows");
    record(`${path}.schur.windows`, size, windows && withoutOverlap(cost(windows, "iteration"), steps, WINDOW_OVERLAP));
    if (factor !== "dyadic") continue;
    const single = attempt(`${path} single windows ${n}`, () => timedSolve(create, () => withSingleSweeps(build("windows")())));
    record(`${path}.singleWindows`, size, single && withoutOverlap(cost(single, "iteration"), steps, WINDOW_OVERLAP));
    measureFactors(path, { n, dimension, steps, setUp: one?.setUp });
  }
}

const withSingleSweeps = ({ problem, options }) => ({ problem, options: { ...options, ...singleSweeps(problem) } });

/** What the KKT matrix and frequencies take beside solves on S that are as large, with Cholesky in 2-D; after those. */
function measureOtherFormulations({ sizes, entries }) {
  for (const n of sizes) {
    const size = n * n;
    const steps = stepsFor(size, entries);
    const problem = () => problemOf({ n, dimension: 2, steps, variable: true, spatialSolver: choleskySolver });
    const timed = (method) => attempt(`${method} ${n}`, () => timedSolve(optimalControlSolver, () => ({ problem: problem(), options: METHODS[method]("dyadic") })));
    const known = (part) => curves.get(`grids.2.cholesky.schur.${part}`)?.find(([points]) => points === size)?.[1];
    const frequencies = timed("frequencies");
    record("frequencies.iteration", size, frequencies && perEntry(frequencies.iteration, size * steps));
    record("frequencies.transforms", size, frequencies && (perEntry(frequencies.rest, size * steps) - known("rest")) / Math.log2(2 * steps));
    const whole = timed("fullSpace");
    if (whole === undefined) continue;
    const column = Math.max(0.1, perEntry(whole.growth, size * steps));
    record("fullSpace.column", size, column);
    record("fullSpace.iteration", size, perEntry(whole.iteration, size * steps) - withOverlap(known("iteration.eight"), steps) - ((LONG_ITERATIONS + 1) / 2) * column);
  }
}

const withOverlap = (nanoseconds, steps) => nanoseconds * (1 + (2 * SUBDOMAINS) / steps);

/** Analysis alone, and what is left of the set-up for each of the ⌊log₂ N⌋ + 2 shifts of matching. */
function measureFactors(path, { n, dimension, steps, setUp }) {
  if (setUp === undefined) return;
  const size = n ** dimension;
  const { operator } = problemOf({ n, dimension, steps, variable: true, spatialSolver: fakeSolver });
  const analysis = cpuTimeOf(() => choleskySolver(operator));
  record(`${path}.analysis`, size, perEntry(analysis, size));
  record(`${path}.factor`, size, perEntry((setUp - analysis) / (Math.floor(Math.log2(steps)) + 2), size));
}

/** In place of a solver that is not used. */
const fakeSolver = () => ({ name: "diagonal", factors: false, exact: true, storage: 0, shifted: () => ({ solve() {} }) });

/** Iterations with one and two V-cycles a solve in either precision, and what needs solves to rounding. */
function measureMultigrid(path, { sizes, dimension, entries }) {
  for (const n of sizes) {
    const size = n ** dimension;
    const steps = stepsFor(size, entries);
    const build = (method, inexact) => () => {
      const problem = problemOf({ n, dimension, steps, variable: true, spatialSolver: (operator) => multigridSolver(operator) });
      const sweeps = inexact && { sweepIntegrator: backwardEuler({ operator: problem.operator, solver: multigridSolver(problem.operator, inexact) }) };
      return { problem, options: { ...METHODS[method]("exact"), ...sweeps } };
    };
    const timed = (method, inexact) => attempt(`${path} ${method} ${JSON.stringify(inexact ?? {})} ${n}`, () => timedSolve(optimalControlSolver, build(method, inexact)));
    const cost = (measured, part) => measured && perEntry(measured[part], size * steps);
    const reduced = timed("reduced");
    record(`${path}.reduced.iteration`, size, cost(reduced, "iteration"));
    record(`${path}.reduced.rest`, size, cost(reduced, "rest"));
    for (const precision of ["double", "single"]) {
      for (const [lanes, method] of [["one", "matching"], ["eight", "subdomains"]]) {
        const scaled = (nanoseconds) => nanoseconds && (lanes === "one" ? nanoseconds : withoutOverlap(nanoseconds, steps));
        const [first, third] = [1, 3].map((cycles) => timed(method, { cycles, precision }));
        record(`${path}.${precision}.iteration.${lanes}`, size, scaled(cost(first, "iteration")));
        if (first && third) record(`${path}.${precision}.nextCycle.${lanes}`, size, scaled(perEntry((third.iteration - first.iteration) / 2, size * steps)));
        if (lanes === "eight") {
          const windows = timed("windows", { cycles: 1, precision });
          record(`${path}.${precision}.windows`, size, windows && withoutOverlap(cost(windows, "iteration"), steps, WINDOW_OVERLAP));
        }
        if (precision === "single" || lanes === "eight") continue;
        record(`${path}.setUp`, size, first && perEntry(first.setUp, size));
        record(`${path}.schurRest`, size, cost(first, "rest"));
      }
    }
  }
}

/** Transforms alone, and the whole direct solve. */
function measureDirect({ sizes, entries }) {
  for (const n of sizes) {
    const steps = stepsFor(n * n, entries);
    record("fastTransform", n * n, transformCost(n, steps));
    const problem = problemOf({ n, dimension: 2, steps, variable: false, spatialSolver: fastDiagonalizationSolver });
    const times = Array.from({ length: SOLVES }, () => cpuTimeOf(() => solveDirect(problem, { relativeTolerance: 1e-8 })));
    record("direct", n * n, perEntry(Math.min(...times), n * n * steps));
  }
  for (const n of [20, 50, 100]) {
    const cost = transformCost(n, 256);
    record("denseTransform", n, cost && Number((cost / n).toPrecision(3)));
  }
}

/** One axis of a transform in 2-D, an entry. */
function transformCost(n, steps) {
  return attempt(`sine transform ${n}`, () => {
    const kernels = fastestKernels(2 * n * n * steps);
    const states = kernels.allocate(n * n * steps);
    const transform = kernels.sineTransform([n, n]);
    const seconds = Math.min(...Array.from({ length: SOLVES + 1 }, () => cpuTimeOf(() => transform.apply(states))));
    kernels.dispose();
    return perEntry(seconds / 2, states.length);
  });
}

/** The first, small solve in this process: mostly the engine's own work. */
function startSeconds() {
  const problem = problemOf({ n: 15, dimension: 2, steps: 16, variable: false, spatialSolver: fastDiagonalizationSolver });
  const seconds = cpuTimeOf(() => sineBasisSolver(problem, { method: cg, criteria: {}, ...METHODS.matching("exact") }).solve());
  return Number(seconds.toPrecision(2));
}

/** The table as an object of the type SolveCosts; what is missing is taken from the table in use. */
function table(start) {
  const curve = (path, known) => {
    if (curves.has(path)) return curves.get(path);
    missing.push(`${path}: kept from ${measuredCosts.machine}, ${measuredCosts.date}`);
    return known;
  };
  const filled = (known, path) => {
    if (Array.isArray(known) && Array.isArray(known[0]) && typeof known[0][0] === "number") return curve(path, known);
    return Object.fromEntries(Object.entries(known).map(([key, value]) => [key, filled(value, path ? `${path}.${key}` : key)]));
  };
  const { direct, fastTransform, denseTransform, modes, fullSpace, frequencies, grids } = measuredCosts;
  const measured = filled({ fastTransform, denseTransform, direct, modes, fullSpace, frequencies }, "");
  return {
    machine: `${cpus()[0]?.model.trim() ?? "unknown"}, Node.js ${process.versions.node}`,
    date: new Date().toISOString().slice(0, 10),
    start,
    ...measured,
    grids: grids.map((grid, axis) => filled(grid, `grids.${axis + 1}`)),
  };
}

/** Objects over several lines, curves on one. */
function literal(value, indent = "") {
  if (Array.isArray(value) && Array.isArray(value[0])) return `[${value.map(([x, y]) => `[${x}, ${y}]`).join(", ")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  const inner = `${indent}  `;
  const lines = Object.entries(value).map(([key, part]) => `${inner}${Array.isArray(value) ? "" : `${key}: `}${literal(part, inner)},`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return `${open}\n${lines.join("\n")}\n${indent}${close}`;
}

function measureAll({ modes, grids }) {
  measureDirect(modes);
  measureExact("modes", { ...modes, create: sineBasisSolver, dimension: 2, variable: false, spatialSolver: fastDiagonalizationSolver, factor: "exact" });
  grids.sizes.forEach((sizes, axis) => {
    const on = { sizes, dimension: axis + 1, entries: grids.entries };
    measureExact(`grids.${axis + 1}.cholesky`, { ...on, create: optimalControlSolver, variable: true, spatialSolver: choleskySolver, factor: "dyadic" });
    if (axis > 0) measureMultigrid(`grids.${axis + 1}.multigrid`, on);
    if (axis === 1) measureOtherFormulations(on);
  });
}

/** Everything once, small, so that the engine has compiled it before it is measured; nothing is kept. */
function warmUp() {
  silent = true;
  measureAll(PLANS.warmUp);
  curves.clear();
  missing.length = 0;
  silent = false;
}

const start = startSeconds();
warmUp();
measureAll(process.argv.includes("--quick") ? PLANS.quick : PLANS.full);
const costs = table(start);
missing.forEach((line) => say(`missing: ${line}`));
const source = `import type { SolveCosts } from "./solve-costs.js";

/** What solves cost on the machine named in it, written by bench/calibrate.mjs. */
export const measuredCosts: SolveCosts = ${literal(costs)};
`;
if (process.argv.includes("--print")) console.log(source);
else writeFileSync(new URL("../packages/precond/src/planner/measured-costs.ts", import.meta.url), source);
