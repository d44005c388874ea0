import type { TimeIntegrator } from "../integrators/time-integrator.js";
import type { LaneIntegrator } from "../integrators/lane-integrator.js";
import type { Arena } from "../linalg/arena.js";
import type { LinearOperator } from "../linalg/linear-operator.js";
import type { VectorSpace } from "../linalg/vector-space.js";
import type { Communicator } from "../parallel/communicator.js";
import type { TimePartition } from "../time/time-partition.js";
import { timeSlices, type TimeSlices } from "../time/time-slices.js";
import { laneJacobian } from "./lane-jacobian.js";
import { controlOperator } from "./control-operator.js";
import { spaceTimeLayout, type SpaceTimeLayout } from "./space-time-layout.js";
import { spaceTimeSpace } from "./space-time-space.js";
import { stateJacobian } from "./state-jacobian.js";
import { stepWeights, type StepWeights } from "./step-weights.js";

/** What a space-time discretization is made from: an integrator on a partitioned time grid. */
export interface SpaceTimeIngredients {
  readonly integrator: TimeIntegrator;
  readonly partition: TimePartition;
  /** ω */
  readonly regularization: number;
  readonly communicator: Communicator;
  /** Which rank holds which steps; by default `timeSlices` of the partition. */
  readonly slices?: TimeSlices | undefined;
  readonly arena: Arena;
  /** The integrator on blocks of lanes; then all vectors come from `arena`, which is that of its kernels. */
  readonly lanes?: LaneIntegrator | undefined;
  /** The same scheme with inexact spatial solves, for estimates. */
  readonly inexact?: { readonly integrator: TimeIntegrator; readonly lanes?: LaneIntegrator | undefined } | undefined;
}

/**
 * The blocks that the KKT matrix (KKT.1) and its Schur complement are made of, on one time grid and one rank's share of it.
 * Coarse levels are discretizations like the finest one, with larger steps.
 */
export interface SpaceTimeDiscretization extends SpaceTimeIngredients {
  readonly stateLayout: SpaceTimeLayout;
  readonly controlLayout: SpaceTimeLayout;
  readonly stateSpace: VectorSpace;
  readonly controlSpace: VectorSpace;
  /** J */
  readonly jacobian: LinearOperator;
  /** B */
  readonly control: LinearOperator;
  /** W on states */
  readonly stateWeights: StepWeights;
  /** W on controls */
  readonly controlWeights: StepWeights;
}

export function spaceTimeDiscretization(ingredients: SpaceTimeIngredients): SpaceTimeDiscretization {
  const { integrator, partition, communicator, arena, lanes } = ingredients;
  const place = { rank: communicator.rank, slices: ingredients.slices ?? timeSlices(partition, communicator.size) };
  const stateLayout = spaceTimeLayout(partition, integrator.stateSize, place);
  const controlLayout = spaceTimeLayout(partition, integrator.controlSize, place);
  return {
    ...ingredients,
    stateLayout,
    controlLayout,
    stateSpace: spaceTimeSpace([stateLayout], communicator, lanes?.vectors),
    controlSpace: spaceTimeSpace([controlLayout], communicator, lanes?.vectors),
    jacobian: lanes ? laneJacobian(lanes, stateLayout, communicator, arena) : stateJacobian(integrator, stateLayout, communicator, arena),
    control: controlOperator(integrator, { state: stateLayout, control: controlLayout }, arena),
    stateWeights: stepWeights(stateLayout),
    controlWeights: stepWeights(controlLayout),
  };
}
