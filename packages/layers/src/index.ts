// hierarchy
export {
  timeHierarchy,
  type HierarchyOptions,
  type LevelStep,
  type TimeHierarchy,
  type TimeLevel,
} from "./hierarchy/time-hierarchy.js";
export type { IntervalBlocks } from "./hierarchy/interval-blocks.js";

// mgrit
export { mgrit, type InitialGuess, type MarchTask, type Mgrit, type MgritOptions } from "./mgrit/mgrit.js";
export { stepFunctionPerLevel, type StepFunction } from "./mgrit/step-function.js";
export { defaultHaltingCriteria, type HaltingCriteria, type MgritReason, type MgritResult } from "./mgrit/halting.js";
export type { CycleKind, CycleOptions } from "./mgrit/cycle.js";
export type { MgritCounts } from "./mgrit/counts.js";

// adjoint
export { adjointMgrit, type AdjointMgrit, type AdjointTask } from "./adjoint/adjoint-mgrit.js";
export type { DifferentiableStepFunction, ParametrisedStepFunction } from "./adjoint/differentiable-step-function.js";
export { integratorSteps } from "./adjoint/integrator-steps.js";
export { parameterGradients } from "./adjoint/parameter-gradients.js";
export { stepSum, type StepSum, type StepSumOptions } from "./adjoint/step-sum.js";

// network
export type { Layer, LayerCall } from "./network/layer.js";
export { layerSteps, type LayerStepsOptions } from "./network/layer-steps.js";
export { sharedValues, valuesPerStep, type CoarseValues, type StepValues } from "./network/step-values.js";
export { denseResidual, type DenseResidualOptions } from "./network/dense-residual.js";
export { gatedRecurrent, type GatedRecurrentOptions } from "./network/gated-recurrent.js";
export { classicUpdate, implicitUpdate, type GatedUpdate } from "./network/gated-update.js";
export { denseMap, type DenseMapOptions } from "./network/dense-map.js";
export type { OpeningMap, ParameterBlock, ParametrisedMap } from "./network/parametrised-map.js";
export { residualLayer, type ResidualLayerOptions } from "./network/residual-layer.js";
export { zeroOpening } from "./network/zero-opening.js";
export { composedMap, serialLayers, type SerialLayersOptions } from "./network/composed-map.js";
export { dropoutMasks, type DropoutMasks } from "./network/dropout-masks.js";
export { initialiseParameters, network, type Network, type NetworkOptions, type ParameterPart, type Phase } from "./network/network.js";
export { propagation, type NetworkInputs, type Propagation, type PropagationOptions, type PropagationSolve } from "./network/propagation.js";
export { crossEntropy, meanSquare, type Loss } from "./network/loss.js";
export { identity, relu, smoothRelu, tanh, type Activation } from "./network/activation.js";
export { plainMatrixProduct, type MatrixProduct, type ProductShape } from "./network/matrix-product.js";

// cost
export { cycleSpan, type SpanOptions } from "./cost/cycle-span.js";
export { estimatedSpan, modelledSpeedup, type CoarseningPlan, type ModelledSpeedup, type SpeedupModel } from "./cost/modelled-speedup.js";
