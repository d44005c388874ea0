import type { Arena } from "../linalg/arena.js";
import { genericSweep } from "./generic-sweep.js";
import type { LaneIntegrator } from "./lane-integrator.js";
import { laneSweep } from "./lane-sweep.js";
import type { Sweep, SweepLane } from "./sweep.js";
import type { TimeIntegrator } from "./time-integrator.js";

/** What a sweep is made from; `lanes`: the integrator on blocks, where there is one. */
export interface SweepIngredients {
  readonly integrator: TimeIntegrator;
  readonly lanes?: LaneIntegrator | undefined;
  readonly arena: Arena;
}

/** The fastest sweep there is for the integrator. Storage: at most four states. */
export function sweepOver({ integrator, lanes: laneIntegrator, arena }: SweepIngredients, lanes: readonly SweepLane[]): Sweep {
  return laneIntegrator ? laneSweep({ integrator: laneIntegrator, lanes, arena }) : genericSweep(integrator, lanes, arena);
}
