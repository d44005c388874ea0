/** A number of the complex plane. */
export interface ComplexNumber {
  readonly real: number;
  readonly imaginary: number;
}

/** Iterations that one eigenvalue may take; every tenth is one with an exceptional shift. */
const MOST_ITERATIONS = 300;

/**
 * All eigenvalues of a real upper Hessenberg matrix by the QR algorithm with Francis' double shift [Golub2013] section 7.5, in ascending
 * order of their real parts. Column k is given by its entries 0 … k + 1 (fewer or more do not matter). O(m³) operations.
 *
 * NaN where the algorithm does not come to an end or the matrix is not finite.
 */
export function hessenbergEigenvalues(columns: readonly (readonly number[])[]): ComplexNumber[] {
  const m = columns.length;
  const h = columns.map((_, i) => Float64Array.from({ length: m }, (__, j) => (i <= j + 1 ? (columns[j][i] ?? 0) : 0)));
  const found: ComplexNumber[] = [];
  let last = m - 1;
  for (let iteration = 0; last >= 0; iteration++) {
    const first = activeBlock(h, last);
    if (first >= last - 1) {
      found.push(...(first === last ? [{ real: h[last][last], imaginary: 0 }] : eigenvaluesOfPair(h, first)));
      last = first - 1;
      iteration = -1;
    } else if (iteration === MOST_ITERATIONS) {
      for (let k = 0; k <= last; k++) found.push({ real: Number.NaN, imaginary: Number.NaN });
      break;
    } else francisSweep(h, first, last, iteration % 10 === 9);
  }
  return found.sort((a, b) => a.real - b.real || a.imaginary - b.imaginary);
}

/** The first row of the unreduced block that ends at `last`; a negligible subdiagonal entry is set to zero. */
function activeBlock(h: Float64Array[], last: number): number {
  for (let k = last; k > 0; k--) {
    const scale = Math.abs(h[k - 1][k - 1]) + Math.abs(h[k][k]);
    if (Math.abs(h[k][k - 1]) <= Number.EPSILON * (scale || 1)) {
      h[k][k - 1] = 0;
      return k;
    }
  }
  return 0;
}

function eigenvaluesOfPair(h: Float64Array[], k: number): ComplexNumber[] {
  const [a, b, c, d] = [h[k][k], h[k][k + 1], h[k + 1][k], h[k + 1][k + 1]];
  const half = (a - d) / 2;
  const discriminant = half * half + b * c;
  if (discriminant < 0) {
    const imaginary = Math.sqrt(-discriminant);
    return [-imaginary, imaginary].map((value) => ({ real: (a + d) / 2, imaginary: value }));
  }
  const root = half + (half >= 0 ? 1 : -1) * Math.sqrt(discriminant);
  return [d + root, root === 0 ? d : d - (b * c) / root].map((real) => ({ real, imaginary: 0 }));
}

/** One double-shift step on rows and columns first … last: the first column of (H − σ₁)(H − σ₂), then the bulge chased down. */
function francisSweep(h: Float64Array[], first: number, last: number, exceptional: boolean): void {
  const { trace, determinant } = shifts(h, last, exceptional);
  const [h00, h10, h01, h11] = [h[first][first], h[first + 1][first], h[first][first + 1], h[first + 1][first + 1]];
  let column = [h00 * h00 + h01 * h10 - trace * h00 + determinant, h10 * (h00 + h11 - trace), h10 * h[first + 2][first + 1]];
  for (let k = first; k < last; k++) {
    reflect(h, column, { k, first, last });
    if (k > first) for (let i = k + 1; i <= Math.min(last, k + 2); i++) h[i][k - 1] = 0;
    column = [h[k + 1][k], k + 2 <= last ? h[k + 2][k] : 0, k + 3 <= last ? h[k + 3][k] : 0];
  }
}

function shifts(h: Float64Array[], last: number, exceptional: boolean): { trace: number; determinant: number } {
  if (exceptional) {
    const size = Math.abs(h[last][last - 1]) + Math.abs(h[last - 1][last - 2]);
    return { trace: 1.5 * size, determinant: size * size };
  }
  const [a, b, c, d] = [h[last - 1][last - 1], h[last - 1][last], h[last][last - 1], h[last][last]];
  return { trace: a + d, determinant: a * d - b * c };
}

/** Applies I − 2vvᵀ/vᵀv, which maps `column` to a multiple of e₁, to rows and columns k … k + 2 from both sides. */
function reflect(h: Float64Array[], column: readonly number[], { k, first, last }: { k: number; first: number; last: number }): void {
  const count = Math.min(3, last - k + 1);
  const v = column.slice(0, count);
  const norm = Math.hypot(...v);
  if (norm === 0) return;
  v[0] += v[0] >= 0 ? norm : -norm;
  const factor = 2 / v.reduce((sum, value) => sum + value * value, 0);
  for (let j = Math.max(first, k - 1); j <= last; j++) {
    let product = 0;
    for (let i = 0; i < count; i++) product += v[i] * h[k + i][j];
    for (let i = 0; i < count; i++) h[k + i][j] -= factor * product * v[i];
  }
  for (let i = first; i <= Math.min(last, k + 3); i++) {
    let product = 0;
    for (let j = 0; j < count; j++) product += v[j] * h[i][k + j];
    for (let j = 0; j < count; j++) h[i][k + j] -= factor * product * v[j];
  }
}
