import type { CholeskyData, CholeskyOptions } from "../cholesky-data.js";
import type { LaneSolver } from "../lane-kernels.js";
import { plainCholeskyFactor, type PlainCholeskyFactor } from "./plain-cholesky-factor.js";

/** `Kernels.cholesky` in plain TypeScript, one lane after the other. */
export function plainCholesky(data: CholeskyData, options: CholeskyOptions = {}): LaneSolver {
  const { size } = data.pattern;
  const factors = new Map<number, PlainCholeskyFactor>();
  const vector = new Float64Array(size);
  return {
    size,
    prepare(_lanes, shifts) {
      for (const shift of shifts) if (!factors.has(shift)) factors.set(shift, plainCholeskyFactor(data, shift, options));
    },
    solve(lanes, { shift, rhs, neighbour }, { x, y, out }) {
      for (let l = 0; l < lanes; l++) {
        const factor = factors.get(shift[l]);
        if (factor === undefined) throw new RangeError(`cholesky: shift ${shift[l]} of lane ${l} has not been prepared`);
        for (let i = 0; i < size; i++) vector[i] = rhs[l] * x.data[x.offset + i * lanes + l];
        if (y !== undefined) for (let i = 0; i < size; i++) vector[i] += neighbour[l] * y.data[y.offset + i * lanes + l];
        factor.solve(vector, vector);
        for (let i = 0; i < size; i++) out.data[out.offset + i * lanes + l] = vector[i];
      }
    },
  };
}
