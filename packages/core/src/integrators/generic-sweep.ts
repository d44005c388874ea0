import type { Arena } from "../linalg/arena.js";
import { gather, scatter } from "../linalg/strided.js";
import type { Sweep, SweepLane, SweepRow } from "./sweep.js";
import type { TimeIntegrator } from "./time-integrator.js";

/** The sweep for any `TimeIntegrator`: one state at a time. Storage: four states. */
export function genericSweep(integrator: TimeIntegrator, lanes: readonly SweepLane[], arena: Arena): Sweep {
  const prepared = prepareLanes(integrator, lanes);
  const neighbour = arena.allocate(integrator.stateSize);
  const forcing = arena.allocate(integrator.stateSize);
  const solution = arena.allocate(integrator.stateSize);
  const transported = arena.allocate(integrator.stateSize);

  const forwardRow = ({ rows, offsets, strides }: PreparedLane, k: number, x: Float64Array, out: Float64Array): void => {
    const row = rows[k];
    if (row === undefined) return;
    const { step, scale, coupling } = row;
    gather(x, offsets[k], strides[k], forcing);
    for (let j = 0; j < forcing.length; j++) forcing[j] *= scale;
    for (let j = 0; j < forcing.length; j++) neighbour[j] = coupling * solution[j];
    row.integrator.step(step, neighbour, forcing, solution);
    scatter(solution, out, offsets[k], strides[k]);
  };
  const adjointRow = ({ rows, offsets, strides }: PreparedLane, k: number, x: Float64Array): void => {
    const row = rows[k];
    if (row === undefined) return;
    const { step, scale, adjointScale = scale, adjointCoupling } = row;
    gather(x, offsets[k], strides[k], forcing);
    for (let j = 0; j < forcing.length; j++) forcing[j] = adjointScale * forcing[j] + adjointCoupling * transported[j];
    row.integrator.stepAdjoint(step, forcing, solution, transported);
    scatter(solution, x, offsets[k], strides[k]);
  };
  return {
    forward(x, out = x, { entering, leaving } = {}) {
      for (const lane of prepared) {
        begin(solution, entering);
        for (let k = 0; k < lane.rows.length; k++) forwardRow(lane, k, x, out);
      }
      leaving?.set(solution);
    },
    adjoint(x, { entering, leaving } = {}) {
      for (const lane of prepared) {
        begin(transported, entering);
        for (let k = lane.rows.length - 1; k >= 0; k--) adjointRow(lane, k, x);
      }
      leaving?.set(transported);
    },
  };
}

function begin(state: Float64Array, entering: Float64Array | undefined): void {
  if (entering) state.set(entering);
  else state.fill(0);
}

/** A lane whose rows know their integrator, with the row's reaction. */
interface PreparedLane extends SweepLane {
  readonly rows: readonly ((SweepRow & { readonly integrator: TimeIntegrator }) | undefined)[];
}

/** Makes one integrator for each distinct reaction, so that lanes and rows share factorisations. */
function prepareLanes(integrator: TimeIntegrator, lanes: readonly SweepLane[]): PreparedLane[] {
  const reacting = new Map<number, TimeIntegrator>([[0, integrator]]);
  const withReaction = (reaction: number): TimeIntegrator => {
    const known = reacting.get(reaction) ?? integrator.withReaction(reaction);
    reacting.set(reaction, known);
    return known;
  };
  return lanes.map((lane) => ({ ...lane, rows: lane.rows.map((row) => row && { ...row, integrator: withReaction(row.reaction) }) }));
}
