import { kernels, type Kernels } from "@parakkt/kernels";
import type { HeatProblem } from "../problem/heat-problem.js";
import { reversedAxes } from "../problem/sine-basis-problem.js";
import { laplacianEigenvalues } from "../space/sine-transform.js";
import { spaceTimeLayout } from "../space-time/space-time-layout.js";
import { writeStep, type SpaceTimeVector } from "../space-time/space-time-vector.js";
import { timePartition } from "../time/time-partition.js";
import type { StepwiseData } from "./stepwise-data.js";

/** The transforms and the solve in time without the evaluation and the judging: everything is allocated once. */
export interface ModalSolver {
  /** ũ before `solve`, u after it; [step][dof]. */
  readonly state: SpaceTimeVector;
  /** b before `solve` (its first step alone when only that is not zero), z after it. */
  readonly control: SpaceTimeVector;
  /** Doubles held: two fields, one work state (two in 3-D), the eigenvalues, and work space of the kernels. */
  readonly storage: number;
  /** state ← ũ, control ← b */
  load(data: StepwiseData): void;
  /** u and z from ũ and b, in place. */
  solve(): void;
}

/** The solver of a heat problem with the given constant ν; `on`: the kernels to run on, by default the fastest ones that hold it. */
export function modalSolver(problem: HeatProblem, diffusivity: number, on?: Kernels): ModalSolver {
  const { space, grid, integrator, regularization } = problem;
  const layout = spaceTimeLayout(timePartition(grid, 1, 0), space.size);
  const made = on ?? kernels(2 * layout.length + 8 * space.size + WORK_DOUBLES);
  const state = { layout, data: made.allocate(layout.length) };
  const control = { layout, data: made.allocate(layout.length) };
  const sources = problem.forcing ? "all" : "first";
  const forward = made.sineTransform(space.points);
  const backward = made.sineTransform([...space.points].reverse());
  const modal = made.modalControl({
    eigenvalues: laplacianEigenvalues(reversedAxes(space), diffusivity),
    sizes: Float64Array.from({ length: grid.steps }, (_, k) => grid.step(k + 1).size),
    controlScale: integrator.controlScale,
    regularization,
    sources,
    scale: forward.scale,
  });
  return {
    state,
    control,
    get storage() {
      return made.allocatedDoubles;
    },
    load: (data) => loadData({ state, control }, data),
    solve() {
      forward.apply(state.data);
      forward.apply(sources === "all" ? control.data : control.data.subarray(0, space.size));
      modal.solve(state.data, control.data);
      backward.apply(state.data);
      backward.apply(control.data);
    },
  };
}

/** Room for what the kernels allocate besides states. */
const WORK_DOUBLES = 2 ** 22;

function loadData({ state, control }: { state: SpaceTimeVector; control: SpaceTimeVector }, data: StepwiseData): void {
  const { grid } = state.layout.partition;
  const values = new Float64Array(state.layout.dofs);
  for (let n = 1; n <= grid.steps; n++) {
    data.target(grid.step(n), values);
    writeStep(state, n, values);
    if (n > 1 && data.sources === "first") continue;
    data.source(grid.step(n), values);
    writeStep(control, n, values);
  }
}
