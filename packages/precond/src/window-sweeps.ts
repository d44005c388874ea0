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
  type SolveChain,
  type SpaceTimeDiscretization,
  type SweepFactors,
} from "@parakkt/core";
import { composedChain } from "./composed-chain.js";
import { genericWindowSweeps } from "./generic-window-sweeps.js";
import type { MatchingFactorKind } from "./matching-factor.js";
import { windowRows, type Direction, type WindowSweeps } from "./window-rows.js";
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
  readonly chain: SolveChain;
  /** Steps of every subdomain of the group where they are equal: then the steps before lane l lie in the rows of lane l − 1. */
  readonly length: number | undefined;
  /** Rows to which no later window adds: all but the last δ of the shortest subdomain. */
  readonly settled: number;
}

/** What the two sweeps have in common. */
interface LaneWindows {
  readonly windows: readonly Windows[];
  readonly overlap: number;
  readonly lanes: LaneIntegrator;
  /** A row beside the vectors. */
  readonly passing: Block;
  readonly state: Float64Array;
  row(data: Float64Array, group: LaneGroup, k: number): Block;
}

/** Owned rows are swept in place, the rows before them pass through a buffer. */
function laneWindowSweeps(discretization: SpaceTimeDiscretization, lanes: LaneIntegrator, { kind, spill }: { kind: MatchingFactorKind; spill: WindowSpill }): WindowSweeps {
  const { stateLayout: layout, partition, arena } = discretization;
  const chainOf = chains(discretization, lanes);
  const windows = layout.groups.map((group): Windows => {
    const rows = windowRows(discretization, group, kind);
    const factors = Array.from({ length: partition.overlap + group.rows }, (_, k) => sweepFactors(lanes, rows.map((row) => row[k])));
    lanes.solver.prepare(group.lanes, shiftsOf(factors));
    const shortest = Math.min(...group.ranges.map(({ first, last }) => last - first + 1));
    return { group, factors, chain: chainOf(group, factors), length: shortest === group.rows ? shortest : undefined, settled: Math.max(0, shortest - partition.overlap) };
  });
  const parts: LaneWindows = {
    windows,
    overlap: partition.overlap,
    lanes,
    passing: rowBuffer(layout, arena),
    state: arena.allocate(layout.dofs),
    row: (data, group, k) => ({ data, offset: group.offset + k * layout.dofs * group.lanes }),
  };
  return { ...forwardSweep(discretization, parts), ...adjointSweep(discretization, parts, spill) };
}

/** Chains of the solver for groups that have one shift a row, else of separate solves. Storage: two rows of the widest lane group for all of the latter. */
function chains({ stateLayout: layout, arena }: SpaceTimeDiscretization, lanes: LaneIntegrator): (group: LaneGroup, factors: readonly SweepFactors[]) => SolveChain {
  let spare: readonly [Block, Block] | undefined;
  return ({ lanes: count }, factors) => {
    const oneShift = factors.every(({ forward: { shift } }) => shift.every((value) => value === shift[0]));
    const chain = oneShift ? lanes.solver.chain?.(count) : undefined;
    if (chain) return chain;
    spare ??= [rowBuffer(layout, arena), rowBuffer(layout, arena)];
    return composedChain(lanes, count, spare);
  };
}

function forwardSweep({ stateLayout: layout, communicator, arena }: SpaceTimeDiscretization, { windows, overlap, passing, state, row }: LaneWindows): Pick<WindowSweeps, "forward" | "forwardProduct"> {
  const halo = spaceTimeHalo(layout, communicator, { before: overlap, after: 0 }, arena);
  /** An idle lane may hold anything. */
  const readLane = (r: Float64Array, { ranges, lanes: count }: LaneGroup, { lane, k }: { lane: number; k: number }): void => {
    if (ranges[lane].first + k < 1) return;
    halo.read(r, ranges[lane].first + k, state);
    scatter(state, passing.data, passing.offset + lane, count);
  };
  /** passing ← r in row k < 0 */
  const read = (r: Float64Array, { group, length }: Windows, k: number): void => {
    if (length !== undefined && group.lanes > 1) {
      const { offset } = row(r, group, length + k);
      passing.data.set(r.subarray(offset, offset + layout.dofs * group.lanes - 1), passing.offset + 1);
      return readLane(r, group, { lane: 0, k });
    }
    for (let lane = 0; lane < group.lanes; lane++) readLane(r, group, { lane, k });
  };
  const innerProduct = laneProductSum(layout, communicator);
  const products = new Float64Array(16);
  const sweep = (r: Float64Array, y: Float64Array, measured: boolean): void => {
    halo.start(r);
    halo.finish();
    for (const window of windows) {
      const { group, factors, chain } = window;
      for (let k = -overlap; k < group.rows; k++) {
        if (k < 0) read(r, window, k);
        const blocks = k < 0 ? { x: passing } : { x: row(r, group, k), kept: row(y, group, k) };
        chain.solve(factors[k + overlap].forward, blocks, k > -overlap, measured ? products : undefined);
        if (measured && k >= 0) innerProduct.set(group, k, products);
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

function adjointSweep({ stateLayout: layout }: SpaceTimeDiscretization, parts: LaneWindows, spill: WindowSpill): Pick<WindowSweeps, "adjoint" | "finishRows"> {
  const { windows, overlap, lanes, passing, state, row } = parts;
  const spillLane = (y: Float64Array, { group, z }: { group: LaneGroup; z: Block }, { lane, k }: { lane: number; k: number }): void => {
    const { first } = group.ranges[lane];
    if (first === 1) return;
    gather(z.data, z.offset + lane, group.lanes, state);
    spill.add(first + k, state, y);
  };
  /** Adds `passing` to the steps of row k < 0: lane l to those of subdomain l − 1, by a shift of one entry where lanes are equally long. */
  const add = (y: Float64Array, { group, length }: Windows, k: number): void => {
    const z = passing;
    if (length === undefined || group.lanes === 1) {
      for (let lane = 0; lane < group.lanes; lane++) spillLane(y, { group, z }, { lane, k });
      return;
    }
    spillLane(y, { group, z }, { lane: 0, k });
    for (let j = 0, i = z.offset; j < layout.dofs; j++, i += group.lanes) z.data[i] = 0;
    lanes.vectors.axpy(1, { data: z.data, offset: z.offset + 1 }, row(y, group, length + k), layout.dofs * group.lanes - 1);
  };
  /** What becomes of a row that no later window adds to. */
  const finishRow = ({ group, chain }: Windows, k: number, { p, move }: Direction): void => {
    if (move) chain.advance(move, { x: row(move.x, group, k), p: row(p, group, k) });
    else chain.read(row(p, group, k));
  };
  return {
    adjoint(y, direction) {
      for (const window of windows) {
        const { group, factors, chain, settled } = window;
        for (let k = group.rows - 1; k >= -overlap; k--) {
          chain.solveKept(factors[k + overlap].adjoint, k < 0 ? undefined : row(y, group, k), k < group.rows - 1);
          if (k >= 0 && k < settled && direction) finishRow(window, k, direction);
          else chain.read(k < 0 ? passing : row(y, group, k));
          if (k < 0) add(y, window, k);
        }
      }
    },
    finishRows(y, { p, move }) {
      for (const { group, settled } of windows) {
        for (let k = settled; k < group.rows; k++) {
          const [z, here] = [row(y, group, k), row(p, group, k)];
          const length = layout.dofs * group.lanes;
          if (move) lanes.vectors.advance(move, { x: row(move.x, group, k), p: here, z }, length);
          else p.set(y.subarray(z.offset, z.offset + length), here.offset);
        }
      }
    },
  };
}
