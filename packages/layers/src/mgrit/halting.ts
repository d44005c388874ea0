/** When to stop: ‖r‖ ≤ max(relativeTolerance · ‖r₀‖, absoluteTolerance), or after so many cycles. */
export interface HaltingCriteria {
  readonly relativeTolerance: number;
  readonly absoluteTolerance: number;
  readonly maxIterations: number;
}

export const defaultHaltingCriteria: HaltingCriteria = { relativeTolerance: 1e-10, absoluteTolerance: 0, maxIterations: 50 };

/** Why a solve ended. Numerical outcomes are values: every caller must handle each of them. */
export type MgritReason =
  | { readonly kind: "converged"; readonly by: "relative-tolerance" | "absolute-tolerance" | "serial-march" }
  | { readonly kind: "stopped"; readonly by: "max-iterations" }
  /** The iteration broke down and the states are those of the serial march: exact, but not parallel. */
  | { readonly kind: "fell-back"; readonly by: "non-finite"; readonly iteration: number; readonly evidence: string }
  /** The serial march itself leaves the numbers. */
  | { readonly kind: "failed"; readonly by: "non-finite"; readonly iteration: number; readonly evidence: string };

export interface MgritResult {
  readonly reason: MgritReason;
  readonly iterations: number;
  /** ‖r‖ of the initial guess after F-relaxation and after each cycle; empty for plain stepping. */
  readonly residualNorms: readonly number[];
}

/** The outcome after the last of the residual norms, or undefined where another cycle is to be made. */
export function judge(norms: readonly number[], criteria: HaltingCriteria): MgritReason | undefined {
  const { relativeTolerance, absoluteTolerance, maxIterations } = criteria;
  const iterations = norms.length - 1;
  const norm = norms[iterations];
  if (norm <= absoluteTolerance) return { kind: "converged", by: "absolute-tolerance" };
  if (norm <= relativeTolerance * norms[0]) return { kind: "converged", by: "relative-tolerance" };
  if (iterations >= maxIterations) return { kind: "stopped", by: "max-iterations" };
  return undefined;
}
