import {
  genericSweep,
  scatter,
  spaceTimeHalo,
  type SpaceTimeDiscretization,
  type StepRange,
} from "@parakkt/core";
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

/** 2(m + 2δ) spatial solves a subdomain. Storage: the states of all extended subdomains, the halos, and the states of the sweeps. */
export function subdomainSolves(discretization: SpaceTimeDiscretization, kind: MatchingFactorKind): SubdomainSolves {
  const { stateLayout, partition, communicator, arena, integrator } = discretization;
  const blocks = stateLayout.groups.map((group) => {
    const lanes = localVectors(discretization, group, kind);
    return { data: lanes[0].data, lanes, sweep: genericSweep(integrator, lanes, arena) };
  });
  const locals = blocks.flatMap(({ lanes }) => lanes);
  const halo = spaceTimeHalo(stateLayout, communicator, { before: partition.overlap, after: partition.overlap }, arena);
  const edges = overlapExchange(discretization, locals);
  const state = arena.allocate(stateLayout.dofs);

  const addRows = (local: LocalVector, steps: StepRange, out: Float64Array): void => {
    for (let n = steps.first; n <= steps.last; n++) {
      const row = n - local.extended.first;
      const from = { offset: local.offsets[row], stride: local.strides[row] };
      const to = { offset: stateLayout.offsetOf(n), stride: stateLayout.strideOf(n) };
      for (let j = 0; j < stateLayout.dofs; j++) out[to.offset + j * to.stride] += local.data[from.offset + j * from.stride];
    }
  };
  const addOwned = (out: Float64Array): void => {
    for (const local of locals) addRows(local, local.owned, out);
  };
  return {
    solve(residual) {
      halo.start(residual);
      halo.finish();
      for (const { data, lanes, sweep } of blocks) {
        for (const lane of lanes) restrict(lane, (n) => halo.read(residual, n, state), state);
        sweep.forward(data);
        sweep.adjoint(data);
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

/** local ← Rᵢ residual */
function restrict({ data, rows, offsets, strides }: LocalVector, readStep: (step: number) => void, state: Float64Array): void {
  for (let k = 0; k < rows.length; k++) {
    readStep(rows[k].step.index);
    scatter(state, data, offsets[k], strides[k]);
  }
}
