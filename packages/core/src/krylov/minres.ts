import { axpy, xpay } from "../linalg/vector-kernels.js";
import { countedSystem, type CountedSystem, type IterationFailure } from "./counted-system.js";
import { krylovMethod } from "./krylov-loop.js";
import type { KrylovMethod, KrylovSystem } from "./krylov-method.js";
import type { KrylovIteration } from "./krylov-run.js";
import { lanczosProcess } from "./lanczos.js";
import { projectionRecord } from "./projected-operator.js";
import { roundingLevel, scientific } from "./rounding.js";
import { requireFittingSizes, requireSymmetry } from "./set-up.js";

/**
 * Preconditioned minimal residuals for a symmetric operator, definite or not, and a symmetric positive definite preconditioner.
 *
 * Minimises ‖b − A x‖ in the norm of M⁻¹, ‖r‖² = rᵀM⁻¹r, over x₀ + span{z₀, (M⁻¹A)z₀, …}, z₀ = M⁻¹r₀. That is its own residual
 * norm, also for the stopping criteria and when the residual is recomputed; it never increases.
 * `trueResidualNorm` is ‖b − A x‖₂ as for every method.
 *
 * Storage: 6n. Per iteration: 1 operator application, 1 preconditioner application, 2 inner products in as many reductions,
 * 6 vector updates. Each cycle (the first, and each residual replacement) and the end add 1 operator application,
 * 1 preconditioner application and 2 inner products (1 without preconditioner).
 *
 * Accuracy: the short recurrences lose up to κ²ε ‖r₀‖, κ the condition of M⁻¹A [Sleijpen2000]. From κ ≈ 1e8 on the recursion may
 * promise what x does not keep; that is found at the end of the cycle and called attainable accuracy. GMRES loses κε only.
 *
 * Failures: "indefinite-preconditioner" for qᵀM⁻¹q < 0 beyond rounding, "breakdown" for an operator that is singular on its
 * Krylov space. Throws `InvalidArgumentError` if operator or preconditioner are not symmetric.
 *
 * References: [Paige1975], [Elman2014] section 2.4, [Sleijpen2000].
 */
export function minres(system: KrylovSystem): KrylovMethod {
  requireFittingSizes("minres", system);
  requireSymmetry("minres", system);
  const counted = countedSystem("minres", system);
  return krylovMethod(counted, 6 * counted.size, minimalResiduals(counted));
}

function minimalResiduals(system: CountedSystem): KrylovIteration {
  const lanczos = lanczosProcess(system);
  const directions = searchDirections(system, lanczos.vector);
  let rotations = tridiagonalRotations(0);
  const record = projectionRecord(true);
  return {
    cycleLength: Infinity,
    residual: () => lanczos.start,
    begin(residualNorm) {
      const beta = lanczos.begin(residualNorm);
      if (typeof beta !== "number") return beta;
      directions.reset();
      rotations = tridiagonalRotations(beta);
      record.begin();
      return beta;
    },
    advance(x) {
      const alpha = lanczos.diagonal();
      if (typeof alpha !== "number") return alpha;
      rotations.rotateDiagonal(alpha);
      directions.extend(rotations.delta, rotations.epsilon);
      const beta = lanczos.offDiagonal();
      if (typeof beta !== "number") return beta;
      const gamma = rotations.eliminate(beta);
      if (gamma <= roundingLevel * lanczos.scale()) return singular(gamma, lanczos.scale());
      directions.take(gamma, rotations.step, x);
      record.append(lanczos.column());
      return Math.abs(rotations.residual);
    },
    conclude: () => undefined,
    record,
    state: {
      scalars: () => [...lanczos.scalars(), ...directions.scalars(), ...rotations.scalars(), ...record.values()],
      restore(scalars) {
        let at = 0;
        const take = (count: number): readonly number[] => scalars.slice(at, (at += count));
        lanczos.restore(take(lanczos.scalars().length));
        directions.restore(take(directions.scalars().length));
        rotations.restore(take(rotations.scalars().length));
        record.restore(scalars.slice(at));
      },
      vectors: () => [...lanczos.vectors(), ...directions.vectors()],
    },
  };
}

function singular(gamma: number, scale: number): IterationFailure {
  const evidence = `A is singular on its Krylov space: pivot ${scientific(gamma)} of a tridiagonal matrix of size ${scientific(scale)}`;
  return { by: "breakdown", evidence };
}

/** Directions γₖ wₖ = vₖ − δₖ wₖ₋₁ − εₖ wₖ₋₂ of x, kept without the division: vₖ is overwritten before γₖ is known. Storage: 2n. */
function searchDirections(system: CountedSystem, vector: Float64Array) {
  let [older, newer] = [system.vector(), system.vector()];
  let [olderGamma, newerGamma] = [1, 1];
  return {
    reset() {
      older.fill(0);
      newer.fill(0);
      [olderGamma, newerGamma] = [1, 1];
    },
    extend(delta: number, epsilon: number) {
      xpay(vector, -epsilon / olderGamma, older);
      axpy(-delta / newerGamma, newer, older);
      [older, newer] = [newer, older];
      olderGamma = newerGamma;
    },
    take(gamma: number, step: number, x: Float64Array) {
      newerGamma = gamma;
      axpy(step / gamma, newer, x);
    },
    scalars: () => [olderGamma, newerGamma],
    restore([first, second]: readonly number[]) {
      [olderGamma, newerGamma] = [first, second];
    },
    vectors: () => [older, newer],
  };
}

/** QR factorisation of the tridiagonal matrix by plane rotations: column k of R is (εₖ, δₖ, γₖ), the right-hand side is β₁ e₁. */
function tridiagonalRotations(beta1: number) {
  let [cosine, sine, deltaBar, epsilonNext] = [-1, 0, 0, 0];
  const state = {
    delta: 0,
    epsilon: 0,
    gammaBar: 0,
    /** Component of the solution along the new direction. */
    step: 0,
    /** ± own residual norm. */
    residual: beta1,
    /** Applies the previous rotations to column k, of which βₖ₊₁ is not known yet. */
    rotateDiagonal(alpha: number) {
      state.epsilon = epsilonNext;
      state.delta = cosine * deltaBar + sine * alpha;
      state.gammaBar = sine * deltaBar - cosine * alpha;
    },
    /** Rotates βₖ₊₁ away; returns γₖ. */
    eliminate(beta: number): number {
      epsilonNext = sine * beta;
      deltaBar = -cosine * beta;
      const gamma = Math.hypot(state.gammaBar, beta);
      if (gamma === 0) return 0;
      [cosine, sine] = [state.gammaBar / gamma, beta / gamma];
      state.step = cosine * state.residual;
      state.residual *= sine;
      return gamma;
    },
    scalars: () => [cosine, sine, deltaBar, epsilonNext, state.residual],
    restore(scalars: readonly number[]) {
      [cosine, sine, deltaBar, epsilonNext, state.residual] = scalars;
    },
  };
  return state;
}
