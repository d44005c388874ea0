import type { Block, Lanes, LaneSolver, SolveFactors } from "@parakkt/kernels";
import type { Arena } from "../linalg/arena.js";
import { gather, scatter } from "../linalg/strided.js";
import type { LaneIntegrator } from "./lane-integrator.js";
import type { Sweep, SweepEnds, SweepLane, SweepRow } from "./sweep.js";

/** The lanes of a sweep and what works on them. */
interface LaneSweepParts {
  readonly integrator: LaneIntegrator;
  readonly lanes: readonly SweepLane[];
  readonly arena: Arena;
}

/** Factors of a row of lanes for both directions. */
export interface SweepFactors {
  readonly forward: SolveFactors;
  readonly adjoint: SolveFactors;
}

/**
 * The sweep by kernels that advance all lanes of a block at once. With Lₖ = τₖ(L + σₖI), σₖ = 1/τₖ + ρₖ, and R = I a row is one solve with
 * L + σₖI, its right-hand side scaled by σₖ/τₖ and coupled by κₖ/τₖ. Storage of lanes that do not form a block: three states.
 */
export function laneSweep(parts: LaneSweepParts): Sweep {
  return isBlock(parts) ? blockSweep(parts) : singleLaneSweep(parts);
}

/** Whether row k of all lanes is one block [dof][lane]: of several lanes one row behind the other, of a single one anywhere. */
function isBlock({ integrator, lanes }: LaneSweepParts): boolean {
  const count = lanes.length;
  if (count === 1) return lanes[0].rows.every((_, k) => lanes[0].strides[k] === 1);
  const rowLength = integrator.solver.size * count;
  return lanes.every(({ rows, offsets, strides }, lane) =>
    rows.every((_, k) => strides[k] === count && offsets[k] === lanes[0].offsets[0] + k * rowLength + lane),
  );
}

function blockSweep({ integrator, lanes }: LaneSweepParts): Sweep {
  const count = lanes.length as Lanes;
  const length = Math.max(...lanes.map(({ rows }) => rows.length));
  const alone = lanes[0].alone === true;
  const factors = Array.from({ length }, (_, k) => sweepFactors(integrator, lanes.map(({ rows }) => rows[k]), alone));
  const [{ offsets }] = lanes;
  const rowLength = integrator.solver.size * count;
  return factoredSweep(integrator.solver, factors, { lanes: count, offsetOf: (k) => (count === 1 ? offsets[k] : offsets[0] + k * rowLength) });
}

/** Where the rows of a sweep lie, each one a block [dof][lane]. */
interface RowsPlace {
  readonly lanes: Lanes;
  offsetOf(k: number): number;
}

/** The sweep with the factors of each row. */
export function factoredSweep(solver: LaneSolver, factors: readonly SweepFactors[], { lanes, offsetOf }: RowsPlace): Sweep {
  const rowLength = solver.size * lanes;
  const last = factors.length - 1;
  solver.prepare(lanes, shiftsOf(factors));
  const row = (data: Float64Array, k: number): Block => ({ data, offset: offsetOf(k) });
  const leave = (data: Float64Array, k: number, { leaving }: SweepEnds): void => leaving?.set(data.subarray(offsetOf(k), offsetOf(k) + rowLength));
  return {
    forward(x, out = x, ends = {}) {
      for (let k = 0; k <= last; k++) {
        solver.solve(lanes, factors[k].forward, { x: row(x, k), y: k > 0 ? row(out, k - 1) : blockOf(ends.entering), out: row(out, k) });
      }
      leave(out, last, ends);
    },
    adjoint(x, ends = {}) {
      for (let k = last; k >= 0; k--) {
        const here = row(x, k);
        solver.solve(lanes, factors[k].adjoint, { x: here, y: k < last ? row(x, k + 1) : blockOf(ends.entering), out: here });
      }
      leave(x, 0, ends);
    },
  };
}

function blockOf(state: Float64Array | undefined): Block | undefined {
  return state && { data: state, offset: 0 };
}

/** Lanes one after another, each state gathered from wherever it lies. */
function singleLaneSweep({ integrator, lanes, arena }: LaneSweepParts): Sweep {
  const { solver } = integrator;
  const prepared = lanes.map(({ rows, alone }) => rows.map((row) => sweepFactors(integrator, [row], alone)));
  for (const factors of prepared) solver.prepare(1, shiftsOf(factors));
  const state = { data: arena.allocate(solver.size), offset: 0 };
  let [result, neighbour] = [state, state].map(({ offset }) => ({ data: arena.allocate(solver.size), offset }));
  const advance = ({ lane, k }: { lane: SweepLane; k: number }, x: Float64Array, out: Float64Array, { factors, coupled }: { factors: SolveFactors; coupled: boolean }): void => {
    [result, neighbour] = [neighbour, result];
    gather(x, lane.offsets[k], lane.strides[k], state.data);
    solver.solve(1, factors, { x: state, y: coupled ? neighbour : undefined, out: result });
    scatter(result.data, out, lane.offsets[k], lane.strides[k]);
  };
  const inEachLane = ({ entering, leaving }: SweepEnds, visit: (lane: SweepLane, factors: readonly SweepFactors[], entered: boolean) => void): void => {
    if (entering) result.data.set(entering);
    lanes.forEach((lane, l) => visit(lane, prepared[l], entering !== undefined));
    leaving?.set(result.data);
  };
  return {
    forward(x, out = x, ends = {}) {
      inEachLane(ends, (lane, factors, entered) => {
        factors.forEach(({ forward }, k) => advance({ lane, k }, x, out, { factors: forward, coupled: entered || k > 0 }));
      });
    },
    adjoint(x, ends = {}) {
      inEachLane(ends, (lane, factors, entered) => {
        const last = lane.rows.length - 1;
        for (let k = last; k >= 0; k--) advance({ lane, k }, x, x, { factors: factors[k].adjoint, coupled: entered || k < last });
      });
    },
  };
}

/** The solves of row k of several lanes. An idle lane has factors 0 and the shift of another one, so that it makes no group of its own. */
export function sweepFactors({ reaction }: LaneIntegrator, rows: readonly (SweepRow | undefined)[], alone = false): SweepFactors {
  const each = (value: (row: SweepRow) => number, idle: number): Float64Array => Float64Array.from(rows, (row) => (row ? value(row) : idle));
  const shiftOf = (row: SweepRow): number => 1 / row.step.size + reaction + row.reaction;
  const active = rows.find((row) => row !== undefined);
  const shift = each(shiftOf, active ? shiftOf(active) : 1);
  const rhs = each((row) => row.scale / row.step.size, 0);
  const adjointRhs = each((row) => (row.adjointScale ?? row.scale) / row.step.size, 0);
  return {
    forward: { shift, rhs, neighbour: each((row) => row.coupling / row.step.size, 0), alone },
    adjoint: { shift, rhs: adjointRhs, neighbour: each((row) => row.adjointCoupling / row.step.size, 0), alone },
  };
}

export function shiftsOf(factors: readonly SweepFactors[]): number[] {
  return [...new Set(factors.flatMap(({ forward }) => [...forward.shift]))];
}
