import { certify, fastDiagonalizationSolver, serialCommunicator, solveDirect } from "@parakkt/core";
import { kernels } from "@parakkt/kernels";
import { modalSolver } from "../../packages/core/dist/kkt/direct-modal-solver.js";
import { stepwiseData } from "../../packages/core/dist/kkt/stepwise-data.js";
import { peakBytes } from "../peak-memory.mjs";
import { phaseLedger } from "../phases.mjs";
import { referenceProblem } from "../problems.mjs";
import { median } from "../statistics.mjs";
import { directTraffic } from "../traffic.mjs";

/**
 * `solveDirect` in a fresh process, whose peak memory is that of the run, then `repetitions` solves with everything in place: what the peer times.
 *
 * Metrics: `cpu`, `wall` of a repeated solve; `wholeCpu`, `wholeWall` of the first one with set-up and certificate and without the evaluation of
 * the data, `dataCpu`; `peakBytes`; `nanosecondsPerState`.
 */
export function run({ repetitions, ...sizes }) {
  const whole = phaseLedger();
  const solution = whole.run("whole", () => solveDirect(problemOf(sizes, whole), { relativeTolerance: 1e-10 }));
  const peak = peakBytes();
  if (solution.reason.kind !== "converged") throw new Error(`the direct solver says ${JSON.stringify(solution.reason)}`);
  const ledger = phaseLedger();
  const problem = problemOf(sizes, ledger);
  ledger.run("certificate", () => certify(problem, solution, serialCommunicator()));
  const repeated = repeatedSolves(problem, ledger, repetitions);
  const states = solution.state.layout.length;
  return {
    metrics: {
      ...repeated.metrics,
      ...{ wholeCpu: whole.total("cpu", { without: ["data"] }), wholeWall: whole.total("wall", { without: ["data"] }), dataCpu: whole.seconds().data },
      ...{ peakBytes: peak, nanosecondsPerState: (1e9 * repeated.metrics.cpu) / states },
    },
    phases: repeated.phases,
    traffic: directTraffic(states),
    details: { ...sizes, states, objective: solution.objective.total, relativeResidual: solution.relativeResidual, storageDoubles: repeated.storage },
  };
}

const problemOf = (sizes, ledger) => referenceProblem({ ...sizes, spatialSolver: fastDiagonalizationSolver }, (evaluate) => ledger.timed("data", evaluate));

/** Phases are per solve: data are evaluated once for it and once more for the certificate. */
function repeatedSolves(problem, ledger, repetitions) {
  const solver = ledger.run("set-up", () => modalSolver(problem, 1, { kernels: timedKernels(problem, ledger) }));
  const data = stepwiseData(problem);
  const beforehand = ledger.seconds();
  const times = Array.from({ length: repetitions }, () => {
    ledger.run("data", () => solver.load(data));
    const clock = phaseLedger();
    clock.run("solve", () => solver.solve());
    return { cpu: clock.total("cpu"), wall: clock.total("wall") };
  });
  const inKernels = Object.entries(ledger.seconds()).map(([phase, seconds]) => {
    const before = beforehand[phase] ?? 0;
    return [phase, before + (seconds - before) / repetitions];
  });
  return {
    metrics: { cpu: median(times.map(({ cpu }) => cpu)), wall: median(times.map(({ wall }) => wall)) },
    phases: Object.fromEntries(inKernels),
    storage: solver.storage,
  };
}

/** Kernels whose transforms and solves charge their time: the first transform that is made leads to the modes, the second one back. */
function timedKernels({ space, grid }, ledger) {
  const made = kernels(2 * space.size * grid.steps + 8 * space.size + 2 ** 22);
  const phases = ["forward transform", "backward transforms"];
  return Object.create(Object.getPrototypeOf(made), {
    ...Object.getOwnPropertyDescriptors(made),
    sineTransform: { value: (points) => ledger.timedMethods(made.sineTransform(points), { apply: phases.shift() }) },
    modalControl: { value: (problem) => ledger.timedMethods(made.modalControl(problem), { solve: "solve in time" }) },
  });
}
