import { adjointNeighbour, type ModalConjugateGradients, type ModalSchurProblem, type ModalSchurRow } from "../modal-schur.js";

/** One mode after the other through all steps. Storage: two numbers a step. */
export function plainModalSchur({ eigenvalues, rows }: ModalSchurProblem): ModalConjugateGradients {
  const [steps, modes] = [rows.length, eigenvalues.length];
  const { schur, forward, adjoint } = modeTransforms(rows);
  const vector = new Float64Array(steps);
  /** vector ← the mode of x, transformed */
  const read = (mode: number, x: Float64Array, transform: Transform): void => {
    for (let k = 0; k < steps; k++) vector[k] = x[k * modes + mode];
    transform(eigenvalues[mode], vector);
  };
  const write = (mode: number, out: Float64Array): void => {
    for (let k = 0; k < steps; k++) out[k * modes + mode] = vector[k];
  };
  return {
    apply(x, out) {
      for (let mode = 0; mode < modes; mode++) {
        read(mode, x, schur);
        write(mode, out);
      }
    },
    begin(residual, products) {
      products.fill(0, 0, 2 * steps);
      for (let mode = 0; mode < modes; mode++) {
        read(mode, residual, forward);
        write(mode, residual);
        for (let k = 0; k < steps; k++) products[2 * k + (mode & 1)] += vector[k] * vector[k];
      }
    },
    turn(beta, y, p, products) {
      products.fill(0, 0, 2 * steps);
      for (let mode = 0; mode < modes; mode++) {
        read(mode, y, adjoint);
        for (let k = 0, i = mode; k < steps; k++, i += modes) p[i] = beta === 0 ? vector[k] : vector[k] + beta * p[i];
        read(mode, p, schur);
        for (let k = 0; k < steps; k++) products[2 * k + (mode & 1)] += p[k * modes + mode] * vector[k];
      }
    },
    advance(alpha, { x, y, p }, { preconditioned, residual }) {
      for (const products of [preconditioned, residual]) products.fill(0, 0, 2 * steps);
      for (let mode = 0; mode < modes; mode++) {
        read(mode, p, schur);
        forward(eigenvalues[mode], vector);
        for (let k = 0, i = mode; k < steps; k++, i += modes) {
          x[i] += alpha * p[i];
          y[i] -= alpha * vector[k];
          preconditioned[2 * k + (mode & 1)] += y[i] * y[i];
          residual[2 * k + (mode & 1)] += squaredResidual(rows[k], eigenvalues[mode], y[i], k > 0 ? y[i - modes] : 0);
        }
      }
    },
  };
}

/** Changes all steps v of the mode µ in place. */
type Transform = (mu: number, v: Float64Array) => void;

/** S, F⁻¹ and F⁻ᵀ */
function modeTransforms(rows: readonly ModalSchurRow[]): Record<"schur" | "forward" | "adjoint", Transform> {
  const adjointNeighbours = rows.map((_, k) => adjointNeighbour(rows, k));
  return {
    schur(mu, v) {
      let before = 0;
      for (let k = 0; k < rows.length; k++) {
        const { size, control } = rows[k];
        const inverse = 1 / size;
        const t = (inverse + mu) * v[k] - inverse * (k + 1 < rows.length ? v[k + 1] : 0);
        v[k] = (1 + size * mu) * t - before + control * v[k];
        before = t;
      }
    },
    forward(mu, v) {
      let before = 0;
      for (let k = 0; k < rows.length; k++) {
        before = (rows[k].rhs * v[k] + rows[k].neighbour * before) * (1 / (mu + rows[k].shift));
        v[k] = before;
      }
    },
    adjoint(mu, v) {
      let next = 0;
      for (let k = rows.length - 1; k >= 0; k--) {
        next = (rows[k].rhs * v[k] + adjointNeighbours[k] * next) * (1 / (mu + rows[k].shift));
        v[k] = next;
      }
    },
  };
}

/** (F y)ₖ² */
function squaredResidual({ shift, rhs, neighbour }: ModalSchurRow, mu: number, y: number, before: number): number {
  const r = (1 / rhs) * ((mu + shift) * y - neighbour * before);
  return r * r;
}
