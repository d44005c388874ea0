import type { PlanFacts } from "@parakkt/precond";
import { fieldFormula, fieldScope, type FieldKey } from "../config/field-formulas.js";
import type { ResolvedConfig } from "../config/resolved-config.js";

/** The rounding of a product with a stencil row, relative to twice its diagonal: signs at random, in a unit of the last place (measured). */
const ROUNDING = 0.4 * Number.EPSILON;

/** Points of an axis, and times, that data are sampled at. */
const [SAMPLES, TIMES] = [12, 8];

/**
 * The relative KKT residual that rounding is expected to leave, mostly from above and within a factor of 30 (FLOOR.2): ε ‖(I + τ·2 diag L) u‖/‖r‖ with the size
 * of u and λ from sampled data, between free evolution and target. `undefined` where data come from files. Some thousand evaluations of formulas.
 */
export function attainableAccuracy(config: ResolvedConfig, facts: PlanFacts): number | undefined {
  const data = sampledData(config, facts);
  if (data === undefined) return undefined;
  const { steps, duration, extent, diffusivity, controlScale, regularization } = facts;
  const slowest = extent.reduce((sum, length) => sum + (diffusivity.effective ?? diffusivity.smallest) * (Math.PI / length) ** 2, 0);
  const rate = Math.abs(controlScale) / Math.sqrt(regularization);
  const followed = rate ** 2 / (rate ** 2 + slowest ** 2 + (Math.PI / (2 * duration)) ** 2);
  const multiplier = 1 / ((slowest + rate) * duration);
  const lasting = Math.min(steps, 1 + steps / (2 * duration * (slowest + rate)));
  const heated = ((1 - followed) * Math.min(duration, 1 / slowest)) ** 2;
  const { target, initialState, source } = data;
  const rounded = steps * (followed ** 2 + multiplier ** 2) * target.rounded + lasting * initialState.rounded + steps * heated * source.rounded;
  const rhs = target.square / steps + initialState.square + (duration ** 2 / steps) * source.square;
  return rhs > 0 ? ROUNDING * Math.sqrt(1 + rounded / rhs) : undefined;
}

/** Means over box and time of v² and of ((1 + τ·2 diag L) v)². */
interface Sampled {
  readonly square: number;
  readonly rounded: number;
}

type Datum = "target" | "initialState" | "source";

function sampledData(config: ResolvedConfig, { points, extent, steps, duration }: PlanFacts): Record<Datum, Sampled> | undefined {
  const stencil = points.reduce((sum, count, axis) => sum + 4 * ((count + 1) / extent[axis]!) ** 2, 0);
  const formulaOf = (key: FieldKey) => fieldFormula(config.problem[key], fieldScope(key, points.length, config.problem.parameters));
  const diffusivity = formulaOf("diffusivity");
  const data = (["target", "initialState", "source"] as const).map((key) => [key, formulaOf(key)] as const);
  if (diffusivity === undefined) return undefined;
  const sampled: [Datum, Sampled][] = [];
  for (const [key, formula] of data) {
    if (formula === undefined) return undefined;
    let [square, rounded, count] = [0, 0, 0];
    forEachSample(extent, duration, (point) => {
      const value = formula.evaluate(point) ** 2;
      square += value;
      rounded += value * (1 + (duration / steps) * stencil * diffusivity.evaluate(point)) ** 2;
      count++;
    });
    sampled.push([key, { square: square / count, rounded: rounded / count }]);
  }
  return Object.fromEntries(sampled) as Record<Datum, Sampled>;
}

/** Midpoints of a coarse grid in box and time, in one and the same array. */
function forEachSample(extent: readonly number[], duration: number, visit: (point: Float64Array) => void): void {
  const [nx, ny, nz] = [0, 1, 2].map((axis) => (axis < extent.length ? SAMPLES : 1));
  const point = new Float64Array(4);
  for (let index = 0; index < nx! * ny! * nz! * TIMES; index++) {
    const cell = [index % nx!, Math.floor(index / nx!) % ny!, Math.floor(index / (nx! * ny!)) % nz!];
    extent.forEach((length, axis) => (point[axis] = ((cell[axis]! + 0.5) / SAMPLES) * length));
    point[3] = ((Math.floor(index / (nx! * ny! * nz!)) + 0.5) / TIMES) * duration;
    visit(point);
  }
}
