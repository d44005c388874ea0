/** y ← y + a x */
export function axpy(a: number, x: Float64Array, y: Float64Array): void {
  for (let i = 0; i < y.length; i++) y[i]! += a * x[i]!;
}

/** y ← x + a y */
export function xpay(x: Float64Array, a: number, y: Float64Array): void {
  for (let i = 0; i < y.length; i++) y[i] = x[i]! + a * y[i]!;
}

/** y ← a y */
export function scale(a: number, y: Float64Array): void {
  for (let i = 0; i < y.length; i++) y[i]! *= a;
}

/** out ← x − y */
export function subtract(x: Float64Array, y: Float64Array, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = x[i]! - y[i]!;
}
