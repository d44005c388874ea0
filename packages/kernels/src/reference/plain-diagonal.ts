import type { LaneOperator, LaneSolver } from "../lane-kernels.js";

export function plainDiagonal(eigenvalues: Float64Array): LaneOperator & LaneSolver {
  const mu = eigenvalues.slice();
  return {
    size: mu.length,
    combine(lanes, { a, b, c, d }, { x, y, z, out }, products) {
      products?.fill(0, 0, 2 * lanes);
      for (let i = 0; i < lanes * mu.length; i++) {
        const dof = Math.floor(i / lanes);
        const l = i & (lanes - 1);
        let value = (a[l] + b[l] * mu[dof]) * x.data[x.offset + i];
        if (y) value += c[l] * y.data[y.offset + i];
        const other = z?.data[z.offset + i];
        if (other !== undefined) value += d[l] * other;
        out.data[out.offset + i] = value;
        if (products) products[2 * l + (dof & 1)] += value * (other ?? value);
      }
    },
    prepare() {
      // Nothing depends on the lanes or the shifts.
    },
    solve(lanes, { shift, rhs, neighbour }, { x, y, out }) {
      for (let i = 0; i < lanes * mu.length; i++) {
        const l = i & (lanes - 1);
        let value = rhs[l] * x.data[x.offset + i];
        if (y) value += neighbour[l] * y.data[y.offset + i];
        out.data[out.offset + i] = value * (1 / (mu[Math.floor(i / lanes)] + shift[l]));
      }
    },
  };
}
