import { requireArgument } from "../errors.js";
import type { StoppingCriteria } from "./krylov-method.js";

/** What `solve` uses for the criteria it is not given: ‖rₖ‖ ≤ 1e-8 ‖r₀‖ within 200 iterations, 100 of them without progress. */
export const defaultStoppingCriteria: StoppingCriteria = {
  relativeTolerance: 1e-8,
  absoluteTolerance: 0,
  maxIterations: 200,
  stagnationWindow: 100,
};

/** The given criteria completed by the defaults. Throws `InvalidArgumentError` for a criterion that can never be met or tested. */
export function completeCriteria(given: Partial<StoppingCriteria>, where: string): StoppingCriteria {
  const criteria = { ...defaultStoppingCriteria, ...given };
  requireTolerance("relativeTolerance", criteria.relativeTolerance, where);
  requireTolerance("absoluteTolerance", criteria.absoluteTolerance, where);
  requireArgument(Number.isInteger(criteria.maxIterations) && criteria.maxIterations >= 0, () => ({
    what: "maxIterations",
    where,
    expected: "an integer, 0 or more",
    got: String(criteria.maxIterations),
  }));
  requireArgument(criteria.stagnationWindow >= 1, () => ({
    what: "stagnationWindow",
    where,
    expected: "1 or more iterations",
    got: String(criteria.stagnationWindow),
    hint: "Infinity switches the stagnation test off.",
  }));
  return criteria;
}

function requireTolerance(name: string, value: number, where: string): void {
  requireArgument(value >= 0 && Number.isFinite(value), () => ({
    what: name,
    where,
    expected: "a finite number, 0 or more",
    got: String(value),
  }));
}
