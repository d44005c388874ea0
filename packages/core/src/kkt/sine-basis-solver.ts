import { serialCommunicator } from "../parallel/serial-communicator.js";
import type { HeatProblem } from "../problem/heat-problem.js";
import type { OptimalControlProblem } from "../problem/optimal-control-problem.js";
import { sineBasisProblem, type SineBasisProblem } from "../problem/sine-basis-problem.js";
import { computedVector, readStep, writeStep, type SpaceTimeVector } from "../space-time/space-time-vector.js";
import { certify, type KktCandidate } from "./certificate.js";
import { laneCertificate } from "./lane-certificate.js";
import { controlOf } from "./schur-formulation.js";
import { kernelsOfRank, solverWithCertificate, targetOf, type CertificateFactory, type OptimalControlSolver, type SolveOptions } from "./solve-optimal-control.js";

/**
 * A solver for a heat problem with constant diffusivity that iterates in the basis of sine modes, where each spatial solve is a division:
 * data are transformed on the way in, state and adjoint on the way out. Same mathematics and counts as iterating on the grid, at a
 * fraction of the cost. The relative residual (KKT.2) is measured at the grid points with the stencil.
 *
 * Storage: that of `optimalControlSolver` and a few states. Errors: `InvalidArgumentError` for a variable diffusivity.
 */
export function sineBasisSolver(problem: HeatProblem, options: SolveOptions): OptimalControlSolver {
  const kernels = options.kernels ?? kernelsOfRank(problem.grid.steps, problem.space.size, options);
  const basis = sineBasisProblem(problem, kernels);
  const communicator = options.communicator ?? serialCommunicator();
  const certificate: CertificateFactory = (discretization) => {
    if (!discretization.lanes) return (candidate) => certify(problem, atGridPoints(candidate, basis, problem), communicator);
    const judge = { operator: problem.operator.lanes(kernels), vectors: kernels.vectors, reaction: 0, controlScale: problem.integrator.controlScale };
    return laneCertificate(problem, judge, discretization, basis.blockToGridPoints);
  };
  const solver = solverWithCertificate(basis.problem, { ...options, ...(!options.arena && { kernels }) }, certificate);
  return {
    solve() {
      const solution = solver.solve();
      for (const vector of [solution.state, solution.adjoint, solution.control]) {
        if (!vector.read) transformSteps(vector, basis, !options.arena);
      }
      return { ...solution, target: targetOf(problem, solution.target.layout) };
    },
    save: solver.save,
    restore: solver.restore,
    get storage() {
      return solver.storage;
    },
    dispose: () => solver.dispose(),
  };
}

/** The problem and options that `sineBasisSolver` iterates with, for a look at its operators and preconditioner. */
export function inSineBasis(problem: HeatProblem, options: SolveOptions): { problem: OptimalControlProblem; options: SolveOptions } {
  const kernels = options.kernels ?? kernelsOfRank(problem.grid.steps, problem.space.size, options);
  return { problem: sineBasisProblem(problem, kernels).problem, options: { ...options, kernels } };
}

/** The same (u, z, λ), each step transformed when it is read. Where z is computed from λ, so it is from the transformed λ. */
function atGridPoints({ state, control, adjoint }: KktCandidate, { toGridPoints }: SineBasisProblem, problem: HeatProblem): KktCandidate {
  const transformed = (vector: SpaceTimeVector): SpaceTimeVector => {
    const held = { step: 0, values: new Float64Array(vector.layout.dofs) };
    return computedVector(vector.layout, (n, out) => {
      if (held.step !== n) {
        readStep(vector, n, held.values);
        toGridPoints(held.values);
        held.step = n;
      }
      out.set(held.values);
    });
  };
  const adjointAtPoints = transformed(adjoint);
  return { state: transformed(state), adjoint: adjointAtPoints, control: control.read ? controlOf(problem, adjointAtPoints, control.layout) : transformed(control) };
}

function transformSteps(vector: SpaceTimeVector, { toGridPoints, seriesToGridPoints }: SineBasisProblem, onKernels: boolean): void {
  const { layout, data } = vector;
  if (onKernels && layout.partition.subdomains === 1) return seriesToGridPoints(data);
  const state = new Float64Array(layout.dofs);
  for (let n = layout.steps.first; n <= layout.steps.last; n++) {
    readStep(vector, n, state);
    toGridPoints(state);
    writeStep(vector, n, state);
  }
}
