import { heapArena, serialCommunicator, spaceTimeDiscretization, timeGrid, timePartition, type SpaceTimeDiscretization, type TimeGrid } from "@parakkt/core";
import { denseIntegrator, denseRow, seededRandom, type DenseScheme } from "@parakkt/testing";
import { inverse, Matrix } from "ml-matrix";

/** A small optimal control problem of dense blocks: everything can be written down as a matrix. */
export interface DenseControlProblem {
  readonly scheme: DenseScheme;
  readonly grid: TimeGrid;
  /** ω */
  readonly regularization: number;
}

/** The matrices of (KKT.1), (SCH.1) and of the reduced Hessian in the order field, step, dof, assembled from their definitions. */
export interface DenseMatrices {
  readonly jacobian: Matrix;
  readonly control: Matrix;
  readonly stateWeights: Matrix;
  readonly controlWeights: Matrix;
  readonly kkt: Matrix;
  readonly schur: Matrix;
  readonly reducedHessian: Matrix;
}

export function denseMatrices({ scheme, grid, regularization }: DenseControlProblem): DenseMatrices {
  const { stateSize, controlSize } = denseIntegrator(scheme);
  const jacobian = Matrix.zeros(grid.steps * stateSize, grid.steps * stateSize);
  const control = Matrix.zeros(grid.steps * stateSize, grid.steps * controlSize);
  for (let n = 1; n <= grid.steps; n++) {
    const row = denseRow(scheme, grid.step(n));
    const at = (n - 1) * stateSize;
    jacobian.setSubMatrix(row.left, at, at);
    if (n > 1) jacobian.setSubMatrix(Matrix.mul(row.right, -1), at, at - stateSize);
    control.setSubMatrix(row.control, at, (n - 1) * controlSize);
  }
  const stateWeights = weights(grid, stateSize);
  const controlWeights = weights(grid, controlSize);
  const reachable = inverse(jacobian).mmul(control);
  return {
    jacobian,
    control,
    stateWeights,
    controlWeights,
    kkt: kktMatrix({ jacobian, control, stateWeights, controlWeights, regularization }),
    schur: Matrix.add(
      jacobian.mmul(inverse(stateWeights)).mmul(jacobian.transpose()),
      control.mmul(inverse(controlWeights)).mmul(control.transpose()).mul(1 / regularization),
    ),
    reducedHessian: Matrix.add(Matrix.mul(controlWeights, regularization), reachable.transpose().mmul(stateWeights).mmul(reachable)),
  };
}

/** W = diag(τₙ), each as often as a step has entries. */
function weights(grid: TimeGrid, dofs: number): Matrix {
  return Matrix.diag(Array.from({ length: grid.steps * dofs }, (_, i) => grid.step(Math.floor(i / dofs) + 1).size));
}

type KktBlocks = Pick<DenseMatrices, "jacobian" | "control" | "stateWeights" | "controlWeights"> & { readonly regularization: number };

/** [[W, 0, Jᵀ], [0, ωW, −Bᵀ], [J, −B, 0]] */
function kktMatrix({ jacobian, control, stateWeights, controlWeights, regularization }: KktBlocks): Matrix {
  const [states, controls] = [jacobian.rows, control.columns];
  const kkt = Matrix.zeros(2 * states + controls, 2 * states + controls);
  kkt.setSubMatrix(stateWeights, 0, 0);
  kkt.setSubMatrix(Matrix.mul(controlWeights, regularization), states, states);
  kkt.setSubMatrix(jacobian, states + controls, 0);
  kkt.setSubMatrix(jacobian.transpose(), 0, states + controls);
  kkt.setSubMatrix(Matrix.mul(control, -1), states + controls, states);
  kkt.setSubMatrix(Matrix.mul(control.transpose(), -1), states, states + controls);
  return kkt;
}

/** The library's blocks of the same problem with P subdomains. */
export function discretize({ scheme, grid, regularization }: DenseControlProblem, subdomains: number): SpaceTimeDiscretization {
  return spaceTimeDiscretization({
    integrator: denseIntegrator(scheme),
    partition: timePartition(grid, subdomains, 0),
    regularization,
    communicator: serialCommunicator(),
    arena: heapArena(),
  });
}

/** A scheme without symmetry, with a transported term and a control that is no square matrix. */
export function randomScheme(seed: number, stateSize = 3, controlSize = 2): DenseScheme {
  const random = seededRandom(seed);
  const matrix = (rows: number, columns: number): Matrix => Matrix.from1DArray(rows, columns, [...random.normalVector(rows * columns)]);
  return { implicit: matrix(stateSize, stateSize).add(Matrix.eye(stateSize).mul(4)), explicit: matrix(stateSize, stateSize), control: matrix(stateSize, controlSize) };
}

/** N steps whose sizes vary by a factor of up to three. */
export function unequalGrid(steps: number, seed = 7): TimeGrid {
  const random = seededRandom(seed);
  const times = [0];
  for (let n = 1; n <= steps; n++) times.push(times[n - 1] + (0.5 + random.uniform()) / steps);
  return timeGrid(times);
}

/** max |aᵢⱼ − bᵢⱼ| / max |bᵢⱼ|; NaN for different shapes or an entry that was not written. */
export function matrixDistance(a: Matrix, b: Matrix): number {
  if (a.rows !== b.rows || a.columns !== b.columns) return NaN;
  const largest = (matrix: Matrix): number => matrix.to1DArray().reduce((max, value) => (value !== value ? NaN : Math.max(max, Math.abs(value))), 0);
  return largest(Matrix.sub(a, b)) / largest(b);
}
