import { spaceTimeDiscretization, timePartition, type Preconditioner, type SpaceTimeDiscretization, type TimePartition } from "@parakkt/core";
import { prolongation } from "./prolongation.js";

/** The coarse level: what lets each subdomain know of all the others within one iteration. */
export interface CoarseCorrection {
  /** out ← P S₀⁻¹ Pᵀ residual */
  correct(residual: Float64Array, out: Float64Array): void;
}

/** Coarse time grid, and the approximate inverse S₀⁻¹ to use on it. */
export interface CoarseLevel {
  /** κ */
  readonly nodesPerSubdomain: number;
  /** Subdomains of the coarse grid for a further level; 1: no further level. */
  subdomainsOf(coarseSteps: number): number;
  inverse(coarse: SpaceTimeDiscretization): Preconditioner;
}

/** P S₀⁻¹ Pᵀ with S₀ rediscretised on the coarse nodes (COA.1). Storage: two coarse state series, three states, and what S₀⁻¹ needs. */
export function coarseCorrection(fine: SpaceTimeDiscretization, level: CoarseLevel): CoarseCorrection {
  const nodes = coarseNodes(fine.partition, level.nodesPerSubdomain);
  const coarse = coarseDiscretization(fine, nodes, level.subdomainsOf(nodes.length));
  const inverse = level.inverse(coarse);
  const { prolong, restrict } = prolongation(fine, coarse, nodes);
  const residual0 = fine.arena.allocate(coarse.stateLayout.length);
  const correction0 = fine.arena.allocate(coarse.stateLayout.length);
  return {
    correct(residual, out) {
      restrict(residual, residual0);
      inverse.apply(residual0, correction0);
      prolong(correction0, out);
    },
  };
}

/** Steps at which the coarse nodes sit: the first step of each subdomain, and κ − 1 more evenly spread over it. */
export function coarseNodes(partition: TimePartition, nodesPerSubdomain: number): number[] {
  const nodes: number[] = [];
  for (let i = 0; i < partition.subdomains; i++) {
    const { first, last } = partition.owned(i);
    const steps = last - first + 1;
    const count = Math.min(nodesPerSubdomain, steps);
    for (let k = 0; k < count; k++) nodes.push(first + Math.floor((k * steps) / count));
  }
  return nodes;
}

/** The same integrator with the larger steps from node to node, cut into `subdomains`. */
function coarseDiscretization(fine: SpaceTimeDiscretization, nodes: readonly number[], subdomains: number): SpaceTimeDiscretization {
  const { integrator, lanes, regularization, communicator, arena, partition } = fine;
  const grid = partition.grid.coarsen(nodes);
  const overlap = Math.min(partition.overlap, Math.floor(grid.steps / subdomains));
  return spaceTimeDiscretization({ integrator, lanes, regularization, communicator, arena, partition: timePartition(grid, subdomains, overlap) });
}
