import { csrFromTriplets, csrKronecker, csrProduct, csrTranspose } from "@parakkt/core";

/** The coarsest grid has at most so many points. */
const COARSEST = 64;

/** Galerkin hierarchy by linear interpolation on a uniform grid of 2ᵏ − 1 points an axis, as the multigrid kernel takes it. */
export function multigridData({ stencil, matrix: finest, points: finestPoints }) {
  const levels = [];
  let [matrix, points, mass] = [finest, finestPoints, new Float64Array(finest.rows).fill(1)];
  for (;;) {
    const coarsens = matrix.rows > COARSEST;
    const axes = coarsens ? points.map(axisInterpolation) : undefined;
    levels.push({ points, mass, smootherDiagonal: smootherDiagonal(matrix), ...(levels.length > 0 && { matrix }), ...(axes && { interpolation: axes }) });
    if (!coarsens) return { finest: stencil, levels };
    const prolongation = points.map(interpolationMatrix).reduce((inner, outer) => csrKronecker(outer, inner));
    const restriction = csrTranspose(prolongation);
    matrix = csrProduct(restriction, csrProduct(matrix, prolongation));
    const coarseMass = new Float64Array(matrix.rows);
    restriction.apply(mass, coarseMass);
    [mass, points] = [coarseMass, points.map((n) => (n - 1) / 2)];
  }
}

/** Odd points are coarse ones, even points the mean of their neighbours. */
function axisInterpolation(n) {
  return { lower: Float64Array.from({ length: n }, (_, j) => (j % 2 ? 1 : 0.5)), upper: Float64Array.from({ length: n }, (_, j) => (j % 2 ? 0 : 0.5)) };
}

function interpolationMatrix(n) {
  const coarse = (n - 1) / 2;
  const [rowIndices, columnIndices, values] = [[], [], []];
  for (let i = 0; i < coarse; i++) {
    rowIndices.push(2 * i, 2 * i + 1, 2 * i + 2);
    columnIndices.push(i, i, i);
    values.push(0.5, 1, 0.5);
  }
  return csrFromTriplets({ rows: n, cols: coarse, rowIndices, columnIndices, values });
}

/** max(aᵢᵢ, ½ Σⱼ|aᵢⱼ|) */
function smootherDiagonal({ rows, rowPointers, columns, values }) {
  return Float64Array.from({ length: rows }, (_, i) => {
    let [diagonal, sum] = [0, 0];
    for (let k = rowPointers[i]; k < rowPointers[i + 1]; k++) {
      if (columns[k] === i) diagonal = values[k];
      sum += Math.abs(values[k]);
    }
    return Math.max(diagonal, sum / 2);
  });
}
