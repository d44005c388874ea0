import { serialCommunicator } from "../parallel/serial-communicator.js";
import type { HeatProblem } from "../problem/heat-problem.js";
import { sineBasisProblem } from "../problem/sine-basis-problem.js";
import type { SineTransform } from "../space/sine-transform.js";
import { timePartition } from "../time/time-partition.js";
import { spaceTimeLayout } from "../space-time/space-time-layout.js";
import { readStep, writeStep, zeroSpaceTimeVector, type SpaceTimeVector } from "../space-time/space-time-vector.js";
import { defaultStoppingCriteria } from "../krylov/stopping-criteria.js";
import { certify } from "./certificate.js";
import { optimalControlSolver, type OptimalControlSolution, type OptimalControlSolver, type SolveOptions } from "./solve-optimal-control.js";

/**
 * A solver for a heat problem with constant diffusivity that iterates in the basis of sine modes, where each spatial solve is a division:
 * data are transformed once on the way in, state, control and adjoint once on the way out. Same mathematics and counts as iterating
 * on the grid, at a fraction of the cost. The relative residual is recomputed at the grid points with the stencil (KKT.2).
 *
 * Storage: that of `optimalControlSolver` and one state series, the target at the grid points.
 * Errors: `InvalidArgumentError` for a variable diffusivity.
 */
export function sineBasisSolver(problem: HeatProblem, options: SolveOptions): OptimalControlSolver {
  const basis = sineBasisProblem(problem);
  const solver = optimalControlSolver(basis.problem, options);
  const target = targetAtGridPoints(problem, options);
  return {
    solve() {
      const solution = solver.solve();
      for (const vector of [solution.state, solution.control, solution.adjoint]) transformSteps(vector, basis.transform);
      const { relativeResidual, objective } = certify(problem, solution, options.communicator ?? serialCommunicator());
      return { ...solution, target, objective, relativeResidual, reason: judge(solution, relativeResidual, options.criteria?.relativeTolerance ?? defaultStoppingCriteria.relativeTolerance) };
    },
    get storage() {
      return solver.storage + target.data.length;
    },
    dispose: () => solver.dispose(),
  };
}

/** The transform adds no more than rounding; a tolerance that is lost by it was not attainable. */
function judge({ reason, relativeResidual }: OptimalControlSolution, atGridPoints: number, tolerance: number): OptimalControlSolution["reason"] {
  const lost = reason.kind === "converged" && atGridPoints > Math.max(tolerance, 2 * relativeResidual);
  return lost ? { kind: "stopped", by: "attainable-accuracy" } : reason;
}

function transformSteps(vector: SpaceTimeVector, transform: SineTransform): void {
  const state = new Float64Array(transform.size);
  const { first, last } = vector.layout.steps;
  for (let n = first; n <= last; n++) {
    readStep(vector, n, state);
    transform.apply(state, state);
    writeStep(vector, n, state);
  }
}

function targetAtGridPoints(problem: HeatProblem, { decomposition, communicator = serialCommunicator() }: SolveOptions): SpaceTimeVector {
  const { subdomains, overlap } = decomposition ?? { subdomains: 1, overlap: 0 };
  const place = { rank: communicator.rank, ranks: communicator.size };
  const target = zeroSpaceTimeVector(spaceTimeLayout(timePartition(problem.grid, subdomains, overlap), problem.space.size, place));
  const state = new Float64Array(problem.space.size);
  const { first, last } = target.layout.steps;
  for (let n = first; n <= last; n++) {
    problem.target(problem.grid.step(n), state);
    writeStep(target, n, state);
  }
  return target;
}
