/** Σ xᵢ yᵢ */
export function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}

/** ‖x‖₂ */
export function euclideanNorm(x: Float64Array): number {
  return Math.sqrt(dot(x, x));
}

/** ‖x − reference‖₂ / ‖reference‖₂ */
export function relativeDistance(x: Float64Array, reference: Float64Array): number {
  if (x.length !== reference.length) return NaN;
  return euclideanNorm(x.map((value, i) => value - reference[i])) / euclideanNorm(reference);
}

/** The number of entries that are not the same double; a difference in length counts too. */
export function differingBits(x: Float64Array, y: Float64Array): number {
  let count = Math.abs(x.length - y.length);
  for (let i = 0; i < Math.min(x.length, y.length); i++) if (!Object.is(x[i], y[i])) count++;
  return count;
}
