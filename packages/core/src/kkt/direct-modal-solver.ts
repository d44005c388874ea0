import { kernels, type Kernels, type ModalControlKernel } from "@parakkt/kernels";
import type { Communicator } from "../parallel/communicator.js";
import { serialCommunicator } from "../parallel/serial-communicator.js";
import type { HeatProblem } from "../problem/heat-problem.js";
import { reversedAxes } from "../problem/sine-basis-problem.js";
import { laplacianEigenvalues } from "../space/sine-transform.js";
import { dofTranspose, type DofSlice } from "../space-time/dof-transpose.js";
import { spaceTimeLayout, type SpaceTimeLayout } from "../space-time/space-time-layout.js";
import { writeStep, type SpaceTimeVector } from "../space-time/space-time-vector.js";
import { timePartition } from "../time/time-partition.js";
import { timeSlices } from "../time/time-slices.js";
import type { StepwiseData } from "./stepwise-data.js";

/** The transforms and the solve in time without the evaluation and the judging: everything is allocated once. */
export interface ModalSolver {
  /** ũ before `solve`, u after it; [step][dof] of this rank's steps. */
  readonly state: SpaceTimeVector;
  /** b before `solve` (its first step alone when only that is not zero), z after it. */
  readonly control: SpaceTimeVector;
  /** Doubles held on this rank: two fields, one work state (two in 3-D), the eigenvalues, and work space of the kernels; on several ranks three fields more. */
  readonly storage: number;
  /** state ← ũ, control ← b */
  load(data: StepwiseData): void;
  /** u and z from ũ and b, in place. */
  solve(): void;
}

/** Where a modal solver runs. */
export interface ModalSolverPlace {
  /** By default the fastest ones that hold it. */
  readonly kernels?: Kernels | undefined;
  readonly communicator?: Communicator;
}

/** The solver of a heat problem with the given constant ν. Several ranks transpose between steps and modes: four all-to-alls. */
export function modalSolver(problem: HeatProblem, diffusivity: number, { kernels: given, communicator = serialCommunicator() }: ModalSolverPlace = {}): ModalSolver {
  const { space, grid } = problem;
  const partition = timePartition(grid, 1, 0);
  const layout = spaceTimeLayout(partition, space.size, { rank: communicator.rank, slices: timeSlices(partition, communicator.size) });
  const fields = communicator.size === 1 ? 2 : 5;
  const made = given ?? kernels(fields * layout.length + (8 + grid.steps) * space.size / communicator.size + 8 * space.size + WORK_DOUBLES);
  const state = { layout, data: made.allocate(layout.length) };
  const control = { layout, data: made.allocate(layout.length) };
  const sources = problem.forcing ? "all" : "first";
  const forward = made.sineTransform(space.points);
  const backward = made.sineTransform([...space.points].reverse());
  const inTime = communicator.size === 1 ? modesHere : modesTransposed;
  const solveInTime = inTime({ problem, diffusivity, sources, scale: forward.scale, on: made }, layout, communicator);
  return {
    state,
    control,
    get storage() {
      return made.allocatedDoubles;
    },
    load: (data) => loadData({ state, control }, data),
    solve() {
      forward.apply(state.data);
      if (sources === "all") forward.apply(control.data);
      else if (layout.steps.first === 1) forward.apply(control.data.subarray(0, space.size));
      solveInTime(state.data, control.data);
      backward.apply(state.data);
      backward.apply(control.data);
    },
  };
}

/** What the solve in time of some modes is made from. */
interface ModesInTime {
  readonly problem: HeatProblem;
  readonly diffusivity: number;
  readonly sources: "first" | "all";
  readonly scale: number;
  readonly on: Kernels;
}

type SolveInTime = (state: Float64Array, control: Float64Array) => void;

/** All steps of all modes are here. */
function modesHere(parts: ModesInTime, { dofs }: SpaceTimeLayout): SolveInTime {
  return modalControl(parts, { first: 0, count: dofs }).solve;
}

/** All steps of a share of the modes come here, and go again. */
function modesTransposed(parts: ModesInTime, layout: SpaceTimeLayout, communicator: Communicator): SolveInTime {
  const { own, length, toDofs, toSteps } = dofTranspose(layout, communicator, parts.on);
  const [states, controls] = [parts.on.allocate(length), parts.on.allocate(length)];
  const modal = own.count > 0 ? modalControl(parts, own) : undefined;
  return (state, control) => {
    toDofs(state, states);
    toDofs(control, controls);
    modal?.solve(states, controls);
    toSteps(states, state);
    toSteps(controls, control);
  };
}

function modalControl({ problem, diffusivity, sources, scale, on }: ModesInTime, { first, count }: DofSlice): ModalControlKernel {
  const { space, grid, integrator, regularization } = problem;
  return on.modalControl({
    eigenvalues: laplacianEigenvalues(reversedAxes(space), diffusivity).slice(first, first + count),
    sizes: Float64Array.from({ length: grid.steps }, (_, k) => grid.step(k + 1).size),
    controlScale: integrator.controlScale,
    regularization,
    sources,
    scale,
  });
}

/** Room for what the kernels allocate besides states. */
const WORK_DOUBLES = 2 ** 22;

function loadData({ state, control }: { state: SpaceTimeVector; control: SpaceTimeVector }, data: StepwiseData): void {
  const { partition: { grid }, steps, dofs } = state.layout;
  const values = new Float64Array(dofs);
  for (let n = steps.first; n <= steps.last; n++) {
    data.target(grid.step(n), values);
    writeStep(state, n, values);
    if (n > 1 && data.sources === "first") continue;
    data.source(grid.step(n), values);
    writeStep(control, n, values);
  }
}
