import { requireArgument } from "../errors.js";
import type { TimeIntegrator } from "../integrators/time-integrator.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import type { TimeStep } from "../time/time-step.js";

/**
 * Requires what (DIA.1) rests on: equal steps, and rows A uₙ − uₙ₋₁ = s τ zₙ + fₙ with a symmetric A that is the same in every step. The integrator is
 * tried on two vectors in the first, the middle and the last step. Errors: `InvalidArgumentError` naming what does not hold.
 */
export function requireDiagonalizableTime({ partition, integrator }: Pick<SpaceTimeDiscretization, "partition" | "integrator">, where: string): void {
  const { grid } = partition;
  const broken = grid.uniform ? brokenAssumption(integrator, [1, Math.ceil(grid.steps / 2), grid.steps].map((n) => grid.step(n))) : "steps of unequal size";
  requireArgument(broken === undefined, () => ({
    what: "time discretization",
    where,
    expected: "equal steps A uₙ − uₙ₋₁ = s τ zₙ + fₙ with a symmetric A that does not depend on time",
    got: String(broken),
    hint: "Use the two-level or multilevel method, which do not need it.",
  }));
}

/** Relative differences beyond this are more than rounding. */
const TOLERANCE = 1e-10;

function brokenAssumption(integrator: TimeIntegrator, steps: readonly TimeStep[]): string | undefined {
  const { stateSize, controlSize, controlScale } = integrator;
  if (controlSize !== stateSize) return "a control that is not distributed over all degrees of freedom";
  const [x, y] = [probe(stateSize, 1), probe(stateSize, 2)];
  const zero = new Float64Array(stateSize);
  const [first] = steps;
  const image = (step: TimeStep, previous: Float64Array, current: Float64Array): Float64Array => {
    const out = new Float64Array(stateSize);
    integrator.residual(step, previous, current, out);
    return out;
  };
  const controlled = new Float64Array(stateSize);
  integrator.applyControl(first, x, controlled);
  const [ax, ay] = [image(first, zero, x), image(first, zero, y)];
  const differs = (a: Float64Array, b: (j: number) => number): boolean => a.some((value, j) => Math.abs(value - b(j)) > TOLERANCE * (Math.abs(value) + Math.abs(b(j))));
  if (differs(image(first, x, zero), (j) => -x[j])) return "a previous state that does not enter as it is";
  if (differs(controlled, (j) => controlScale * first.size * x[j])) return "a control that does not enter as s τ z";
  if (Math.abs(dot(ax, y) - dot(x, ay)) > TOLERANCE * Math.sqrt(dot(ax, ax) * dot(y, y))) return "an operator that is not symmetric";
  if (steps.some((step) => differs(image(step, zero, x), (j) => ax[j]))) return "an operator that depends on time";
  return undefined;
}

/** Positive numbers without a pattern. */
function probe(size: number, seed: number): Float64Array {
  return Float64Array.from({ length: size }, (_, j) => 1 + 0.5 * Math.sin((j + 1) * (j + 1 + seed)));
}

function dot(x: Float64Array, y: Float64Array): number {
  return x.reduce((sum, value, j) => sum + value * y[j], 0);
}
