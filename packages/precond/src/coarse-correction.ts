import { coarseSlices, serialCommunicator, spaceTimeDiscretization, timePartition, type SpaceTimeDiscretization, type StepRange, type TimePartition, type TimeSlices } from "@parakkt/core";
import { passesThroughRanks, type CoarseInverse, type Meanwhile } from "./coarse-matching.js";
import { distributedNodes, gatheredNodes, type CoarseNodes } from "./coarse-nodes.js";
import { prolongation } from "./prolongation.js";

/** The coarse level, P S₀⁻¹ Pᵀ in its three parts: what lets each subdomain know of all the others within one iteration. */
export interface CoarseCorrection {
  /** Pᵀ residual */
  restrict(residual: Float64Array): void;
  /** S₀⁻¹; other work may be advanced `meanwhile`, as long as it leaves no exchange between ranks unfinished. */
  solve(meanwhile?: Meanwhile): void;
  /** out ← P of it */
  prolong(out: Float64Array): void;
}

/** Coarse time grid, and the approximate inverse S₀⁻¹ to use on it. */
export interface CoarseLevel {
  /** κ */
  readonly nodesPerSubdomain: number;
  /** Subdomains of the coarse grid for a further level; 1: no further level. */
  subdomainsOf(coarseSteps: number): number;
  inverse(coarse: SpaceTimeDiscretization): CoarseInverse;
  /** There is other work for the time in which S₀⁻¹ waits for other ranks. */
  readonly overlapped: boolean;
}

/**
 * P S₀⁻¹ Pᵀ with S₀ rediscretised on the coarse nodes (COA.1). A coarse grid that is cut into subdomains, or whose sweeps pass through the ranks, is distributed like the fine
 * grid. Any other one, and one on which some rank would have no step, is gathered: every rank holds all of it and solves it by itself.
 *
 * Storage: two coarse state series, and once more the coarse grid where it is gathered; a few states, and what S₀⁻¹ needs.
 */
export function coarseCorrection(fine: SpaceTimeDiscretization, level: CoarseLevel): CoarseCorrection {
  const nodes = coarseNodes(fine.partition, level.nodesPerSubdomain);
  const subdomains = level.subdomainsOf(nodes.length);
  const slices = coarseSlices(fine.stateLayout.slices, nodes);
  const shared = subdomains > 1 || (level.overlapped && passesThroughRanks(fine.partition, rangesOf(fine.stateLayout.slices)));
  const distributed = shared && everyRankHolds(slices);
  const coarse = coarseDiscretization(fine, nodes, subdomains, distributed ? slices : undefined);
  const inverse = level.inverse(coarse);
  const { prolong, restrict } = prolongation(fine, nodes);
  const residual0 = fine.arena.allocate(coarse.stateLayout.length);
  const correction0 = fine.arena.allocate(coarse.stateLayout.length);
  const { write, collect, share, read }: CoarseNodes = distributed ? distributedNodes(nodes, fine, coarse) : gatheredNodes(fine, coarse, slices);
  return {
    restrict(residual) {
      restrict(residual, (node, state) => write(residual0, node, state));
      collect(residual0);
    },
    solve(meanwhile = () => {}) {
      inverse.apply(residual0, correction0, meanwhile);
    },
    prolong(out) {
      share(correction0);
      prolong((node, state) => read(correction0, node, state), out);
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

function rangesOf({ ranks, ownedBy }: TimeSlices): StepRange[] {
  return Array.from({ length: ranks }, (_, rank) => ownedBy(rank));
}

function everyRankHolds(slices: TimeSlices): boolean {
  return rangesOf(slices).every(({ first, last }) => first >= 1 && first <= last);
}

/** The same integrator with the larger steps from node to node, cut into `subdomains`; without slices all of it on this rank. */
function coarseDiscretization(fine: SpaceTimeDiscretization, nodes: readonly number[], subdomains: number, slices: TimeSlices | undefined): SpaceTimeDiscretization {
  const { integrator, lanes, regularization, arena, partition } = fine;
  const grid = partition.grid.coarsen(nodes);
  const overlap = Math.min(partition.overlap, Math.floor(grid.steps / subdomains));
  const communicator = slices ? fine.communicator : serialCommunicator();
  return spaceTimeDiscretization({ integrator, lanes, regularization, communicator, slices, arena, partition: timePartition(grid, subdomains, overlap) });
}
