import { isPipelined, pipelinedSweep, requireArgument, scatter, spaceTimeHalo, sweepOver, type Communicator, type SpaceTimeDiscretization, type SpaceTimeHalo, type SpaceTimeLayout, type StepRange, type Sweep } from "@parakkt/core";
import { laneOverlaps, type LaneOverlaps } from "./lane-overlaps.js";
import { localBlock, type LocalBlock, type LocalVector } from "./local-vectors.js";
import type { MatchingFactorKind } from "./matching-factor.js";
import { overlapExchange } from "./overlap-exchange.js";

/**
 * The local solves Sᵢ⁻¹ ≈ (Rᵢ S Rᵢᵀ)⁻¹ on all extended subdomains of this rank: a forward and an adjoint sweep each,
 * independent of one another.
 */
export interface SubdomainSolves {
  /** local ← Sᵢ⁻¹ Rᵢ residual is to be found on every subdomain, by `advance`; which reads `residual` until the end. */
  begin(residual: Float64Array): void;
  /** Solves until a share of the work, 0 … 1, is done. The first call begins the exchange between ranks, and 1 has ended it. */
  advance(share: number): void;
  /** out ← out + Σᵢ Rᵢᵀ local, all extended steps: a step adds its own subdomain's value, then the one before, then the one after. */
  addExtended(out: Float64Array): void;
  /** out ← out + Σᵢ R̃ᵢᵀ local, owned steps only. */
  addOwned(out: Float64Array): void;
}

interface SweptBlock extends LocalBlock {
  readonly sweep: Sweep;
  readonly overlaps: LaneOverlaps | undefined;
}

/**
 * 2(m + 2δ) spatial solves a subdomain. One exchange of δ states each way, in front of which the subdomains inside of the rank are solved;
 * the sweeps over a subdomain that ranks share are pipelined, one state from rank to rank each way. Storage: the states of all extended subdomains, the halos, and the
 * states of the sweeps.
 */
export function subdomainSolves(discretization: SpaceTimeDiscretization, kind: MatchingFactorKind): SubdomainSolves {
  const { stateLayout, partition, communicator, arena } = discretization;
  requireWideParts(discretization);
  const pipeline = { communicator, arena, stateSize: stateLayout.dofs };
  const blocks = stateLayout.groups.map((group): SweptBlock => {
    const block = localBlock(discretization, group, kind);
    return { ...block, sweep: pipelinedSweep(sweepOver(discretization, block.lanes), block.continuation, pipeline), overlaps: laneOverlaps(discretization, block) };
  });
  const locals = blocks.flatMap(({ lanes }) => lanes);
  const neighbours = blocks.flatMap(({ lanes, overlaps }, b) => {
    const [next] = blocks[b + 1]?.lanes ?? [];
    const all = next ? [...lanes, next] : lanes;
    return all.slice(1).map((right, i) => ({ left: all[i], right })).filter(({ right }) => !overlaps || right === next);
  });
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
    ...localWork({ communicator, stateLayout, blocks, halo, state }),
    addOwned,
    addExtended(out) {
      edges.start();
      addOwned(out);
      edges.finish();
      edges.addFromPrevious(out);
      for (const { left, right } of neighbours) addRows(left, { first: right.owned.first, last: left.extended.last }, out);
      for (const { overlaps } of blocks) overlaps?.addToNext(out);
      for (const { left, right } of neighbours) addRows(right, { first: right.extended.first, last: left.owned.last }, out);
      for (const { overlaps } of blocks) overlaps?.addToPrevious(out);
      edges.addFromNext(out);
    },
  };
}

interface LocalWork {
  readonly communicator: Communicator;
  readonly stateLayout: SpaceTimeLayout;
  readonly blocks: readonly SweptBlock[];
  readonly halo: SpaceTimeHalo;
  /** Room for one. */
  readonly state: Float64Array;
}

/** The solves piece by piece: first the blocks that need no step of another rank, while the halo travels. */
function localWork({ communicator, stateLayout, blocks, halo, state }: LocalWork): Pick<SubdomainSolves, "begin" | "advance"> {
  const inside = blocks.slice(1, -1).map((block) => [block]);
  const outside = blocks.filter((_, b) => b === 0 || b === blocks.length - 1);
  const pieces = [...inside, ...(outside.some(({ continuation }) => isPipelined(continuation)) ? [outside] : outside.map((block) => [block]))];
  let begun: Float64Array | undefined;
  let residual = state;
  let done = 0;
  const start = (): void => {
    residual = begun!;
    begun = undefined;
    halo.start(residual);
  };
  const solvePiece = (piece: readonly SweptBlock[]): void => {
    communicator.progress?.();
    if (done === inside.length) halo.finish();
    for (const block of piece) {
      restrict(stateLayout, block, residual);
      fillOverlap(block, (n) => (halo.read(residual, n, state), state));
    }
    sweepBlocks(piece);
    done++;
  };
  return {
    begin(of) {
      begun = of;
      done = 0;
    },
    advance(share) {
      if (begun) start();
      while (done < Math.ceil(share * pieces.length - 0.5)) solvePiece(pieces[done]);
    },
  };
}

/** The overlap must not reach across the part of a subdomain that a rank holds. */
function requireWideParts({ partition, stateLayout: { slices } }: SpaceTimeDiscretization): void {
  for (let rank = 0; rank < slices.ranks; rank++) {
    const steps = slices.ownedBy(rank);
    for (const step of [steps.first, steps.last]) {
      const { first, last } = partition.owned(partition.subdomainOf(step));
      const part = Math.min(last, steps.last) - Math.max(first, steps.first) + 1;
      requireArgument(part >= partition.overlap, () => ({
        what: "number of ranks",
        where: "subdomainSolves",
        expected: `parts of subdomains that are no shorter than the overlap of ${partition.overlap} steps`,
        got: `a part of ${part} steps, for ${slices.ranks} ranks and ${partition.subdomains} subdomains`,
        hint: "Use no more ranks than subdomains, or a smaller overlap.",
      }));
    }
  }
}

/**
 * Whole subdomains are swept at once. One that goes on on the next rank begins first, so that the next rank need not wait, and is finished last;
 * one that comes from the previous rank is swept when that rank has had time.
 */
function sweepBlocks(blocks: readonly SweptBlock[]): void {
  const beginning = blocks.filter(({ continuation: { fromPrevious, toNext } }) => toNext && !fromPrevious);
  for (const { sweep, data } of beginning) sweep.forward(data);
  for (const block of blocks) {
    if (beginning.includes(block) || block.continuation.fromPrevious) continue;
    block.sweep.forward(block.data);
    block.sweep.adjoint(block.data);
  }
  for (const { sweep, data, continuation } of blocks) {
    if (!continuation.fromPrevious) continue;
    sweep.forward(data);
    sweep.adjoint(data);
  }
  for (const { sweep, data } of beginning) sweep.adjoint(data);
}

/** The rows of the group as they lie; in the overlap those of the neighbours in the block, or zeros. */
function restrict({ dofs }: SpaceTimeLayout, { group, data, head, overlaps }: SweptBlock, residual: Float64Array): void {
  const rowLength = dofs * group.lanes;
  const overlapLength = head * rowLength;
  data.set(residual.subarray(group.offset, group.offset + group.rows * rowLength), overlapLength);
  if (overlaps) return overlaps.fill(residual);
  data.fill(0, 0, overlapLength);
  data.fill(0, overlapLength + group.rows * rowLength);
}

/** The steps that a lane shares with its neighbours, one by one; of lanes that are filled together those before the first and after the last one. */
function fillOverlap({ data, head, lanes, overlaps }: SweptBlock, stateOf: (step: number) => Float64Array): void {
  const fill = ({ offsets, strides, rowOf }: LocalVector, first: number, last: number): void => {
    for (let n = first; n <= last; n++) scatter(stateOf(n), data, offsets[rowOf(n)], strides[rowOf(n)]);
  };
  lanes.forEach((local, lane) => {
    const { owned, extended } = local;
    if (!overlaps || lane === 0) fill(local, overlaps ? owned.first - head : extended.first, owned.first - 1);
    if (!overlaps || lane === lanes.length - 1) fill(local, owned.last + 1, overlaps ? owned.last + head : extended.last);
  });
}

/** Rows that all lanes own are added as they lie, the others lane by lane. */
function addOwnedRows({ stateLayout, lanes: kernels }: SpaceTimeDiscretization, { group, data, head, lanes }: LocalBlock, out: Float64Array): void {
  const rowLength = stateLayout.dofs * group.lanes;
  const overlapLength = head * rowLength;
  const common = Math.min(...lanes.map(({ owned }) => owned.last - owned.first + 1));
  if (kernels) kernels.vectors.axpy(1, { data, offset: overlapLength }, { data: out, offset: group.offset }, common * rowLength);
  else for (let i = 0; i < common * rowLength; i++) out[group.offset + i] += data[overlapLength + i];
  for (const { owned, offsets, strides, rowOf } of lanes) {
    for (let n = owned.first + common; n <= owned.last; n++) {
      const [from, stride] = [offsets[rowOf(n)], strides[rowOf(n)]];
      const to = stateLayout.offsetOf(n);
      for (let j = 0; j < stateLayout.dofs; j++) out[to + j * stride] += data[from + j * stride];
    }
  }
}
