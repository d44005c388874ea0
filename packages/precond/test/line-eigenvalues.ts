/** Eigenvalues of −ν∂ₓₓ with n points of the unit interval, ascending. */
export function lineEigenvalues(n: number, diffusivity: number): Float64Array {
  const h = 1 / (n + 1);
  return Float64Array.from({ length: n }, (_, k) => ((4 * diffusivity) / h ** 2) * Math.sin(((k + 1) * Math.PI * h) / 2) ** 2);
}
