import { seededRandom, serialCommunicator, type VerificationCheck } from "@parakkt/core";
import { epochBatches, gradientAgreement, sizeAt, trainingStage, type Batch, type Effort, type TrainingStage } from "@parakkt/layers";
import { parseOverride } from "../config/apply-overrides.js";
import { trainingData } from "./training-data.js";
import { trainingOptions } from "./build-training.js";
import { loadTraining, type LoadedTraining } from "./load-training.js";
import type { TrainingSettings } from "./training-settings.js";

/** Reads a training config for `verify`. */
export function loadToVerify(path: string, { set, allowPath }: { readonly set: readonly string[]; readonly allowPath?: boolean }): LoadedTraining {
  return loadTraining({ path, overrides: set.map(parseOverride), allowPath: allowPath === true });
}

/** Checks of the gradient on the first batch, at the initial weights: against differences, and of the cycles, converged and as configured, against the serial one. */
export function verifyTraining(settings: TrainingSettings): VerificationCheck[] {
  const data = trainingData(settings.data);
  const options = trainingOptions(settings, data, serialCommunicator());
  const stage = trainingStage(options, sizeAt(options.depth, 0));
  const batch = epochBatches(data.training, { size: sizeAt(options.batchSize, 0), epoch: 0, seed: options.seed }).batch(0);
  const exact = new Float64Array(stage.gradient.length);
  stage.exact(batch, exact, 0);
  const derivative = againstDifferences(stage, batch, exact, options.seed);
  if (options.effort.kind === "serial") return [derivative];
  return [derivative, converged(stage, batch, exact), asConfigured(stage, batch, exact, options.effort)];
}

/** ε of the central difference: its error ε² and rounding 1e-16/ε stay below 1e-9. */
const EPSILON = 1e-5;

function againstDifferences(stage: TrainingStage, batch: Batch, exact: Float64Array, seed: number): VerificationCheck {
  const random = seededRandom(seed + 1).normalVector(exact.length);
  const length = (x: Float64Array): number => Math.hypot(...[...chunks(x)].map((part) => Math.hypot(...part)));
  const [g, r] = [length(exact) || 1, length(random)];
  const direction = exact.map((value, j) => value / g + random[j]! / r);
  const [values, ...rest] = stage.save();
  const valueAt = (epsilon: number): number => {
    stage.restore([values!.map((value, j) => value + epsilon * direction[j]!), ...rest], batch.count);
    const { loss, penalty } = stage.exact(batch, new Float64Array(exact.length), 0);
    return loss + penalty;
  };
  const difference = (valueAt(EPSILON) - valueAt(-EPSILON)) / (2 * EPSILON);
  stage.restore([values!, ...rest], batch.count);
  const slope = exact.reduce((sum, value, j) => sum + value * direction[j]!, 0);
  return check({ name: "gradient", law: "(J(θ + εd) − J(θ − εd))/2ε = ⟨∇J, d⟩, relative to ‖∇J‖", figure: Math.abs(difference - slope) / g, tolerance: 1e-5 }, "the serial gradient is the derivative of loss and penalty", "the serial gradient is not the derivative: a wrong vector–Jacobian product");
}

/** Parts that can be spread into arguments. */
function* chunks(x: Float64Array): Generator<Float64Array> {
  for (let k = 0; k < x.length; k += 4096) yield x.subarray(k, k + 4096);
}

function converged(stage: TrainingStage, batch: Batch, exact: Float64Array): VerificationCheck {
  const cycles = stage.depth;
  stage.evaluate(batch, { kind: "inexact", forward: cycles, backward: cycles }, 0);
  const { relativeError } = gradientAgreement(stage.gradient, exact);
  return check({ name: "converged cycles", law: `after ${cycles} cycles forward and backward the gradient is the serial one, relative`, figure: relativeError, tolerance: 1e-10 }, "multigrid in time solves the layers and their adjoint", "the iteration does not end at the serial gradient: it diverges too far, or a coarse step and its adjoint do not fit");
}

function asConfigured(stage: TrainingStage, batch: Batch, exact: Float64Array, effort: Effort & { kind: "inexact" }): VerificationCheck {
  stage.evaluate(batch, effort, 0);
  const { cosine, relativeError } = gradientAgreement(stage.gradient, exact);
  const said = `cosine ${cosine.toFixed(4)}; weights grow in training, and so does this: propagation.check shows it`;
  return check({ name: `gradient of ${effort.forward}/${effort.backward} cycles`, law: "‖g − g*‖ < ‖g*‖ (TRN.4): a direction of descent", figure: relativeError, tolerance: 1 }, said, `${said}. More cycles, smaller steps, or propagation: { kind: serial }`);
}

function check({ figure, tolerance, ...law }: Pick<VerificationCheck, "name" | "law"> & { readonly figure: number; readonly tolerance: number }, holds: string, points: string): VerificationCheck {
  const passed = figure <= tolerance;
  return { ...law, figure, tolerance, verdict: passed ? "passed" : "failed", reason: passed ? holds : points };
}
