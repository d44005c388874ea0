import {
  gather,
  laneProductSum,
  rowBuffer,
  scatter,
  shiftsOf,
  spaceTimeHalo,
  sweepFactors,
  type Block,
  type LaneGroup,
  type LaneIntegrator,
  type SpaceTimeDiscretization,
  type SweepFactors,
} from "@parakkt/core";
import { genericWindowSweeps } from "./generic-window-sweeps.js";
import type { MatchingFactorKind } from "./matching-factor.js";
import { windowRows, type WindowSweeps } from "./window-rows.js";
import type { WindowSpill } from "./window-spill.js";

/** By kernels on lanes where the integrator comes on them. */
export function windowSweeps(discretization: SpaceTimeDiscretization, kind: MatchingFactorKind, spill: WindowSpill): WindowSweeps {
  const { lanes } = discretization;
  return lanes ? laneWindowSweeps(discretization, lanes, { kind, spill }) : genericWindowSweeps(discretization, kind, spill);
}

/** A lane group and the factors of its rows −δ, …, −1, 0, 1, … */
interface Windows {
  readonly group: LaneGroup;
  readonly factors: readonly SweepFactors[];
  /** Steps of every subdomain of the group where they are equal: then the steps before lane l lie in the rows of lane l − 1. */
  readonly length: number | undefined;
}

/** What the two sweeps have in common. */
interface LaneWindows {
  readonly windows: readonly Windows[];
  readonly overlap: number;
  readonly lanes: LaneIntegrator;
  /** Two rows that take turns. */
  readonly passing: readonly Block[];
  readonly state: Float64Array;
  row(data: Float64Array, group: LaneGroup, k: number): Block;
}

/** Owned rows are swept in place, the rows before them pass through two buffers. */
function laneWindowSweeps(discretization: SpaceTimeDiscretization, lanes: LaneIntegrator, { kind, spill }: { kind: MatchingFactorKind; spill: WindowSpill }): WindowSweeps {
  const { stateLayout: layout, partition, arena } = discretization;
  const windows = layout.groups.map((group): Windows => {
    const rows = windowRows(discretization, group, kind);
    const factors = Array.from({ length: partition.overlap + group.rows }, (_, k) => sweepFactors(lanes, rows.map((row) => row[k])));
    lanes.solver.prepare(group.lanes, shiftsOf(factors));
    return { group, factors, length: commonLength(group) };
  });
  const parts: LaneWindows = {
    windows,
    overlap: partition.overlap,
    lanes,
    passing: [rowBuffer(layout, arena), rowBuffer(layout, arena)],
    state: arena.allocate(layout.dofs),
    row: (data, group, k) => ({ data, offset: group.offset + k * layout.dofs * group.lanes }),
  };
  return { ...forwardSweep(discretization, parts), adjoint: adjointSweep(discretization, parts, spill) };
}

function commonLength({ ranges, rows }: LaneGroup): number | undefined {
  return ranges.every(({ first, last }) => last - first + 1 === rows) ? rows : undefined;
}

function forwardSweep({ stateLayout: layout, communicator, arena }: SpaceTimeDiscretization, { windows, overlap, lanes, passing, state, row }: LaneWindows): Pick<WindowSweeps, "forward" | "forwardProduct"> {
  const halo = spaceTimeHalo(layout, communicator, { before: overlap, after: 0 }, arena);
  const input = rowBuffer(layout, arena);
  const readLane = (r: Float64Array, { ranges, lanes: count }: LaneGroup, { lane, k }: { lane: number; k: number }): void => {
    halo.read(r, ranges[lane].first + k, state);
    scatter(state, input.data, input.offset + lane, count);
  };
  /** input ← r in row k < 0; an idle lane may hold anything. */
  const read = (r: Float64Array, { group, length }: Windows, k: number): void => {
    if (length !== undefined && group.lanes > 1) {
      const { offset } = row(r, group, length + k);
      input.data.set(r.subarray(offset, offset + layout.dofs * group.lanes - 1), input.offset + 1);
      return readLane(r, group, { lane: 0, k });
    }
    for (let lane = 0; lane < group.lanes; lane++) readLane(r, group, { lane, k });
  };
  const innerProduct = laneProductSum(layout, communicator);
  const products = new Float64Array(16);
  const measure = (group: LaneGroup, k: number, out: Block): void => {
    lanes.vectors.products(group.lanes, layout.dofs, out, out, products);
    innerProduct.set(group, k, products);
  };
  const sweep = (r: Float64Array, y: Float64Array, measured: boolean): void => {
    halo.start(r);
    halo.finish();
    for (const window of windows) {
      const { group, factors } = window;
      let previous: Block | undefined;
      for (let k = -overlap; k < group.rows; k++) {
        if (k < 0) read(r, window, k);
        const [x, out] = k < 0 ? [input, passing[k & 1]] : [row(r, group, k), row(y, group, k)];
        lanes.solver.solve(group.lanes, factors[k + overlap].forward, { x, y: previous, out });
        if (measured && k >= 0) measure(group, k, out);
        previous = out;
      }
    }
  };
  return {
    forward: (r, y) => sweep(r, y, false),
    forwardProduct(r, y) {
      sweep(r, y, true);
      return innerProduct.total();
    },
  };
}

function adjointSweep({ stateLayout: layout }: SpaceTimeDiscretization, { windows, overlap, lanes, passing, state, row }: LaneWindows, spill: WindowSpill): WindowSweeps["adjoint"] {
  const spillLane = (y: Float64Array, { group, z }: { group: LaneGroup; z: Block }, { lane, k }: { lane: number; k: number }): void => {
    const { first } = group.ranges[lane];
    if (first === 1) return;
    gather(z.data, z.offset + lane, group.lanes, state);
    spill.add(first + k, state, y);
  };
  /** Adds z to the steps of row k < 0: lane l to those of subdomain l − 1, by a shift of one entry where lanes are equally long. */
  const add = (y: Float64Array, { group, length }: Windows, { k, z }: { k: number; z: Block }): void => {
    if (length === undefined || group.lanes === 1) {
      for (let lane = 0; lane < group.lanes; lane++) spillLane(y, { group, z }, { lane, k });
      return;
    }
    spillLane(y, { group, z }, { lane: 0, k });
    gather(z.data, z.offset, group.lanes, state);
    for (let j = 0, i = z.offset; j < layout.dofs; j++, i += group.lanes) z.data[i] = 0;
    lanes.vectors.axpy(1, { data: z.data, offset: z.offset + 1 }, row(y, group, length + k), layout.dofs * group.lanes - 1);
    scatter(state, z.data, z.offset, group.lanes);
  };
  return (y) => {
    for (const window of windows) {
      const { group, factors } = window;
      const idle = new Float64Array(group.lanes);
      let next: Block | undefined;
      for (let k = group.rows - 1; k >= 0; k--) {
        const here = row(y, group, k);
        lanes.solver.solve(group.lanes, factors[k + overlap].adjoint, { x: here, y: next, out: here });
        next = here;
      }
      for (let k = -1; k >= -overlap && next; k--) {
        const z = passing[k & 1];
        lanes.solver.solve(group.lanes, { ...factors[k + overlap].adjoint, rhs: idle }, { x: next, y: next, out: z });
        add(y, window, { k, z });
        next = z;
      }
    }
  };
}
