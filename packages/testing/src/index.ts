export { seededRandom, type SeededRandom } from "@parakkt/core";
export { decayingIntegrator, modalIntegrator, sampledModes, squareEigenvalues } from "./modal-problem.js";
export { denseMatrix, preconditionedSpectrum, symmetricEigenvalues } from "./dense.js";
export {
  randomSpaceTimeVector,
  schurIterations,
  serialDiscretization,
  type DiscretizationSpecification,
  type IterationCase,
} from "./schur-iterations.js";
export { differingBits, dot, euclideanNorm, relativeDistance } from "./compare-vectors.js";
export { adjointDefect } from "./adjoint-defect.js";
export { roundingBound } from "./rounding-bounds.js";
export { observedOrders, taylorRemainders } from "./observed-order.js";
export { fromStepOrder, stepOrderMatrix, toStepOrder } from "./step-order.js";
export { denseIntegrator, denseRow, type DenseRow, type DenseScheme } from "./dense-integrator.js";
export { simulateRanks } from "./simulated-ranks.js";
export { describeTimeIntegrator, type IntegratorUnderTest } from "./time-integrator-conformance.js";
export { communicatorLaws, type CommunicatorLaw } from "./communicator-laws.js";
