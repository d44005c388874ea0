import { gather, scatter, spaceTimeHalo, sweepOver, type LaneGroup, type SpaceTimeDiscretization, type Sweep } from "@parakkt/core";
import type { MatchingFactorKind } from "./matching-factor.js";
import type { WindowSpill } from "./window-spill.js";
import { windowRows, type WindowSweeps } from "./window-rows.js";

/** The windows of a lane group side by side: row δ + k of a lane is row k of the group. */
interface WindowBlock {
  readonly group: LaneGroup;
  readonly data: Float64Array;
  readonly sweep: Sweep;
}

/** For any integrator, one state at a time. Storage: the states of all windows, the halo, and the states of the sweeps. */
export function genericWindowSweeps(discretization: SpaceTimeDiscretization, kind: MatchingFactorKind, spill: WindowSpill): WindowSweeps {
  const { stateLayout: layout, partition, communicator, arena } = discretization;
  const { overlap } = partition;
  const blocks = layout.groups.map((group) => windowBlock(discretization, group, kind));
  const halo = spaceTimeHalo(layout, communicator, { before: overlap, after: 0 }, arena);
  const state = arena.allocate(layout.dofs);
  const lengthOf = (group: LaneGroup, rows: number): number => rows * layout.dofs * group.lanes;

  /** Visits the steps before the subdomains. */
  const forEachStepBefore = (group: LaneGroup, visit: (n: number, place: { offset: number; stride: number }) => void): void => {
    for (let lane = 0; lane < group.lanes; lane++) {
      const { first } = group.ranges[lane];
      for (let k = Math.max(-overlap, 1 - first); k < 0; k++) visit(first + k, { offset: lengthOf(group, overlap + k) + lane, stride: group.lanes });
    }
  };
  return {
    forward(r, y) {
      halo.start(r);
      halo.finish();
      for (const { group, data, sweep } of blocks) {
        data.fill(0, 0, lengthOf(group, overlap));
        data.set(r.subarray(group.offset, group.offset + lengthOf(group, group.rows)), lengthOf(group, overlap));
        forEachStepBefore(group, (n, { offset, stride }) => {
          halo.read(r, n, state);
          scatter(state, data, offset, stride);
        });
        sweep.forward(data);
        y.set(data.subarray(lengthOf(group, overlap)), group.offset);
      }
    },
    adjoint(y) {
      for (const { group, data, sweep } of blocks) {
        data.fill(0, 0, lengthOf(group, overlap));
        sweep.adjoint(data);
        y.set(data.subarray(lengthOf(group, overlap)), group.offset);
        forEachStepBefore(group, (n, { offset, stride }) => {
          gather(data, offset, stride, state);
          spill.add(n, state, y);
        });
      }
    },
  };
}

function windowBlock(discretization: SpaceTimeDiscretization, group: LaneGroup, kind: MatchingFactorKind): WindowBlock {
  const { stateLayout: layout, partition, arena } = discretization;
  const rowLength = layout.dofs * group.lanes;
  const length = partition.overlap + group.rows;
  const lanes = windowRows(discretization, group, kind).map((rows, lane) => ({
    rows,
    offsets: Array.from({ length }, (_unused, k) => k * rowLength + lane),
    strides: Array.from({ length }, () => group.lanes),
  }));
  return { group, data: arena.allocate(length * rowLength), sweep: sweepOver(discretization, lanes) };
}
