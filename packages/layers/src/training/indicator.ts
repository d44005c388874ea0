import type { MgritResult } from "../mgrit/halting.js";

/** Cycles of a forward and a backward solve; or serial propagation, which is exact. */
export type Effort = { readonly kind: "inexact"; readonly forward: number; readonly backward: number } | { readonly kind: "serial" };

/** When the iteration is looked at, and what is done where it does not converge. */
export interface IndicatorOptions {
  /** Updates from one look to the next. */
  readonly every: number;
  /** ρ above which the iteration counts as diverging. Default 1. */
  readonly threshold?: number;
  /** Twice as many cycles, up to `maxIterations` and serial beyond; or serial for good at once. Default "serial". */
  readonly action?: "more-iterations" | "serial";
  /** Default 8. */
  readonly maxIterations?: number;
}

/** Residuals that are so small against the first one are rounding: their ratio means nothing. */
const ROUNDING = 1e-12;

/** ρ = ‖r₂ₖ‖/‖r₂ₖ₋₁‖ after twice the usual number k of cycles (TRN.3): the convergence factor of the last one. 0 where all is converged; Infinity after a breakdown. */
export function convergenceIndicator({ residualNorms, reason }: MgritResult): number {
  if (reason.kind === "fell-back" || reason.kind === "failed") return Infinity;
  if (residualNorms.length < 2) return 0;
  const [before, last] = residualNorms.slice(-2);
  return last <= ROUNDING * residualNorms[0] ? 0 : last / before;
}

/** Twice the cycles: what the indicator is computed with. */
export function doubled(effort: Effort): Effort {
  return effort.kind === "serial" ? effort : { kind: "inexact", forward: 2 * effort.forward, backward: 2 * effort.backward };
}

/** The effort from now on. */
export function adaptedEffort(effort: Effort, indicator: number, options: IndicatorOptions): Effort {
  const { threshold = 1, action = "serial", maxIterations = 8 } = options;
  if (effort.kind === "serial" || indicator <= threshold) return effort;
  const more = doubled(effort);
  const affordable = more.kind === "inexact" && Math.max(more.forward, more.backward) <= maxIterations;
  return action === "more-iterations" && affordable ? more : { kind: "serial" };
}
