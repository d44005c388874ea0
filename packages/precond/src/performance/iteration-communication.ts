import { stateSumMessage, timePartition, timeSlices, uniformTimeGrid, type TimeSlices } from "@parakkt/core";
import { boundariesOf, distributedLevels, type DistributedLevel, type DistributedSolve } from "./distributed-solve.js";
import type { Communication } from "./network.js";

/**
 * Every communication of one iteration on so many ranks, in order: messages and doubles exactly as communicators count them, and the path that is waited for
 * (docs/theory/performance-model.md). On one rank nothing.
 */
export function iterationCommunication(solve: DistributedSolve, ranks: number, levels = distributedLevels(solve, ranks)): Communication[] {
  if (ranks === 1 || solve.formulation === "direct") return [];
  return [...operatorCommunication(solve, ranks), ...preconditionerCommunication(solve, levels), ...reductions(solve, ranks)].filter(({ messages }) => messages > 0);
}

/** Messages and doubles of all ranks in one iteration. */
export function communicationTotals(communications: readonly Communication[]): { messages: number; doubles: number } {
  return communications.reduce((sum, { messages, doubles }) => ({ messages: sum.messages + messages, doubles: sum.doubles + doubles }), { messages: 0, doubles: 0 });
}

/** `states` states each way between all neighbours; both ways at once. */
function exchange(name: string, boundaries: number, doubles: number): Communication {
  return { name, messages: 2 * boundaries, doubles: 2 * boundaries * doubles, waits: boundaries > 0 ? 1 : 0, doublesOfRank: boundaries > 0 ? 2 * doubles : 0 };
}

/** One message from each rank to the next, all at once. */
function shift(name: string, boundaries: number, doubles: number): Communication {
  return { name, messages: boundaries, doubles: boundaries * doubles, waits: boundaries > 0 ? 1 : 0, doublesOfRank: boundaries > 0 ? doubles : 0 };
}

/** From rank to rank, one after another, `times` times. */
function pipeline(name: string, boundaries: number, { dofs, times }: { dofs: number; times: number }): Communication {
  return { name, messages: times * boundaries, doubles: times * boundaries * dofs, waits: times * boundaries, doublesOfRank: times * boundaries * dofs };
}

const treeDepth = (ranks: number): number => Math.ceil(Math.log2(ranks));

function operatorCommunication(solve: DistributedSolve, ranks: number): Communication[] {
  const { formulation, method, preconditioner, dofs } = solve;
  if (formulation === "reduced") return [pipeline("sweeps of the reduced Hessian", ranks - 1, { dofs, times: 2 })];
  if (formulation === "full-space") return Array.from({ length: eliminates({ method, preconditioner }) ? 4 : 2 }, () => shift("J and Jᵀ", ranks - 1, dofs));
  if (preconditioner !== "time-diagonalization") return [exchange("S", ranks - 1, dofs)];
  return [frequencyCoupling(timeSlices(timePartition(uniformTimeGrid(1, solve.steps), solve.subdomains, 0), ranks), dofs)];
}

/** K itself applies J and Jᵀ; so does the block elimination around Ŝ⁻¹, not the block diagonal of MINRES. */
function eliminates({ method, preconditioner }: Pick<DistributedSolve, "method" | "preconditioner">): boolean {
  return method !== "minres" && preconditioner !== "none";
}

/** Complete subtrees up a binary tree of ranks, one broadcast of the sum (DIA.3). */
function frequencyCoupling(slices: TimeSlices, dofs: number): Communication {
  const { ranks } = slices;
  const states = Array.from({ length: ranks }, (_, rank) => stateSumMessage(slices, rank));
  const depth = treeDepth(ranks);
  return {
    name: "coupling of the frequencies",
    messages: ranks,
    doubles: (1 + states.reduce((sum, count) => sum + count, 0)) * dofs,
    waits: 2 * depth,
    doublesOfRank: depth * (1 + states.reduce((most, count) => Math.max(most, count), 0)) * dofs,
  };
}

function preconditionerCommunication(solve: DistributedSolve, levels: readonly DistributedLevel[]): Communication[] {
  const { preconditioner, dofs, formulation } = solve;
  const ranks = levels[0].owners;
  if (preconditioner === "none" || formulation === "reduced") return [];
  if (preconditioner === "matching") return [pipeline("sweeps over the interval", ranks - 1, { dofs, times: 2 })];
  if (preconditioner === "overlapping-matching") return Array.from({ length: 2 }, () => shift("steps before the windows", ranks - 1, levels[0].partition.overlap * dofs));
  if (preconditioner === "time-diagonalization") return formulation === "full-space" ? transforms(solve, ranks) : [];
  return levels.flatMap((level, l) => levelCommunication(solve, level, levels[l + 1]));
}

/** Two transforms, each two all-to-alls of what changes its rank. */
function transforms({ dofs, steps }: DistributedSolve, ranks: number): Communication[] {
  const series = steps * dofs;
  return Array.from({ length: 4 }, () => ({ name: "transposition", messages: Math.min(ranks, dofs) * (ranks - 1), doubles: series * (1 - 1 / ranks), waits: ranks - 1, doublesOfRank: (series / ranks) * (1 - 1 / ranks) }));
}

function levelCommunication({ dofs, combination, nodesPerSubdomain }: DistributedSolve, level: DistributedLevel, coarser: DistributedLevel | undefined): Communication[] {
  if (!level.ranges) return [];
  const { all, inSubdomain, inInterval } = boundariesOf(level, nodesPerSubdomain);
  if (level.subdomains === 1) return [pipeline("sweeps over the coarse grid", all, { dofs, times: 2 })];
  const width = level.partition.overlap * dofs;
  const local = [
    ...(width > 0 ? [exchange("overlap", all, width)] : []),
    pipeline("sweeps over subdomains that are cut", inSubdomain, { dofs, times: 2 }),
    combination === "additive" ? exchange("sums in the overlap", width > 0 ? all - inSubdomain : 0, width) : exchange("S in the restricted combination", all, dofs),
  ];
  if (!coarser) return local;
  const down = [shift("restriction", all, dofs), pipeline("restriction where an interval is cut", inInterval, { dofs: 2 * dofs, times: 1 })];
  return [...local, ...down, ...towardsCoarse(dofs, { level, coarser, all, inInterval })];
}

function towardsCoarse(dofs: number, { level, coarser, all, inInterval }: { level: DistributedLevel; coarser: DistributedLevel; all: number; inInterval: number }): Communication[] {
  if (coarser.ranges) return [shift("prolongation", all, dofs), shift("prolongation where an interval is cut", inInterval, dofs)];
  const doubles = coarser.steps * dofs;
  return [{ name: "gathering of the coarse grid", messages: coarser.owners, doubles, waits: treeDepth(level.owners), doublesOfRank: doubles }];
}

/** Inner products of one iteration, in so many batches (core's Krylov methods); a record of at most 2 log₂ N subtrees each. */
function reductions({ method, steps, preconditioner }: DistributedSolve, ranks: number): Communication[] {
  const batches = { cg: preconditioner === "none" ? 2 : 3, minres: 2, gmres: 2, fgmres: 2 }[method];
  const record = 1 + 3 * (2 * Math.ceil(Math.log2(steps + 1)) + 1);
  return Array.from({ length: batches }, () => ({ name: "inner products", messages: ranks, doubles: ranks * record, waits: treeDepth(ranks), doublesOfRank: ranks * record }));
}
