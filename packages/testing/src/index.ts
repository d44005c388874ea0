export { seededRandom, type SeededRandom } from "./seeded-random.js";
export { diagonalOperator, diagonalSolver, modalIntegrator, sampledModes, squareEigenvalues } from "./modal-problem.js";
export { denseMatrix, preconditionedSpectrum, symmetricEigenvalues } from "./dense.js";
export {
  randomSpaceTimeVector,
  schurIterations,
  serialDiscretization,
  type DiscretizationSpecification,
  type IterationCase,
} from "./schur-iterations.js";
