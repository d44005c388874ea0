import { defaultHaltingCriteria, judge, type HaltingCriteria, type MgritReason, type MgritResult } from "./halting.js";
import type { Level } from "./level.js";

/** What the iteration needs of a solver. */
export interface Iteration {
  readonly finest: Level;
  /** With one level there is nothing to iterate. */
  readonly levels: number;
  cycle(): void;
  /** ‖r‖ after F-relaxation. */
  norm(): number;
  /** All steps in order, over all ranks. */
  serialMarch(): void;
}

/** Cycles until a criterion is met. A residual that is not finite ends the iteration: the states are then those of the serial march. */
export function iterate(iteration: Iteration, criteria: Partial<HaltingCriteria>): MgritResult {
  if (iteration.levels === 1) return { reason: marchOnly(iteration), iterations: 0, residualNorms: [] };
  const { finest, cycle, norm } = iteration;
  const limits = { ...defaultHaltingCriteria, ...criteria };
  finest.relaxF();
  const residualNorms = [norm()];
  const result = (reason: MgritReason): MgritResult => ({ reason, iterations: residualNorms.length - 1, residualNorms });
  while (Number.isFinite(residualNorms[residualNorms.length - 1])) {
    const reason = judge(residualNorms, limits);
    if (reason) return result(reason);
    cycle();
    residualNorms.push(norm());
  }
  return result(fallBack(iteration, residualNorms.length - 1));
}

function marchOnly({ finest, serialMarch }: Iteration): MgritReason {
  serialMarch();
  if (finest.state(finest.held.last).every(Number.isFinite)) return { kind: "converged", by: "serial-march" };
  return { kind: "failed", by: "non-finite", iteration: 0, evidence: "the serial march ends in a state that is not finite" };
}

/** After the march a finite residual is zero: what a sweep of the intervals finds are the bits of the march. */
function fallBack({ finest, norm, serialMarch }: Iteration, iteration: number): MgritReason {
  serialMarch();
  finest.relaxF();
  if (Number.isFinite(norm())) {
    return { kind: "fell-back", by: "non-finite", iteration, evidence: `the residual after ${iteration} cycles was not finite; the states are those of the serial march` };
  }
  return { kind: "failed", by: "non-finite", iteration, evidence: `neither the residual after ${iteration} cycles nor the serial march is finite` };
}
