import { requireArgument } from "../errors.js";
import { backwardEuler } from "../integrators/backward-euler.js";
import type { BoxGrid, PointFunction } from "../space/box-grid.js";
import { diffusionOperator, type Diffusivity } from "../space/diffusion-operator.js";
import type { SpatialOperator } from "../space/spatial-operator.js";
import type { SpatialSolver } from "../space/spatial-solver.js";
import type { TimeGrid } from "../time/time-grid.js";
import type { TimeStep } from "../time/time-step.js";
import type { OptimalControlProblem } from "./optimal-control-problem.js";

/** A field in space: a function of the coordinates, or its values at the interior points (x fastest). */
export type SpaceField = PointFunction | Float64Array;

/** A field in space and time: a function of the coordinates and t, or a procedure that writes its values at the end of a step. */
export type SpaceTimeField = ((x: number, y: number, z: number, t: number) => number) | { at(step: TimeStep, out: Float64Array): void };

/** min ½∫‖u−ũ‖² + (ω/2)∫‖z‖², ∂ₜu − ∇·(ν∇u) = s z + f in a box, u = 0 on its boundary (OCP.1). */
export interface HeatProblemSpecification {
  readonly space: BoxGrid;
  readonly time: TimeGrid;
  /** ν in length²/time; at all nodes, boundary included, where it is not constant. */
  readonly diffusivity: Diffusivity;
  /** f in state/time, default 0. */
  readonly source?: SpaceTimeField;
  readonly initialState: SpaceField;
  readonly target: SpaceTimeField;
  /** ω */
  readonly regularization: number;
  /** s, default 1; e.g. 1/(density · heat capacity) for a volumetric heat source. */
  readonly controlScale?: number;
  /** The spatial solver for the operator −∇·(ν∇·). */
  readonly spatialSolver: (operator: SpatialOperator) => SpatialSolver;
}

/** An optimal control problem that knows its space, as the direct solver and the output need it. */
export interface HeatProblem extends OptimalControlProblem {
  readonly space: BoxGrid;
  readonly operator: SpatialOperator;
  /** v of (OBJ.1) */
  readonly cellVolume: number;
}

/** Types do not hold in plain JavaScript, where a key that is missing would be found deep inside. */
function requireGiven(specification: HeatProblemSpecification): void {
  for (const key of ["space", "time", "diffusivity", "initialState", "target", "regularization", "spatialSolver"] as const) {
    requireArgument(specification[key] !== undefined, () => ({ what: key, where: "heatProblem", expected: "a value: only source and controlScale have defaults", got: "undefined" }));
  }
}

/** Discretises the heat control problem: finite differences in space, backward Euler in time. Errors: `InvalidArgumentError`. */
export function heatProblem(specification: HeatProblemSpecification): HeatProblem {
  const { space, time, diffusivity, source, initialState, target, regularization, controlScale = 1 } = specification;
  requireGiven(specification);
  requireArgument(Number.isFinite(controlScale) && controlScale !== 0, () => ({
    what: "control scale",
    where: "heatProblem",
    expected: "a finite number other than 0",
    got: String(controlScale),
  }));
  const operator = diffusionOperator(space, diffusivity);
  const forcingField = source && evaluator(space, source);
  return {
    space,
    operator,
    grid: time,
    integrator: backwardEuler({ operator, solver: specification.spatialSolver(operator), controlScale }),
    regularization,
    cellVolume: space.cellVolume,
    initialState: typeof initialState === "function" ? space.evaluate(initialState) : initialState,
    target: evaluator(space, target),
    ...(forcingField && { forcing: timesStepSize(forcingField) }),
  };
}

type StepField = (step: TimeStep, out: Float64Array) => void;

function evaluator(space: BoxGrid, field: SpaceTimeField): StepField {
  if (typeof field !== "function") return (step, out) => field.at(step, out);
  return ({ end }, out) => void space.evaluate((x, y, z) => field(x, y, z, end), out);
}

/** fₙ = τₙ f(·, tₙ) (STEP.1) */
function timesStepSize(field: StepField): StepField {
  return (step, out) => {
    field(step, out);
    for (let j = 0; j < out.length; j++) out[j] *= step.size;
  };
}
