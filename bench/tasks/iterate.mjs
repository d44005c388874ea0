import {
  backwardEuler,
  cg,
  choleskySolver,
  fastDiagonalizationSolver,
  multigridSolver,
  optimalControlSolver,
  reducedFormulation,
  schurFormulation,
  sineBasisSolver,
} from "@parakkt/core";
import { overlappingMatching } from "@parakkt/precond";
import { peakBytes } from "../peak-memory.mjs";
import { phaseLedger } from "../phases.mjs";
import { referenceProblem } from "../problems.mjs";
import { iterationTraffic } from "../traffic.mjs";

const formulations = { schur: schurFormulation, reduced: reducedFormulation };
const exactSolvers = { "sine-basis": fastDiagonalizationSolver, cholesky: choleskySolver, multigrid: choleskySolver };

/** What the preconditioner's sweeps solve with; Cholesky and the sine basis solve everything alike unless single precision is asked for. */
const sweepSolvers = {
  cholesky: (operator, { precision }) => (precision === "single" ? choleskySolver(operator, { precision }) : undefined),
  multigrid: (operator, { cycles = 1, precision }) => multigridSolver(operator, { cycles, precision }),
  "sine-basis": () => undefined,
};

/**
 * One solve by conjugate gradients to a relative KKT residual of 10⁻⁸ in a fresh process: `schur` with matching on the whole interval,
 * `reduced` without preconditioner.
 *
 * Metrics: `cpu`, `wall` of set-up, iteration, recovery and certificate, without the evaluation of the data; `dataCpu`; `peakBytes`;
 * `nanosecondsPerState`.
 */
export function run({ formulation, spatialSolver, factor = "exact", precision = "double", cycles, subdomains = 1, overlap = 0, ...sizes }) {
  const ledger = phaseLedger();
  const watch = (evaluate) => ledger.timed("data", evaluate);
  const problem = ledger.run("set-up", () => referenceProblem({ ...sizes, spatialSolver: exactSolvers[spatialSolver] }, watch));
  const create = spatialSolver === "sine-basis" ? sineBasisSolver : optimalControlSolver;
  const solver = ledger.run("set-up", () => create(problem, { ...timedOptions(formulation, factor, ledger), decomposition: { subdomains, overlap }, series: 10, ...sweepsOf(problem, sweepSolvers[spatialSolver], { precision, cycles }) }));
  const solution = ledger.run("certificate", () => solver.solve());
  const peak = peakBytes();
  if (solution.reason.kind !== "converged") throw new Error(`${formulation} says ${JSON.stringify(solution.reason)}`);
  const states = solution.state.layout.length;
  const { iterations, counts, relativeResidual, objective } = solution;
  const cpu = ledger.total("cpu", { without: ["data"] });
  return {
    metrics: {
      ...{ cpu, wall: ledger.total("wall", { without: ["data"] }), dataCpu: ledger.seconds().data },
      ...{ peakBytes: peak, nanosecondsPerState: (1e9 * cpu) / states, nanosecondsPerStateAndIteration: (1e9 * cpu) / (states * iterations) },
    },
    phases: ledger.seconds(),
    traffic: iterationTraffic(spatialSolver === "sine-basis" && formulation === "schur" ? "fused" : formulation, states, { iterations, ...counts }),
    details: { ...sizes, spatialSolver, precision, states, iterations, objective: objective.total, relativeResidual, counts },
  };
}

/** The phases of an iteration: what of the method is neither operator nor preconditioner is vector operations; fused, everything is. */
function timedOptions(formulation, factor, ledger) {
  const preconditioner = (discretization) => overlappingMatching(discretization, factor);
  const timedOperator = (operator) => ledger.timedMethods(operator, { apply: "operator", applyTranspose: "operator", applyInnerProduct: "operator" });
  return {
    formulation: (discretization, problem) => {
      const phases = { defect: "recovery", complete: "recovery", reset: "recovery", relativeResidual: "recovery" };
      const made = ledger.timedMethods(formulations[formulation](discretization, problem), phases);
      Object.defineProperty(made, "operator", { value: timedOperator(made.operator), enumerable: true });
      return made;
    },
    method: (system) => ledger.timedMethods(cg(system), { solve: "vectors" }),
    criteria: { relativeTolerance: 1e-8 },
    ...(formulation === "schur" && {
      preconditioner: (discretization) => timedPreconditioner(preconditioner(discretization), ledger),
    }),
  };
}

/** In halves it updates the iterate and the direction as well. */
function timedPreconditioner(preconditioner, ledger) {
  const timed = ledger.timedMethods(preconditioner, { apply: "preconditioner", applyInnerProduct: "preconditioner" });
  const { halves } = preconditioner;
  if (halves) Object.defineProperty(timed, "halves", { value: ledger.timedMethods(halves, { begin: "preconditioner", finish: "preconditioner" }), enumerable: true });
  return timed;
}

function sweepsOf({ operator }, create, options) {
  const solver = create(operator, options);
  return solver ? { sweepIntegrator: backwardEuler({ operator, solver }) } : {};
}
