import { MANY_ITERATIONS } from "./iteration-bound.js";
import type { CompleteFacts } from "./plan-facts.js";

/**
 * The predicted number of CG iterations on H = ωW + Bᵀ J⁻ᵀ W J⁻¹ B: CG is run, as a scalar iteration, on the spectrum that H has for the
 * effective constant ν, with a model of the data (docs/theory/cost-model.md). About 10⁵ operations.
 *
 * In the mode of L with eigenvalue µ, H/(ωτ) has the eigenvalues 1 + (s²/ω)/(µ² + θₖ²), k = 1 … N.   (COST.2)
 */
export function reducedIterations(facts: CompleteFacts): number {
  return iterationsOn(hessianSpectrum(facts), facts.relativeTolerance);
}

/** κ(H) from above (COST.2). */
export function reducedCondition(facts: CompleteFacts): number {
  return Math.min(Number.MAX_VALUE, 1 + (facts.rate / Math.hypot(smallestEigenvalue(facts), firstFrequency(facts))) ** 2);
}

/** µ₁ of L. */
export function smallestEigenvalue({ diffusivity, extent }: CompleteFacts): number {
  return extent.reduce((sum, length) => sum + diffusivity.effective * (Math.PI / length) ** 2, 0);
}

/** π/(2T): the slowest change in time of which the adjoint, zero at T, is capable. */
export function firstFrequency({ duration }: CompleteFacts): number {
  return Math.PI / (2 * duration);
}

/** A point of a discrete measure. */
interface Atom {
  readonly at: number;
  readonly weight: number;
}

/** Excess 1/ω·σ² below which an eigenvalue is 1, and above which all count as one. */
const [NEGLIGIBLE_EXCESS, LARGEST_EXCESS] = [1e-30, 1e30];
/** Eigenvalues this close, relatively, are one. */
const [MODE_WIDTH, EXCESS_WIDTH] = [0.02, 0.01];

/** The eigenvalues of H/(ωτ) minus 1, weighted by the squared coefficients of the first residual. */
function hessianSpectrum(facts: CompleteFacts): Atom[] {
  const { steps, duration, rate } = facts;
  const times = sampledIndices(steps, 24, 1.08);
  const least = Math.hypot(smallestEigenvalue(facts), firstFrequency(facts));
  const atoms: Atom[] = [];
  for (const { at: mu, weight } of spatialSpectrum(facts)) {
    for (const { index, count } of times) {
      const frequency = timeFrequency({ index, steps, step: duration / steps, mu });
      const gain = Math.hypot(mu, frequency);
      const excess = (rate / gain) ** 2;
      const coefficient = (least / gain) ** 2 * (count / index ** 2) * weight;
      if (excess > NEGLIGIBLE_EXCESS && coefficient > 0) atoms.push({ at: Math.min(excess, LARGEST_EXCESS), weight: coefficient });
    }
  }
  return binned(atoms, EXCESS_WIDTH);
}

/** θₖ of (COST.2): about (k − ½)π/T for µT → 0, kπ/T for large µT. The equation for φₖ is solved by three fixed-point steps. */
function timeFrequency({ index, steps, step, mu }: { index: number; steps: number; step: number; mu: number }): number {
  const x = Math.min(step * mu, Number.MAX_VALUE);
  const slope = 1 + 2 / x;
  let phase = ((index - 0.5) * Math.PI) / (steps + 0.5);
  for (let pass = 0; pass < 3; pass++) phase = (index * Math.PI - Math.atan(slope * Math.tan(phase / 2))) / (steps + 0.5);
  return Math.sqrt(1 + x) * (2 / step) * Math.sin(phase / 2);
}

/** Eigenvalues of −ν∆ₕ for the effective ν; the coefficient of mode (j₁, j₂, …) falls as 1/Πj², between data that jump at the boundary (1/j) and smooth ones. */
function spatialSpectrum({ points, extent, diffusivity }: CompleteFacts): Atom[] {
  let atoms: readonly Atom[] = [{ at: 0, weight: 1 }];
  points.forEach((count, axis) => {
    const root = ((2 * (count + 1)) / extent[axis]) * Math.sqrt(diffusivity.effective);
    const onAxis = sampledIndices(count, 12, 1.2).map(({ index, count: many }) => ({
      at: Math.min((root * Math.sin((Math.PI * index) / (2 * (count + 1)))) ** 2, Number.MAX_VALUE),
      weight: many / index ** 4,
    }));
    atoms = binned(
      atoms.flatMap((a) => onAxis.map((b) => ({ at: Math.min(a.at + b.at, Number.MAX_VALUE), weight: a.weight * b.weight }))),
      MODE_WIDTH,
    );
  });
  return [...atoms];
}

/** 1, 2, … one by one, then in geometric progression; each stands for `count` of them. */
function sampledIndices(last: number, each: number, growth: number): { index: number; count: number }[] {
  const indices: { index: number; count: number }[] = [];
  for (let index = 1; index <= last; ) {
    const next = index < each ? index + 1 : Math.max(index + 1, Math.round(index * growth));
    indices.push({ index, count: Math.min(next, last + 1) - index });
    index = next;
  }
  return indices;
}

/** Atoms of about the same place become one at their mean. */
function binned(atoms: readonly Atom[], width: number): Atom[] {
  const bins = new Map<number, { moment: number; weight: number }>();
  const largest = atoms.reduce((most, { at }) => Math.max(most, at), Number.MIN_VALUE);
  for (const { at, weight } of atoms) {
    const key = Math.round(Math.log(at) / width);
    const bin = bins.get(key) ?? { moment: 0, weight: 0 };
    bins.set(key, { moment: bin.moment + (at / largest) * weight, weight: bin.weight + weight });
  }
  return [...bins.values()].map(({ moment, weight }) => ({ at: (moment / weight) * largest, weight }));
}

/** Iterations that are run before the rest is extrapolated. */
const RUN_ITERATIONS = 400;

/** CG on I + diag(at) from the residual √weight, until it is `tolerance` times as large. */
function iterationsOn(atoms: readonly Atom[], tolerance: number): number {
  const residual = Float64Array.from(atoms, ({ weight }) => Math.sqrt(weight));
  const direction = residual.slice();
  const first = residual.reduce((sum, r) => sum + r * r, 0);
  let square = first;
  for (let k = 0; k < RUN_ITERATIONS; k++) {
    if (!(square > tolerance * tolerance * first)) return Math.max(1, k);
    const energy = direction.reduce((sum, p, i) => sum + (1 + atoms[i].at) * p * p, 0);
    const step = square / energy;
    atoms.forEach(({ at }, i) => (residual[i] -= step * (1 + at) * direction[i]));
    const next = residual.reduce((sum, r) => sum + r * r, 0);
    direction.forEach((p, i) => (direction[i] = residual[i] + (next / square) * p));
    square = next;
  }
  const decades = Math.log(square / first) / 2;
  const iterations = decades < 0 ? (RUN_ITERATIONS * Math.log(tolerance)) / decades : MANY_ITERATIONS;
  return Math.min(MANY_ITERATIONS, Math.ceil(Math.max(RUN_ITERATIONS, iterations)));
}
