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
export { convolution, convolutionalResidual, type ConvolutionalResidualOptions, type ConvolutionOptions, type ImageShape } from "./network/convolution.js";
export { meanPooling, type MeanPoolingOptions } from "./network/mean-pooling.js";
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
export { gelu, identity, relu, smoothRelu, tanh, type Activation } from "./network/activation.js";
export { layerKernels } from "./network/dense-products.js";
export { kernelArena } from "./network/kernel-arena.js";

// transformer
export { decoderLayer, encoderLayer } from "./transformer/encoder.js";
export { encoderDecoder, type EncoderDecoderOptions } from "./transformer/encoder-decoder.js";
export type { TransformerOptions } from "./transformer/transformer-options.js";
export { tokenEmbedding, type TokenEmbeddingOptions } from "./transformer/token-embedding.js";
export { normalizedTokens } from "./transformer/layer-norm.js";
export { selectedPart, type SelectedPartOptions } from "./transformer/stacked-state.js";

// cost
export { cycleSpan, type SpanOptions } from "./cost/cycle-span.js";
export { rankCosts, type RankCost, type RankCostOptions } from "./cost/rank-costs.js";
export { modelledTime, type MachineTimes, type ModelledTime, type TimedSolve } from "./cost/modelled-time.js";
export { estimatedSpan, modelledSpeedup, type CoarseningPlan, type ModelledSpeedup, type SpeedupModel } from "./cost/modelled-speedup.js";

// training
export { training, type Goal, type Training, type TrainingOptions } from "./training/training.js";
export type { TrainingPosition, TrainingSnapshot } from "./training/snapshot.js";
export type {
  AgreementRecord,
  DepthRecord,
  EpochRecord,
  IndicatorRecord,
  TrainingReason,
  TrainingRecord,
  UpdateRecord,
} from "./training/training-record.js";
export { trainingStage, type StageOptions, type TrainingStage } from "./training/training-stage.js";
export type { Evaluation, PropagationCounts } from "./training/training-objective.js";
export { adaptedEffort, convergenceIndicator, type Effort, type IndicatorOptions } from "./training/indicator.js";
export { gradientAgreement, type GradientAgreement } from "./training/gradient-agreement.js";
export type { WarmStart } from "./training/warm-states.js";
export { learningRate, sizeAt, type RateOptions, type RateSchedule, type ScheduledSize } from "./training/schedules.js";
export { epochBatches, shuffled, type EpochBatches } from "./training/batches.js";
export { accuracy, largest } from "./training/accuracy.js";
export { PREDICTION_BATCH, serialPredictor, type Prediction, type Predictor, type PredictorOptions } from "./training/predict.js";

// training: optimisers
export type { Optimizer, UpdateOutcome, UpdateTask } from "./training/optimizers/optimizer.js";
export { gradientDescent, momentum } from "./training/optimizers/gradient-descent.js";
export { adam, type AdamOptions } from "./training/optimizers/adam.js";
export { lbfgs, type LbfgsOptions } from "./training/optimizers/lbfgs.js";

// training: weights
export { perLayerWeights, splineWeights, type LayerWeights, type SplineOptions } from "./training/weights/layer-weights.js";
export { splineBasis, type SplineBasis } from "./training/weights/b-splines.js";
export { regularization, type LayeredWeights, type Regularization, type RegularizationOptions } from "./training/weights/regularization.js";

// training: networks and data
export type { NetworkFamily, NetworkSize } from "./training/network-family.js";
export type { LossName } from "./training/families/loss-for.js";
export { denseFamily, type DenseFamilyOptions } from "./training/families/dense-family.js";
export { convolutionalFamily, type ConvolutionalFamilyOptions } from "./training/families/convolutional-family.js";
export { encoderDecoderFamily, type EncoderDecoderFamilyOptions } from "./training/families/encoder-decoder-family.js";
export { recurrentFamily, type RecurrentFamilyOptions } from "./training/families/recurrent-family.js";
export { dataSetOf, entriesOf, gatherRows, oneHot, type Batch, type DataSet, type SplitData } from "./training/data/data-set.js";
export { peaks, peaksHeight, swissRoll, twoSpirals, type GeneratedSet, type SpiralOptions } from "./training/data/planar-classes.js";
export { addingProblem, sineSequences, type SequenceOptions, type SineOptions } from "./training/data/sequences.js";
export { strings, type StringOptions, type StringTask } from "./training/data/strings.js";
export { digits, type DigitOptions } from "./training/data/digits.js";
