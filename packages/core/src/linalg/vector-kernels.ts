/** y ← y + a x */
export function axpy(a: number, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < y.length; i++) y[i] += a * x[i];
}

/** y ← x + a y */
export function xpay(x: Float64Array, a: number, y: Float64Array): void {
  for (let i = 0; i < y.length; i++) y[i] = x[i] + a * y[i];
}

/** y ← a y */
export function scale(a: number, y: Float64Array): void {
  for (let i = 0; i < y.length; i++) y[i] *= a;
}

/** out ← x − y */
export function subtract(x: Float64Array, y: Float64Array, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i] - y[i];
}

/** out ← a x; `out` may be `x`. */
export function scaled(a: number, x: Float64Array, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = a * x[i];
}

/** y ← y + Σₖ coefficients[k] basis[k] over k < count, four columns a pass over y. */
export function addCombination(basis: readonly Float64Array[], coefficients: Float64Array, count: number, y: Float64Array): void {
  let k = 0;
  for (; k + 4 <= count; k += 4) addFourColumns(basis, coefficients, k, y);
  for (; k < count; k++) axpy(coefficients[k], basis[k], y);
}

/** y ← y − Σₖ coefficients[k] basis[k] over k < count. */
export function subtractCombination(basis: readonly Float64Array[], coefficients: Float64Array, count: number, y: Float64Array): void {
  negate(coefficients, count);
  addCombination(basis, coefficients, count, y);
  negate(coefficients, count);
}

function addFourColumns(basis: readonly Float64Array[], coefficients: Float64Array, first: number, y: Float64Array): void {
  const [v0, v1, v2, v3] = [basis[first], basis[first + 1], basis[first + 2], basis[first + 3]];
  const [a0, a1, a2, a3] = [coefficients[first], coefficients[first + 1], coefficients[first + 2], coefficients[first + 3]];
  for (let i = 0; i < y.length; i++) y[i] += a0 * v0[i] + a1 * v1[i] + a2 * v2[i] + a3 * v3[i];
}

function negate(coefficients: Float64Array, count: number): void {
  for (let k = 0; k < count; k++) coefficients[k] = -coefficients[k];
}
