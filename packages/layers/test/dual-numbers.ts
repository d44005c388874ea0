/** A number and its derivative in one direction: forward differentiation without rounding beyond that of the evaluation itself. */
export interface Dual {
  readonly value: number;
  readonly slope: number;
}

export const dual = (value: number, slope = 0): Dual => ({ value, slope });
export const plus = (...terms: readonly Dual[]): Dual => terms.reduce((a, b) => dual(a.value + b.value, a.slope + b.slope), dual(0));
export const times = (a: Dual, b: Dual): Dual => dual(a.value * b.value, a.slope * b.value + a.value * b.slope);
export const over = (a: Dual, b: Dual): Dual => dual(a.value / b.value, (a.slope * b.value - a.value * b.slope) / (b.value * b.value));
export const minus = (a: Dual, b: Dual): Dual => dual(a.value - b.value, a.slope - b.slope);
export const tanhOf = (a: Dual): Dual => dual(Math.tanh(a.value), (1 - Math.tanh(a.value) ** 2) * a.slope);
export const sigmoidOf = (a: Dual): Dual => over(dual(1), plus(dual(1), dual(Math.exp(-a.value), -Math.exp(-a.value) * a.slope)));

/** Σᵢ W[row][i] xᵢ */
export const rowTimes = (W: readonly Dual[], row: number, x: readonly Dual[]): Dual => plus(...x.map((value, i) => times(W[row * x.length + i], value)));
export const expOf = (a: Dual): Dual => dual(Math.exp(a.value), Math.exp(a.value) * a.slope);
export const sqrtOf = (a: Dual): Dual => dual(Math.sqrt(a.value), a.slope / (2 * Math.sqrt(a.value)));
