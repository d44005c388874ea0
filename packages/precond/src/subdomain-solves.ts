import { scatter, spaceTimeHalo, sweepOver, type LaneGroup, type SpaceTimeDiscretization, type StepRange, type Sweep } from "@parakkt/core";
import { localVectors, type LocalVector } from "./local-vectors.js";
import type { MatchingFactorKind } from "./matching-factor.js";
import { overlapExchange } from "./overlap-exchange.js";

/**
 * The local solves Sᵢ⁻¹ ≈ (Rᵢ S Rᵢᵀ)⁻¹ on all extended subdomains of this rank: a forward and an adjoint sweep each,
 * independent of one another.
 */
export interface SubdomainSolves {
  /** local ← Sᵢ⁻¹ Rᵢ residual on every subdomain. */
  solve(residual: Float64Array): void;
  /** out ← out + Σᵢ Rᵢᵀ local, all extended steps: a step adds its own subdomain's value, then the one before, then the one after. */
  addExtended(out: Float64Array): void;
  /** out ← out + Σᵢ R̃ᵢᵀ local, owned steps only. */
  addOwned(out: Float64Array): void;
}

/** The subdomains of a lane group. */
interface LocalBlock {
  readonly group: LaneGroup;
  readonly data: Float64Array;
  readonly lanes: readonly LocalVector[];
  readonly sweep: Sweep;
}

/** 2(m + 2δ) spatial solves a subdomain. Storage: the states of all extended subdomains, the halos, and the states of the sweeps. */
export function subdomainSolves(discretization: SpaceTimeDiscretization, kind: MatchingFactorKind): SubdomainSolves {
  const { stateLayout, partition, communicator, arena } = discretization;
  const blocks = stateLayout.groups.map((group): LocalBlock => {
    const lanes = localVectors(discretization, group, kind);
    return { group, data: lanes[0].data, lanes, sweep: sweepOver(discretization, lanes) };
  });
  const locals = blocks.flatMap(({ lanes }) => lanes);
  const halo = spaceTimeHalo(stateLayout, communicator, { before: partition.overlap, after: partition.overlap }, arena);
  const edges = overlapExchange(discretization, locals);
  const state = arena.allocate(stateLayout.dofs);

  const addRows = (local: LocalVector, steps: StepRange, out: Float64Array): void => {
    for (let n = steps.first; n <= steps.last; n++) {
      const row = local.rowOf(n);
      const from = { offset: local.offsets[row], stride: local.strides[row] };
      const to = { offset: stateLayout.offsetOf(n), stride: stateLayout.strideOf(n) };
      for (let j = 0; j < stateLayout.dofs; j++) out[to.offset + j * to.stride] += local.data[from.offset + j * from.stride];
    }
  };
  const addOwned = (out: Float64Array): void => {
    for (const block of blocks) addOwnedRows(discretization, block, out);
  };
  return {
    solve(residual) {
      halo.start(residual);
      halo.finish();
      for (const block of blocks) {
        restrict(discretization, block, residual);
        fillOverlap(block, (n) => (halo.read(residual, n, state), state));
        block.sweep.forward(block.data);
        block.sweep.adjoint(block.data);
      }
    },
    addOwned,
    addExtended(out) {
      edges.start();
      addOwned(out);
      edges.finish();
      edges.addFromPrevious(out);
      for (let i = 1; i < locals.length; i++) addRows(locals[i - 1], { first: locals[i].owned.first, last: locals[i - 1].extended.last }, out);
      for (let i = 1; i < locals.length; i++) addRows(locals[i], { first: locals[i].extended.first, last: locals[i - 1].owned.last }, out);
      edges.addFromNext(out);
    },
  };
}

/** The rows of the group as they lie, zeros in the overlap. */
function restrict({ stateLayout, partition }: SpaceTimeDiscretization, { group, data }: LocalBlock, residual: Float64Array): void {
  const rowLength = stateLayout.dofs * group.lanes;
  const overlapLength = partition.overlap * rowLength;
  data.fill(0, 0, overlapLength);
  data.set(residual.subarray(group.offset, group.offset + group.rows * rowLength), overlapLength);
  data.fill(0, overlapLength + group.rows * rowLength);
}

/** The steps that a lane shares with its neighbours, one by one. */
function fillOverlap({ data, lanes }: LocalBlock, stateOf: (step: number) => Float64Array): void {
  for (const { owned, extended, offsets, strides, rowOf } of lanes) {
    for (let n = extended.first; n <= extended.last; n++) {
      if (n >= owned.first && n <= owned.last) continue;
      scatter(stateOf(n), data, offsets[rowOf(n)], strides[rowOf(n)]);
    }
  }
}

/** Rows that all lanes own are added as they lie, the others lane by lane. */
function addOwnedRows({ stateLayout, partition }: SpaceTimeDiscretization, { group, data, lanes }: LocalBlock, out: Float64Array): void {
  const rowLength = stateLayout.dofs * group.lanes;
  const overlapLength = partition.overlap * rowLength;
  const common = Math.min(...lanes.map(({ owned }) => owned.last - owned.first + 1));
  for (let i = 0; i < common * rowLength; i++) out[group.offset + i] += data[overlapLength + i];
  for (const { owned, offsets, strides, rowOf } of lanes) {
    for (let n = owned.first + common; n <= owned.last; n++) {
      const [from, stride] = [offsets[rowOf(n)], strides[rowOf(n)]];
      const to = stateLayout.offsetOf(n);
      for (let j = 0; j < stateLayout.dofs; j++) out[to + j * stride] += data[from + j * stride];
    }
  }
}
