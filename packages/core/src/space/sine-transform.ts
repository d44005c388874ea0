import type { BoxGrid } from "./box-grid.js";

/** out ← (V ⊗ … ⊗ V) x on the interior points of a box; its own inverse. `out` may be `x`. */
export interface SineTransform {
  readonly size: number;
  /** Doubles held: the folded sine matrices and two lines. */
  readonly storage: number;
  apply(x: Float64Array, out: Float64Array): void;
}

/**
 * The orthonormal discrete sine transform on every axis of a box, V_jk = √(2/(n+1)) sin(π j k/(n+1)), j, k = 1 … n: symmetric, V² = I,
 * its columns the eigenvectors of the second difference with zero boundary values.
 *
 * For any n, as dense products: sin is even or odd about the middle of the axis, so each row meets only the even or the odd half of a line.
 * Cost: about n/2 + 2 multiply-adds a point and axis; storage per axis 4(⌈e/4⌉e + ⌈o/4⌉o) + 2e doubles, e = ⌈n/2⌉, o = ⌊n/2⌋.
 */
export function sineTransform(grid: BoxGrid): SineTransform {
  const axes: AxisTransform[] = [];
  let stride = 1;
  for (const points of grid.points) {
    axes.push(axisTransform(points, stride));
    stride *= points;
  }
  return {
    size: grid.size,
    storage: axes.reduce((sum, axis) => sum + axis.even.length + axis.odd.length + axis.line.length, 0),
    apply(x, out) {
      if (x !== out) out.set(x);
      for (let a = 0; a < axes.length; a++) transformAxis(axes[a], out);
    },
  };
}

/** Eigenvalues of L = −ν∆ₕ in the order of the sine transform: Σ_axes ν (4/h²) sin²(π k/(2(n+1))), x fastest. Unit 1/time. */
export function laplacianEigenvalues(grid: BoxGrid, diffusivity: number): Float64Array {
  let values = Float64Array.of(0);
  for (let axis = grid.dimension - 1; axis >= 0; axis--) {
    const cells = grid.cells[axis];
    const scale = (4 * diffusivity) / grid.spacing[axis] ** 2;
    const onAxis = Float64Array.from({ length: cells - 1 }, (_, k) => scale * Math.sin((Math.PI * (k + 1)) / (2 * cells)) ** 2);
    const slower = values;
    values = Float64Array.from({ length: slower.length * onAxis.length }, (_, i) => onAxis[i % onAxis.length] + slower[Math.floor(i / onAxis.length)]);
  }
  return values;
}

interface AxisTransform {
  readonly points: number;
  readonly stride: number;
  /** Rows k = 1, 3, 5, … of V against the even part of a line, in blocks of four rows, the four entries of a column side by side. */
  readonly even: Float64Array;
  /** Rows k = 2, 4, 6, … against the odd part. */
  readonly odd: Float64Array;
  /** The even and the odd part of the line at work. */
  readonly line: Float64Array;
}

function axisTransform(points: number, stride: number): AxisTransform {
  const half = Math.ceil(points / 2);
  return { points, stride, even: foldedRows(points, 1), odd: foldedRows(points, 2), line: new Float64Array(2 * half) };
}

/** Rows `first`, `first` + 2, … of V, columns 1 … ⌈n/2⌉ (even) or ⌊n/2⌋ (odd), padded with zero rows to blocks of four. */
function foldedRows(points: number, first: 1 | 2): Float64Array {
  const columns = first === 1 ? Math.ceil(points / 2) : Math.floor(points / 2);
  const blocks = Math.ceil(columns / 4);
  const scale = Math.sqrt(2 / (points + 1));
  const rows = new Float64Array(4 * blocks * columns);
  for (let r = 0; r < columns; r++) {
    for (let j = 0; j < columns; j++) {
      // Reduced modulo the period first: the sine of a large argument would lose digits.
      const angle = ((first + 2 * r) * (j + 1)) % (2 * (points + 1));
      rows[4 * ((r >> 2) * columns + j) + (r & 3)] = scale * Math.sin((Math.PI * angle) / (points + 1));
    }
  }
  return rows;
}

function transformAxis(axis: AxisTransform, data: Float64Array): void {
  const { points, stride } = axis;
  for (let block = 0; block < data.length; block += points * stride) {
    for (let start = block; start < block + stride; start++) transformLine(axis, data, start);
  }
}

function transformLine(axis: AxisTransform, data: Float64Array, start: number): void {
  const { points, stride, line } = axis;
  const half = line.length / 2;
  for (let j = 0; j < half; j++) {
    const left = data[start + j * stride];
    const right = data[start + (points - 1 - j) * stride];
    line[j] = left + right;
    line[half + j] = left - right;
  }
  if (points % 2 === 1) line[half - 1] = data[start + (half - 1) * stride];
  multiplyFolded(axis, 0, data, start);
  multiplyFolded(axis, 1, data, start);
}

/** data[rows of this parity] ← folded matrix × folded line, four rows at a time. */
function multiplyFolded({ even, odd, line, points, stride }: AxisTransform, parity: 0 | 1, data: Float64Array, start: number): void {
  const matrix = parity === 0 ? even : odd;
  const offset = (parity * line.length) / 2;
  const columns = (points + 1 - parity) >> 1;
  let m = 0;
  for (let row = parity; row < points; row += 8) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let j = 0; j < columns; j++, m += 4) {
      const x = line[offset + j];
      s0 += matrix[m] * x;
      s1 += matrix[m + 1] * x;
      s2 += matrix[m + 2] * x;
      s3 += matrix[m + 3] * x;
    }
    const target = start + row * stride;
    data[target] = s0;
    if (row + 2 < points) data[target + 2 * stride] = s1;
    if (row + 4 < points) data[target + 4 * stride] = s2;
    if (row + 6 < points) data[target + 6 * stride] = s3;
  }
}
