export { seededRandom, type SeededRandom } from "./seeded-random.js";
export { diagonalOperator, diagonalSolver, modalIntegrator, sampledModes, squareEigenvalues } from "./modal-problem.js";
