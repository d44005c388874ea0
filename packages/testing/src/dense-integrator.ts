import type { TimeIntegrator, TimeStep } from "@parakkt/core";
import { inverse, Matrix } from "ml-matrix";

/**
 * A one-step scheme of dense matrices without any symmetry: Lₙ = I + τₙA, Rₙ = I + τₙG, Bₙ = τₙB for ∂ₜu + (A − G)u = B z + f.
 * The blocks differ from step to step where steps are unequal, so that a wrong index shows.
 */
export interface DenseScheme {
  readonly implicit: Matrix;
  /** G, default 0. */
  readonly explicit?: Matrix;
  /** B, stateSize × controlSize; default I. */
  readonly control?: Matrix;
}

/** Lₙ, Rₙ and Bₙ of one step. */
export interface DenseRow {
  readonly left: Matrix;
  readonly right: Matrix;
  readonly control: Matrix;
}

export function denseRow({ implicit, explicit, control }: DenseScheme, { size }: Pick<TimeStep, "size">, reaction = 0): DenseRow {
  const identity = Matrix.eye(implicit.rows);
  return {
    left: Matrix.add(identity, Matrix.mul(implicit, size)).add(Matrix.mul(identity, size * reaction)),
    right: explicit ? Matrix.add(identity, Matrix.mul(explicit, size)) : identity,
    control: Matrix.mul(control ?? identity, size),
  };
}

interface PreparedRow extends DenseRow {
  readonly leftInverse: Matrix;
}

/** The rows of a scheme, each step size prepared once. */
function rowCache(scheme: DenseScheme, reaction: number): (step: TimeStep) => PreparedRow {
  const rows = new Map<number, PreparedRow>();
  return (step) => {
    const known = rows.get(step.size);
    if (known) return known;
    const row = denseRow(scheme, step, reaction);
    const prepared = { ...row, leftInverse: inverse(row.left) };
    rows.set(step.size, prepared);
    return prepared;
  };
}

/** The integrator of a dense scheme: first order, exact solves. */
export function denseIntegrator(scheme: DenseScheme, reaction = 0): TimeIntegrator {
  const stateSize = scheme.implicit.rows;
  const rowOf = rowCache(scheme, reaction);
  return {
    name: "dense",
    order: 1,
    stateSize,
    controlSize: scheme.control?.columns ?? stateSize,
    controlScale: 1,
    residual(step, previous, current, out) {
      const { left, right } = rowOf(step);
      const transported = product(right, previous);
      out.set(product(left, current).map((value, j) => value - transported[j]));
    },
    residualAdjoint(step, multiplier, previous, current) {
      const { left, right } = rowOf(step);
      current.set(transposedProduct(left, multiplier));
      previous.set(transposedProduct(right, multiplier).map((value) => -value));
    },
    applyControl: (step, control, out) => out.set(product(rowOf(step).control, control)),
    applyControlAdjoint: (step, multiplier, out) => out.set(transposedProduct(rowOf(step).control, multiplier)),
    step(step, previous, forcing, next) {
      const { leftInverse, right } = rowOf(step);
      next.set(product(leftInverse, product(right, previous).map((value, j) => value + forcing[j])));
    },
    stepAdjoint(step, sensitivity, multiplier, previousSensitivity) {
      const { leftInverse, right } = rowOf(step);
      multiplier.set(transposedProduct(leftInverse, sensitivity));
      previousSensitivity.set(transposedProduct(right, multiplier));
    },
    withReaction: (more) => denseIntegrator(scheme, reaction + more),
  };
}

function product(matrix: Matrix, x: Float64Array): Float64Array {
  return Float64Array.from({ length: matrix.rows }, (_, i) => x.reduce((sum, value, j) => sum + matrix.get(i, j) * value, 0));
}

function transposedProduct(matrix: Matrix, x: Float64Array): Float64Array {
  return Float64Array.from({ length: matrix.columns }, (_, j) => x.reduce((sum, value, i) => sum + matrix.get(i, j) * value, 0));
}
