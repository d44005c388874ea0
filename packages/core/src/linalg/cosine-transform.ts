import { laneFft, type ComplexLanes } from "./lane-fft.js";

/**
 * The orthonormal cosine transform with mixed ends, V_jk = (2/√(2N+1)) cos((j − ½)(2k − 1)π/(2N+1)), j, k = 1 … N (DCT-VIII):
 * symmetric, V² = I, its columns the eigenvectors of tridiag(1, 0, 1) + e₁e₁ᵀ with the eigenvalues 2 cos θₖ, θₖ = (2k − 1)π/(2N+1) (DIA.1).
 */
export interface CosineTransform {
  /** N */
  readonly size: number;
  /** The N × `columns` matrix x, by rows ← V x */
  apply(x: Float64Array, columns: number): void;
}

/** θₖ of (DIA.1), k = 1 … N. */
export function cosineFrequency(size: number, k: number): number {
  return ((2 * k - 1) * Math.PI) / (2 * size + 1);
}

/** V₁ₖ, the first row of V. */
export function firstCosineRow(size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, k) => cosineEntry(size, 0, k));
}

/** Entry (j, k) of V, from 0; the angle reduced modulo the period first, where it is a whole number. */
function cosineEntry(size: number, j: number, k: number): number {
  const period = 4 * (2 * size + 1);
  const angle = ((2 * j + 1) * (2 * k + 1)) % period;
  return (2 / Math.sqrt(2 * size + 1)) * Math.cos((2 * Math.PI * angle) / period);
}

/** V as a dense matrix: 2N flops an entry. The reference of `cosineTransform`. */
export function denseCosineTransform(size: number): CosineTransform {
  const matrix = Array.from({ length: size }, (_, j) => Float64Array.from({ length: size }, (_, k) => cosineEntry(size, j, k)));
  const line = new Float64Array(size);
  return {
    size,
    apply(x, columns) {
      for (let column = 0; column < columns; column++) {
        for (let j = 0; j < size; j++) line[j] = x[j * columns + column];
        for (let k = 0; k < size; k++) x[k * columns + column] = matrix[k].reduce((sum, entry, j) => sum + entry * line[j], 0);
      }
    },
  };
}

/** Columns that are transformed side by side. */
const LANES = 8;

/**
 * V for any N in O(log N) operations an entry. With j' = N + 1 − j, k' = N + 1 − k and the odd number M = 2N + 1,
 *
 *     V_jk = (2/√M) (−1)^{k−1} (−1)^{j'−1} sin(2π j'k'/M):
 *
 * the imaginary part of a Fourier sum of length M. By 2j'k' = j'² + k'² − (k' − j')² it is a convolution with the chirp e^{−iπ d²/M} for |d| < N,
 * done by FFTs of the least length 2^m ≥ 2N − 1 [Bluestein1970]. About 10 L log₂ L flops a column of N. Storage: 44 L doubles.
 */
export function cosineTransform(size: number): CosineTransform {
  const length = 2 ** Math.ceil(Math.log2(Math.max(2, 2 * size - 1)));
  const fft = laneFft(length, LANES);
  const chirp = chirpOf(size);
  const kernel = transformedKernel(size, length);
  const work = { re: new Float64Array(length * LANES), im: new Float64Array(length * LANES) };

  const transformBlock = (x: Float64Array, columns: number, first: number): void => {
    const lanes = Math.min(LANES, columns - first);
    loadTurned({ x, columns, first, lanes }, chirp, work);
    fft.forward(work);
    multiply(work, kernel);
    fft.inverse(work);
    storeTurned({ x, columns, first, lanes }, chirp, work);
  };
  return {
    size,
    apply(x, columns) {
      for (let first = 0; first < columns; first += LANES) transformBlock(x, columns, first);
    },
  };
}

interface Chirp {
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

/** e^{iπ j²/M}, j = 0 … N; j² reduced modulo 2M first. */
function chirpOf(size: number): Chirp {
  const modulus = 2 * size + 1;
  const angles = Float64Array.from({ length: size + 1 }, (_, j) => (Math.PI * ((j * j) % (2 * modulus))) / modulus);
  return { cos: angles.map(Math.cos), sin: angles.map(Math.sin) };
}

/** The Fourier transform of the conjugate chirp at d = −(N−1) … N−1, periodic, in the order of `forward` and scaled by 2/(L√M), the same in every lane. */
function transformedKernel(size: number, length: number): ComplexLanes {
  const { cos, sin } = chirpOf(size);
  const kernel = { re: new Float64Array(length), im: new Float64Array(length) };
  const scale = 2 / (length * Math.sqrt(2 * size + 1));
  for (let d = 0; d < size; d++) {
    for (const at of [d, (length - d) % length]) {
      kernel.re[at] = scale * cos[d];
      kernel.im[at] = -scale * sin[d];
    }
  }
  laneFft(length, 1).forward(kernel);
  return kernel;
}

/** The columns of a block. */
interface ColumnBlock {
  readonly x: Float64Array;
  readonly columns: number;
  readonly first: number;
  readonly lanes: number;
}

/** Entry j' − 1 of the work ← (−1)^{j'−1} x_{N+1−j'} e^{iπ j'²/M}, zero behind. */
function loadTurned({ x, columns, first, lanes }: ColumnBlock, { cos, sin }: Chirp, { re, im }: ComplexLanes): void {
  const size = cos.length - 1;
  re.fill(0);
  im.fill(0);
  for (let j = 1; j <= size; j++) {
    const sign = j % 2 === 1 ? 1 : -1;
    const [from, to] = [(size - j) * columns + first, (j - 1) * LANES];
    for (let l = 0; l < lanes; l++) {
      const value = sign * x[from + l];
      re[to + l] = cos[j] * value;
      im[to + l] = sin[j] * value;
    }
  }
}

function multiply({ re, im }: { re: Float64Array; im: Float64Array }, kernel: ComplexLanes): void {
  for (let p = 0; p < kernel.re.length; p++) {
    const [c, s] = [kernel.re[p], kernel.im[p]];
    for (let i = p * LANES; i < (p + 1) * LANES; i++) {
      const [x, y] = [re[i], im[i]];
      re[i] = c * x - s * y;
      im[i] = c * y + s * x;
    }
  }
}

/** x_{N+1−k'} ← (−1)^{N−k'} Im(e^{iπ k'²/M} · entry k' − 1). */
function storeTurned({ x, columns, first, lanes }: ColumnBlock, { cos, sin }: Chirp, { re, im }: ComplexLanes): void {
  const size = cos.length - 1;
  for (let k = 1; k <= size; k++) {
    const sign = (size - k) % 2 === 0 ? 1 : -1;
    const [from, to] = [(k - 1) * LANES, (size - k) * columns + first];
    for (let l = 0; l < lanes; l++) x[to + l] = sign * (cos[k] * im[from + l] + sin[k] * re[from + l]);
  }
}
