import type { TimeGrid } from "../time/time-grid.js";
import { uniformTimeGrid } from "../time/time-grid.js";
import type { TimeStep } from "../time/time-step.js";
import type { TimeIntegrator } from "./time-integrator.js";

/** One law that an integrator must obey: the figure that was found, and the largest that is allowed. */
export interface IntegratorCheck {
  /** The law, as a sentence with its formula. */
  readonly law: string;
  readonly figure: number;
  readonly tolerance: number;
  readonly passed: boolean;
}

export interface IntegratorCheckOptions {
  /** A step of the grid that the integrator will be used on. */
  readonly step: TimeStep;
  /** Source of test vectors in [−1, 1]; deterministic, so that a failure can be repeated. */
  readonly random: () => number;
  /** ρ > 0 in 1/time, default 1/τ. */
  readonly reaction?: number;
  /** Relative residual that `step` may leave, default 1e-10; as large as the inner tolerance of an iterative solver. */
  readonly solveTolerance?: number;
  /** A smooth state and a duration: then the observed order is checked too. */
  readonly smooth?: { readonly state: Float64Array; readonly duration: number };
}

/** Rounding of a scalar product of moderate length, relative to the product of the norms. */
const IDENTITY_TOLERANCE = 1e-12;

/**
 * The conformance suite of `TimeIntegrator`: an implementation that passes may be used with every formulation and preconditioner.
 *
 * Cost: some twenty steps; with `smooth` 112 more. Never throws for a wrong integrator; every law is reported.
 */
export function checkTimeIntegrator(integrator: TimeIntegrator, options: IntegratorCheckOptions): IntegratorCheck[] {
  const { step, reaction = 1 / step.size } = options;
  const bench = testBench(integrator, options);
  const reacting = integrator.withReaction(reaction);
  const inReaction = testBench(reacting, options);
  return [
    ...lawsOf(bench, options, ""),
    ...lawsOf(inReaction, options, " with reaction"),
    within("withReaction(ρ) adds ρu: ((Lρ − Rρ) − (L − R)) x = τρ x + O((τρ)²)", reactionDefect(integrator, options), 0.1),
    within("withReaction(ρ/2) twice is withReaction(ρ)", additivityDefect(integrator, reaction, options), IDENTITY_TOLERANCE),
    ...(integrator.slowestDecay ? [within("states decay at least as fast as slowestDecay says: (1 + τµ₀) ‖step(x, 0)‖ ≤ ‖x‖", decayExcess(bench, options), solveToleranceOf(options))] : []),
    ...(options.smooth ? [within(`observed order is ${integrator.order}`, orderDefect(integrator, options.smooth), 0.2)] : []),
  ];
}

function within(law: string, figure: number, tolerance: number): IntegratorCheck {
  return { law, figure, tolerance, passed: figure <= tolerance };
}

/** The maps of an integrator at one step as functions that return new vectors, outputs filled with NaN before the call. */
interface TestBench {
  readonly integrator: TimeIntegrator;
  vector(size: number): Float64Array;
  residual(previous: Float64Array, current: Float64Array): Float64Array;
  step(previous: Float64Array, forcing: Float64Array): Float64Array;
  stepAdjoint(sensitivity: Float64Array): { multiplier: Float64Array; previous: Float64Array };
}

function testBench(integrator: TimeIntegrator, { step, random }: IntegratorCheckOptions): TestBench {
  const out = (): Float64Array => new Float64Array(integrator.stateSize).fill(NaN);
  return {
    integrator,
    vector: (size) => Float64Array.from({ length: size }, random),
    residual(previous, current) {
      const result = out();
      integrator.residual(step, previous, current, result);
      return result;
    },
    step(previous, forcing) {
      const next = out();
      integrator.step(step, previous, forcing, next);
      return next;
    },
    stepAdjoint(sensitivity) {
      const [multiplier, previous] = [out(), out()];
      integrator.stepAdjoint(step, sensitivity, multiplier, previous);
      return { multiplier, previous };
    },
  };
}

function solveToleranceOf({ solveTolerance = 1e-10 }: IntegratorCheckOptions): number {
  return solveTolerance;
}

function lawsOf(bench: TestBench, options: IntegratorCheckOptions, suffix: string): IntegratorCheck[] {
  return [
    within(`step solves its row: L step(x, f) − R x = f${suffix}`, solveDefect(bench), solveToleranceOf(options)),
    within(`stepAdjoint is the transpose of step: ⟨step(x, f), y⟩ = ⟨x, x̄⟩ + ⟨f, w⟩${suffix}`, stepAdjointDefect(bench), IDENTITY_TOLERANCE),
    within(`residualAdjoint is the transpose of residual${suffix}`, residualAdjointDefect(bench, options), IDENTITY_TOLERANCE),
    within(`applyControlAdjoint is the transpose of applyControl${suffix}`, controlAdjointDefect(bench, options), IDENTITY_TOLERANCE),
    within(`step repeats bit for bit and leaves its inputs alone${suffix}`, repeatDefect(bench), 0),
  ];
}

function solveDefect(bench: TestBench): number {
  const { stateSize } = bench.integrator;
  const [x, f] = [bench.vector(stateSize), bench.vector(stateSize)];
  const next = bench.step(x.slice(), f.slice());
  const row = bench.residual(x, next);
  return length(row.map((value, j) => value - f[j])) / (length(f) + length(bench.residual(x, new Float64Array(stateSize))));
}

function stepAdjointDefect(bench: TestBench): number {
  const { stateSize } = bench.integrator;
  const [x, f, y] = [bench.vector(stateSize), bench.vector(stateSize), bench.vector(stateSize)];
  const next = bench.step(x.slice(), f.slice());
  const { multiplier, previous } = bench.stepAdjoint(y);
  return Math.abs(dot(next, y) - dot(x, previous) - dot(f, multiplier)) / (length(next) * length(y) + length(f) * length(multiplier));
}

function residualAdjointDefect(bench: TestBench, { step }: IntegratorCheckOptions): number {
  const { integrator } = bench;
  const [p, c, y] = [bench.vector(integrator.stateSize), bench.vector(integrator.stateSize), bench.vector(integrator.stateSize)];
  const previous = new Float64Array(integrator.stateSize).fill(NaN);
  const current = new Float64Array(integrator.stateSize).fill(NaN);
  integrator.residualAdjoint(step, y, previous, current);
  const row = bench.residual(p, c);
  return Math.abs(dot(row, y) - dot(p, previous) - dot(c, current)) / (length(row) * length(y) + length(c) * length(current));
}

function controlAdjointDefect(bench: TestBench, { step }: IntegratorCheckOptions): number {
  const { integrator } = bench;
  const [z, y] = [bench.vector(integrator.controlSize), bench.vector(integrator.stateSize)];
  const controlled = new Float64Array(integrator.stateSize).fill(NaN);
  const observed = new Float64Array(integrator.controlSize).fill(NaN);
  integrator.applyControl(step, z, controlled);
  integrator.applyControlAdjoint(step, y, observed);
  return Math.abs(dot(controlled, y) - dot(z, observed)) / (length(controlled) * length(y));
}

/** The number of entries that changed. */
function repeatDefect(bench: TestBench): number {
  const { stateSize } = bench.integrator;
  const [x, f] = [bench.vector(stateSize), bench.vector(stateSize)];
  const [xBefore, fBefore] = [x.slice(), f.slice()];
  const [first, second] = [bench.step(x, f), bench.step(x, f)];
  const changed = (a: Float64Array, b: Float64Array): number => a.reduce((count, value, j) => count + (Object.is(value, b[j]) ? 0 : 1), 0);
  return changed(first, second) + changed(x, xBefore) + changed(f, fBefore);
}

/** Relative defect of the reaction at τρ = 0.01, where O((τρ)²) is about a hundredth of it. */
function reactionDefect(integrator: TimeIntegrator, options: IntegratorCheckOptions): number {
  const tauRho = 0.01;
  const plain = testBench(integrator, options);
  const reacting = testBench(integrator.withReaction(tauRho / options.step.size), options);
  const x = plain.vector(integrator.stateSize);
  const [with_, without] = [reacting.residual(x, x), plain.residual(x, x)];
  return length(x.map((value, j) => with_[j] - without[j] - tauRho * value)) / (tauRho * length(x));
}

function additivityDefect(integrator: TimeIntegrator, reaction: number, options: IntegratorCheckOptions): number {
  const once = testBench(integrator.withReaction(reaction), options);
  const twice = testBench(integrator.withReaction(reaction / 2).withReaction(reaction / 2), options);
  const [x, y] = [once.vector(integrator.stateSize), once.vector(integrator.stateSize)];
  const [a, b] = [once.residual(x, y), twice.residual(x, y)];
  return length(a.map((value, j) => value - b[j])) / length(a);
}

/** Steps without forcing after which the slowest modes prevail. */
const DECAYING_STEPS = 10;

/** max (1 + τµ₀) ‖uₙ‖/‖uₙ₋₁‖ − 1 of an unforced integration from a random state. */
function decayExcess(bench: TestBench, { step }: IntegratorCheckOptions): number {
  const { stateSize, slowestDecay = 0 } = bench.integrator;
  let [state, most] = [bench.vector(stateSize), -Infinity];
  for (let k = 0; k < DECAYING_STEPS; k++) {
    const next = bench.step(state, new Float64Array(stateSize));
    most = Math.max(most, ((1 + step.size * slowestDecay) * length(next)) / length(state) - 1);
    state = next;
  }
  return most;
}

/** |log₂(‖u_N − u_2N‖ / ‖u_2N − u_4N‖) − order| of an unforced integration from a smooth state. */
function orderDefect(integrator: TimeIntegrator, { state, duration }: { state: Float64Array; duration: number }): number {
  const ends = [16, 32, 64].map((steps) => integrate(integrator, state, uniformTimeGrid(duration, steps)));
  const coarse = length(ends[0].map((value, j) => value - ends[1][j]));
  const fine = length(ends[1].map((value, j) => value - ends[2][j]));
  return Math.abs(Math.log2(coarse / fine) - integrator.order);
}

function integrate(integrator: TimeIntegrator, state: Float64Array, grid: TimeGrid): Float64Array {
  const forcing = new Float64Array(integrator.stateSize);
  let current = state.slice();
  for (let n = 1; n <= grid.steps; n++) {
    const next = new Float64Array(integrator.stateSize);
    integrator.step(grid.step(n), current, forcing, next);
    current = next;
  }
  return current;
}

function dot(x: Float64Array, y: Float64Array): number {
  return x.reduce((sum, value, j) => sum + value * y[j], 0);
}

function length(x: Float64Array): number {
  return Math.sqrt(dot(x, x));
}
