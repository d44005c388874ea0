import type { Lanes } from "@parakkt/kernels";
import { serialCommunicator } from "../parallel/serial-communicator.js";
import type { HeatProblem } from "../problem/heat-problem.js";
import type { OptimalControlProblem } from "../problem/optimal-control-problem.js";
import { sineBasisProblem, type SineBasisProblem } from "../problem/sine-basis-problem.js";
import { computedVector, readStep, writeStep, type SpaceTimeVector } from "../space-time/space-time-vector.js";
import { certify, type KktCandidate } from "./certificate.js";
import { laneCertificate } from "./lane-certificate.js";
import { controlOf } from "./schur-formulation.js";
import type { Formulation } from "./formulation.js";
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
  const subdomains = options.decomposition?.subdomains ?? 1;
  const basis = sineBasisProblem(problem, kernels, ([8, 4, 2] as const).find((lanes) => lanes <= subdomains));
  const communicator = options.communicator ?? serialCommunicator();
  // One-dimensional states of one lane are transformed several at a time, so that bits would depend on who holds which of several subdomains.
  const series = candidateBasis(basis, !options.arena && (subdomains === 1 || problem.space.points.length > 1));
  const certificate: CertificateFactory = (discretization) => {
    if (!discretization.lanes) return (candidate) => certify(problem, atGridPoints(candidate, basis, problem), communicator);
    const judge = { operator: problem.operator.lanes(kernels), vectors: kernels.vectors, reaction: 0, controlScale: problem.integrator.controlScale };
    const judged = laneCertificate(problem, judge, discretization);
    return (candidate) => {
      series.toGridPoints(candidate);
      return judged(candidate);
    };
  };
  const formulation: SolveOptions["formulation"] = (discretization, ofModes) => series.ofIteration(options.formulation(discretization, ofModes));
  const solver = solverWithCertificate(basis.problem, { ...options, formulation, ...(!options.arena && { kernels }) }, certificate);
  return {
    solve() {
      const solution = solver.solve();
      series.toGridPoints(solution);
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

/**
 * The basis that a solver's candidate is in: modes while it is iterated on, grid points when it is judged and handed out. It is transformed in
 * place, once where the first judgement is the last one.
 */
function candidateBasis(basis: SineBasisProblem, inPlace: boolean) {
  let pending: (() => void) | undefined;
  const stored = ({ state, control, adjoint }: KktCandidate): SpaceTimeVector[] => [state, control, adjoint].filter((vector) => !vector.read);
  const resume = (): void => {
    pending?.();
    pending = undefined;
  };
  return {
    toGridPoints(candidate: KktCandidate): void {
      if (pending) return;
      for (const vector of stored(candidate)) transformSteps(vector, { state: basis.toGridPoints, series: inPlace && basis.seriesToGridPoints });
      pending = () => stored(candidate).forEach((vector) => transformSteps(vector, { state: basis.toModes, series: inPlace && basis.seriesToModes }));
    },
    /** The formulation, which goes back to the modes before it touches the candidate again. */
    ofIteration(formulation: Formulation): Formulation {
      return {
        ...formulation,
        resume,
        reset() {
          pending = undefined;
          formulation.reset();
        },
        defect() {
          resume();
          return formulation.defect();
        },
        complete() {
          resume();
          formulation.complete();
        },
      };
    },
  };
}

/** A transform of a state anywhere, and of blocks of lanes one behind the other in the kernels' memory. */
interface StateTransform {
  state(values: Float64Array): void;
  readonly series: false | ((blocks: Float64Array, lanes: Lanes) => void);
}

function transformSteps(vector: SpaceTimeVector, transform: StateTransform): void {
  const { layout, data } = vector;
  if (transform.series) {
    for (const { offset, rows, lanes } of layout.groups) transform.series(data.subarray(offset, offset + rows * layout.dofs * lanes), lanes);
    return;
  }
  const state = new Float64Array(layout.dofs);
  for (let n = layout.steps.first; n <= layout.steps.last; n++) {
    readStep(vector, n, state);
    transform.state(state);
    writeStep(vector, n, state);
  }
}
