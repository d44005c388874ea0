import type { Kernels } from "@parakkt/kernels";
import type { LaneIntegrator } from "./lane-integrator.js";
import type { TimeStep } from "../time/time-step.js";

/**
 * One step of one state: what a user writes to bring his own simulator.
 *
 * Row n of the discrete state equation is Lₙ uₙ − Rₙ uₙ₋₁ = Bₙ zₙ + fₙ (backward Euler: Lₙ = I + τₙL, Rₙ = I, Bₙ = τₙ s I).
 * States have `stateSize` entries, controls `controlSize`. Outputs come last, never alias inputs and are overwritten.
 * The conformance suite of `@parakkt/testing` tells whether an implementation is right.
 */
export interface TimeIntegrator {
  readonly name: string;
  /** Order of consistency in τ. */
  readonly order: number;
  readonly stateSize: number;
  readonly controlSize: number;
  /** s of Bₙ = s τₙ I (for another B: a representative s, with Bₙ Bₙᵀ ≈ s² τₙ² I); the c = s τ/√ω of (SCH.1). */
  readonly controlScale: number;
  /** out ← Lₙ current − Rₙ previous */
  residual(step: TimeStep, previous: Float64Array, current: Float64Array, out: Float64Array): void;
  /** current ← Lₙᵀ multiplier, previous ← −Rₙᵀ multiplier: the transpose of `residual`. */
  residualAdjoint(step: TimeStep, multiplier: Float64Array, previous: Float64Array, current: Float64Array): void;
  /** out ← Bₙ control */
  applyControl(step: TimeStep, control: Float64Array, out: Float64Array): void;
  /** out ← Bₙᵀ multiplier */
  applyControlAdjoint(step: TimeStep, multiplier: Float64Array, out: Float64Array): void;
  /** next ← Lₙ⁻¹ (Rₙ previous + forcing) */
  step(step: TimeStep, previous: Float64Array, forcing: Float64Array, next: Float64Array): void;
  /** multiplier ← Lₙ⁻ᵀ sensitivity, previousSensitivity ← Rₙᵀ multiplier: the exact transpose of `step`. */
  stepAdjoint(step: TimeStep, sensitivity: Float64Array, multiplier: Float64Array, previousSensitivity: Float64Array): void;
  /** The same scheme for ∂ₜu + Lu + ρu, ρ in 1/time: Lₙ becomes Lₙ + τₙρ I for backward Euler. All that the preconditioner needs. */
  withReaction(reaction: number): TimeIntegrator;
  /** µ₀ ≥ 0 in 1/time with ‖Lₙ⁻¹Rₙ‖ ≤ 1/(1 + τₙµ₀): every state decays at least so fast. The larger the better the matching (RAT.1); left out: 0. */
  readonly slowestDecay?: number;
  /** Whether `step` solves but for the rounding of its precision, not by a fixed number of iterations; left out: yes. */
  readonly exact?: boolean;
  /** The same scheme on blocks of lanes, where there are kernels for it: makes sweeps and operators fast, changes no result but by rounding. */
  lanes?(kernels: Kernels): LaneIntegrator | undefined;
}
