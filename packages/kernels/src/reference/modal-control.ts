import type { ModalControlKernel, ModalControlProblem } from "../kernels.js";

/**
 * The optimal control problem in each spatial mode as a symmetric tridiagonal system in time (SCH.2), eₖ = 1 + τₖµ:
 *
 *     Gₖ = (s²/ω) τₖ² + (τₖ/τₖ₋₁) Gₖ₋₁/Pₖ₋₁,   Pₖ = eₖ² + Gₖ                    LDLᵀ of S, a sum of positive terms
 *     yₖ = eₖ ũₖ − ũₖ₋₁ − bₖ + (eₖ₋₁/Pₖ₋₁) yₖ₋₁                                  forward
 *     λₖ = (τₖ yₖ + eₖ λₖ₊₁)/Pₖ                                                 backward
 *     zₖ = s λₖ/ω,   uₖ = (uₖ₋₁ + s τₖ zₖ + bₖ)/eₖ                               forward
 *
 * Work space: 2N doubles.
 */
export function plainModalControl(problem: ModalControlProblem): ModalControlKernel {
  const { eigenvalues, sizes } = problem;
  const pivots = new Float64Array(sizes.length);
  const y = new Float64Array(sizes.length);
  return {
    solve(state, control) {
      for (let mode = 0; mode < eigenvalues.length; mode++) {
        eliminate(problem, mode, { state, control, pivots, y });
        substitute(problem, mode, { pivots, y });
        integrate(problem, mode, { state, control, adjoint: y });
      }
    },
  };
}

interface ModeVectors {
  readonly state: Float64Array;
  readonly control: Float64Array;
  /** Pₖ */
  readonly pivots: Float64Array;
  readonly y: Float64Array;
}

function eliminate({ eigenvalues, sizes, controlScale, regularization, sources }: ModalControlProblem, mode: number, { state, control, pivots, y }: ModeVectors): void {
  const modes = eigenvalues.length;
  let couplingBefore = 0;
  let G = 0;
  for (let k = 0, i = mode; k < sizes.length; k++, i += modes) {
    const e = 1 + sizes[k] * eigenvalues[mode];
    const source = k === 0 || sources === "all" ? control[i] : 0;
    y[k] = e * state[i] - source;
    G = (controlScale ** 2 / regularization) * sizes[k] ** 2 + (k > 0 ? ((sizes[k] / sizes[k - 1]) * G) / pivots[k - 1] : 0);
    if (k > 0) y[k] += couplingBefore * y[k - 1] - state[i - modes];
    pivots[k] = e * e + G;
    couplingBefore = e / pivots[k];
  }
}

/** y ← λ */
function substitute({ eigenvalues, sizes }: ModalControlProblem, mode: number, { pivots, y }: Pick<ModeVectors, "pivots" | "y">): void {
  let next = 0;
  for (let k = sizes.length - 1; k >= 0; k--) {
    next = (sizes[k] * y[k] + (1 + sizes[k] * eigenvalues[mode]) * next) / pivots[k];
    y[k] = next;
  }
}

function integrate(problem: ModalControlProblem, mode: number, { state, control, adjoint }: { state: Float64Array; control: Float64Array; adjoint: Float64Array }): void {
  const { eigenvalues, sizes, controlScale, regularization, sources, scale } = problem;
  const modes = eigenvalues.length;
  let u = 0;
  for (let k = 0, i = mode; k < sizes.length; k++, i += modes) {
    const z = (controlScale / regularization) * adjoint[k];
    const source = k === 0 || sources === "all" ? control[i] : 0;
    u = (u + controlScale * sizes[k] * z + source) / (1 + sizes[k] * eigenvalues[mode]);
    state[i] = scale * u;
    control[i] = scale * z;
  }
}
