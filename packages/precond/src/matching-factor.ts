import { requireName, type StepRange, type SweepRow, type TimeGrid, type TimeStep } from "@parakkt/core";

/**
 * How the scalar time matrix T_c is factored:
 * `exact` T_c = CCᵀ (TAP.1); `dyadic` the same with the diagonal frozen on the ranges 2ʲ … 2ʲ⁺¹−1, so that only
 * ⌊log₂ n⌋ + 1 reactions occur (TAP.3; steps of unequal size fall back to `exact`); `stationary` with the limit ℓ of the diagonal
 * from the first row on, so that a single reaction occurs (TAP.5); `classical` C = (1 + c) I − shift (SCH.3).
 */
export type MatchingFactorKind = "exact" | "dyadic" | "stationary" | "classical";

/** Throws `InvalidArgumentError` for any other name. */
export function requireMatchingFactor(kind: MatchingFactorKind, where: string): void {
  requireName(kind, ["exact", "dyadic", "stationary", "classical"], { what: "matching factor", where });
}

export interface MatchingFactorOptions {
  readonly grid: TimeGrid;
  /** Steps of the interval. A range that begins at step 1 has the natural left end, any other the Dirichlet one. */
  readonly range: StepRange;
  /** ρ in 1/time, so that cₖ = τₖρ (RAT.1). */
  readonly reactionRate: number;
  readonly kind: MatchingFactorKind;
  /** Of equal steps: the Dirichlet left end, so many further steps before the range. */
  readonly lead?: number | undefined;
}

/**
 * The rows of the sweeps with (C⊗I + W^½⊗L) and its transpose, whose product is the matching Ŝ of S on an interval.
 *
 * With qₖ = τₖ/τₖ₋₁ and ℓₖ = √τₖ Cₖₖ one recursion serves every case (TAP.4); equal steps give (TAP.1):
 *
 *     ℓ₁² = 1 + c₁² (natural left end)  or  1 + c₁² + q₁ (Dirichlet),      ℓₖ² = 1 + cₖ² + qₖ (1 − 1/ℓₖ₋₁²)
 *
 * Row k is a step of size τₖ with reaction (ℓₖ − 1)/τₖ, right-hand side times √τₖ, previous row times √qₖ/ℓₖ₋₁,
 * in the transpose the next row times 1/ℓₖ (TAP.2).
 */
export function matchingRows({ grid, range, reactionRate, kind, lead }: MatchingFactorOptions): SweepRow[] {
  requireMatchingFactor(kind, "matchingRows");
  const steps = stepsOf(grid, range);
  const ratios = steps.map((step) => (step.index > 1 ? step.size / grid.step(step.index - 1).size : 0));
  if (lead !== undefined) ratios[0] = 1;
  const c = (k: number): number => reactionRate * steps[k].size;
  if (kind === "classical") {
    return steps.map((step, k) => sweepRow(step, 1 + c(k), { coupling: Math.sqrt(ratios[k]), adjointCoupling: 1 }));
  }
  if (kind === "stationary" && grid.uniform) {
    const limit = stationaryDiagonal(c(0));
    return steps.map((step, k) => sweepRow(step, limit, { coupling: k === 0 ? 0 : 1 / limit, adjointCoupling: 1 / limit }));
  }
  const before = new Array<number>(lead ?? 0);
  const reactions = [...before.fill(c(0)), ...steps.map((_, k) => c(k))];
  const exact = exactDiagonal(reactions, [...before.fill(1), ...ratios], kind === "stationary" ? stationaryDiagonal(c(0)) : undefined);
  const diagonal = kind === "dyadic" && grid.uniform ? dyadicDiagonal(exact, { c: c(0), q: ratios[1] ?? 1 }) : exact;
  return steps.map((step, k) => {
    const row = before.length + k;
    const coupling = k === 0 ? 0 : Math.sqrt(ratios[k]) / exact[row - 1];
    return sweepRow(step, diagonal[row], { coupling, adjointCoupling: 1 / exact[row] });
  });
}

function stepsOf(grid: TimeGrid, { first, last }: StepRange): TimeStep[] {
  return Array.from({ length: last - first + 1 }, (_, k) => grid.step(first + k));
}

function sweepRow(step: TimeStep, diagonal: number, couplings: { coupling: number; adjointCoupling: number }): SweepRow {
  return { step, reaction: (diagonal - 1) / step.size, scale: Math.sqrt(step.size), ...couplings };
}

/** ℓ = c/2 + √(1 + c²/4), the limit of the recursion for equal steps: ℓ − 1/ℓ = c (TAP.5). */
export function stationaryDiagonal(c: number): number {
  return c / 2 + Math.sqrt(1 + (c * c) / 4);
}

/** ℓₖ of the recursion above; ratios[0] = 0 is the natural left end. `first`: begins with this value instead. */
function exactDiagonal(c: readonly number[], ratios: readonly number[], first?: number): number[] {
  const diagonal: number[] = first === undefined ? [] : [first];
  for (let k = diagonal.length; k < c.length; k++) diagonal.push(nextDiagonal(c[k], ratios[k], diagonal[k - 1] ?? Infinity));
  return diagonal;
}

function nextDiagonal(c: number, q: number, previous: number): number {
  return Math.sqrt(1 + c * c + q * (1 - 1 / (previous * previous)));
}

/** Index k = 2ʲ … 2ʲ⁺¹−1 takes the value of index ⌊(3·2ʲ−1)/2⌋, the recursion continued past the end where needed. */
function dyadicDiagonal(exact: readonly number[], { c, q }: { c: number; q: number }): number[] {
  const continued = [...exact];
  const valueAt = (index: number): number => {
    while (continued.length < index) continued.push(nextDiagonal(c, q, continued[continued.length - 1]));
    return continued[index - 1];
  };
  return exact.map((_, k) => valueAt(Math.floor((3 * 2 ** Math.floor(Math.log2(k + 1)) - 1) / 2)));
}
