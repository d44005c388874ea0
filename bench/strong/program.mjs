import { backwardEuler, cg, choleskySolver, optimalControlSolver, schurFormulation } from "@parakkt/core";
import { matching, overlappingMatching, twoLevel } from "@parakkt/precond";
import { readFileSync } from "node:fs";
import { referenceProblem } from "../problems.mjs";

/** Of conjugate gradients on S. */
const preconditioners = {
  matching: (d) => matching(d, "dyadic"),
  windows: (d) => overlappingMatching(d, "stationary"),
  "two-level": (d) => twoLevel(d, { combination: "additive", factor: "dyadic" }),
};

/**
 * One solve of the reference problem with smooth variable ν to a relative KKT residual of 10⁻⁸, Cholesky in space. On every rank: wall seconds from a barrier to a barrier
 * of set-up and of everything after it, and the seconds that this rank's thread ran.
 */
export const rankProgram = (communicator, { n, steps, omega, name, subdomains = 1, overlap = 0, precision = "double" }) => {
  const problem = referenceProblem({ n, steps, omega, diffusivity: "smooth", spatialSolver: choleskySolver });
  const sweeps = precision === "single" ? { sweepIntegrator: backwardEuler({ operator: problem.operator, solver: choleskySolver(problem.operator, { precision }) }) } : {};
  communicator.barrier();
  const started = now();
  const solver = optimalControlSolver(problem, { formulation: schurFormulation, method: cg, preconditioner: preconditioners[name], ...sweeps, criteria: { relativeTolerance: 1e-8 }, decomposition: { subdomains, overlap }, communicator });
  communicator.barrier();
  const ready = now();
  const { reason, iterations, relativeResidual, counts } = solver.solve();
  communicator.barrier();
  const done = now();
  if (reason.kind !== "converged") throw new Error(`${name} says ${JSON.stringify(reason)}`);
  return { setUp: ready.wall - started.wall, solve: done.wall - ready.wall, cpuSetUp: ready.cpu - started.cpu, cpuSolve: done.cpu - ready.cpu, iterations, relativeResidual, spatialSolves: counts.spatialSolves };
};

/** The clock, and the seconds that the calling thread has run (Linux; otherwise 0). */
function now() {
  return { wall: performance.now() / 1e3, cpu: threadSeconds() };
}

function threadSeconds() {
  try {
    return Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[0]) / 1e9;
  } catch {
    return 0;
  }
}
