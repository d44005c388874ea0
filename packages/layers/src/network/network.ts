import { heapArena, requireArgument, uniformTimeGrid, type Arena, type SeededRandom, type StepRange, type TimeGrid } from "@parakkt/core";
import type { ParametrisedStepFunction } from "../adjoint/differentiable-step-function.js";
import type { Layer } from "./layer.js";
import { layerSteps } from "./layer-steps.js";
import type { Loss } from "./loss.js";
import type { OpeningMap, ParameterBlock, ParametrisedMap } from "./parametrised-map.js";
import { phaseSteps } from "./phase-steps.js";
import { sharedValues, valuesPerStep, type CoarseValues, type StepValues } from "./step-values.js";

/** Residual layers of one kind, one after the other. */
export interface Phase {
  readonly layer: Layer;
  readonly steps: number;
  /** All steps have the same parameters: a recurrent network. Default: each has its own. */
  readonly shared?: boolean;
}

export interface NetworkOptions {
  readonly opening: OpeningMap;
  /** Usually one; an encoder and a decoder are two. All layers have the same state. */
  readonly phases: readonly Phase[];
  readonly closing: ParametrisedMap;
  readonly loss: Loss;
  /** T; the N layers are steps of T/N. Default N: steps of 1. */
  readonly duration?: number;
  /** What coarse steps take of the parameters, inputs and masks of the fine ones. Default "average". */
  readonly coarse?: CoarseValues;
  /** θ to share with another network of the same shape, such as one with another batch. Default: new ones, zero. */
  readonly parameters?: Float64Array;
  /** Where new parameters and means for coarse steps are kept: `kernelArena` saves copies. Default: the heap. */
  readonly arena?: Arena;
}

/** Where the parameters of a layer are in the flat vector, and their blocks. */
export interface ParameterPart {
  /** "opening", "layer 1" …, "layers 1–8" where they share, "closing" */
  readonly name: string;
  readonly start: number;
  readonly size: number;
  readonly blocks: readonly ParameterBlock[];
}

/**
 * A network u₀ = open(x), uₙ = Φₙ(uₙ₋₁; θₙ), n = 1 … N, y = close(u_N), with a loss ℓ(y, targets), and all parameters in one flat vector:
 * those of the opening layer, of the layers in order, of the closing layer.
 */
export interface Network {
  readonly opening: OpeningMap;
  readonly phases: readonly Phase[];
  readonly closing: ParametrisedMap;
  readonly loss: Loss;
  readonly grid: TimeGrid;
  readonly stateSize: number;
  /** θ. Change entries in place, then call `parametersChanged`. */
  readonly parameters: Float64Array;
  parametersChanged(): void;
  readonly openingPart: ParameterPart;
  readonly closingPart: ParameterPart;
  /** The part of layer n = 1 … N; the same one for layers that share. */
  layerPart(n: number): ParameterPart;
  /** Every part once, in order. */
  readonly parts: readonly ParameterPart[];
  /** The layers as steps of all levels. */
  readonly steps: ParametrisedStepFunction;
  /** Takes the input sequence of a batch, an element a step; it is not copied. */
  setSequence(sequence: readonly Float64Array[]): void;
  /** Takes factors for what each layer adds, one vector of the state's size a step, for this batch; none ends dropout. Not copied. */
  setMasks(masks: readonly Float64Array[] | undefined): void;
}

export function network(options: NetworkOptions): Network {
  const { opening, phases, closing, loss, coarse = "average", arena = heapArena() } = options;
  checkShapes(options);
  const ranges = rangesOf(phases);
  const count = ranges[ranges.length - 1].last;
  const { parts, layerParts } = parameterParts(options, ranges);
  const closingPart = parts[parts.length - 1];
  const parameters = options.parameters ?? arena.allocate(closingPart.start + closingPart.size);
  checkParameters(parameters, closingPart.start + closingPart.size);
  const view = ({ start, size }: ParameterPart): Float64Array => parameters.subarray(start, start + size);
  const values = layerParts.map(view);
  const perPhase = phases.map(({ shared }, k): StepValues => (shared ? sharedValues(values[ranges[k].first - 1]) : valuesPerStep(values, coarse, arena)));
  const sequence: Float64Array[] = [];
  const inputs = valuesPerStep(sequence, coarse);
  const masks: Float64Array[] = [];
  const maskValues = valuesPerStep(masks, coarse);
  const stepsWith = (dropout: StepValues | undefined): ParametrisedStepFunction =>
    phaseSteps(
      phases.map(({ layer }, k) => ({
        range: ranges[k],
        steps: layerSteps({ layer, parameters: perPhase[k], ...(layer.inputSize > 0 && { inputs }), ...(dropout && { masks: dropout }) }),
      })),
    );
  const [plain, masked] = [stepsWith(undefined), stepsWith(maskValues)];
  return {
    ...{ opening, phases, closing, loss, parameters, closingPart, parts },
    grid: uniformTimeGrid(options.duration ?? count, count),
    stateSize: opening.outputSize,
    openingPart: parts[0],
    layerPart: (n) => layerParts[n - 1],
    parametersChanged: () => perPhase.forEach((each) => each.changed()),
    steps: switched(() => (masks.length > 0 ? masked : plain), plain),
    setSequence(elements) {
      checkSequence(elements, count);
      sequence.splice(0, sequence.length, ...elements);
      inputs.changed();
    },
    setMasks(factors) {
      masks.splice(0, masks.length, ...(factors ?? []));
      maskValues.changed();
    },
  };
}

/** θ ← mean + deviation × normal, block by block (see `ParameterBlock`); deviations of layers are times `layerScale`, default 1. */
export function initialiseParameters({ parts, openingPart, closingPart, parameters, parametersChanged }: Network, random: SeededRandom, layerScale = 1): void {
  for (const part of parts) {
    const scale = part === openingPart || part === closingPart ? 1 : layerScale;
    let j = part.start;
    for (const { size, mean, deviation } of part.blocks) for (const end = j + size; j < end; j++) parameters[j] = mean + (deviation > 0 ? scale * deviation * random.normal() : 0);
  }
  parametersChanged();
}

/** The steps that hold now. */
function switched(current: () => ParametrisedStepFunction, { stateSize, parameterSize, stepMany, stateProductMany }: ParametrisedStepFunction): ParametrisedStepFunction {
  return {
    ...{ stateSize, parameterSize },
    step: (at, state, next) => current().step(at, state, next),
    stateProduct: (at, state, adjoint, previous) => current().stateProduct(at, state, adjoint, previous),
    addParameterProduct: (at, state, adjoint, gradient) => current().addParameterProduct(at, state, adjoint, gradient),
    ...(stepMany && { stepMany: (at, states, next) => current().stepMany!(at, states, next) }),
    ...(stateProductMany && { stateProductMany: (at, states, adjoints, previous) => current().stateProductMany!(at, states, adjoints, previous) }),
  };
}

function rangesOf(phases: readonly Phase[]): StepRange[] {
  let last = 0;
  return phases.map(({ steps }) => ({ first: last + 1, last: (last += steps) }));
}

/** The parts one behind the other; a shared phase has one for all of its layers. */
function parameterParts({ opening, phases, closing }: NetworkOptions, ranges: readonly StepRange[]): { parts: ParameterPart[]; layerParts: ParameterPart[] } {
  const parts: ParameterPart[] = [];
  let start = 0;
  const take = (name: string, { parameterSize: size, blocks }: Pick<Layer, "parameterSize" | "blocks">): ParameterPart => {
    const part = { name, start, size, blocks };
    start += size;
    parts.push(part);
    return part;
  };
  take("opening", opening);
  const layerParts = phases.flatMap(({ layer, shared, steps }, k) => {
    const { first, last } = ranges[k];
    if (!shared) return Array.from({ length: steps }, (_, j) => take(`layer ${first + j}`, layer));
    const part = take(`layers ${first}–${last}`, layer);
    return Array.from({ length: steps }, () => part);
  });
  take("closing", closing);
  return { parts, layerParts };
}

function checkShapes({ opening, phases, closing }: NetworkOptions): void {
  const sizes = [opening.outputSize, ...phases.map(({ layer }) => layer.stateSize), closing.inputSize];
  requireArgument(phases.length > 0 && sizes.every((size) => size === sizes[0]), () => ({
    what: "sizes of the state",
    where: "network",
    expected: "the opening's outputs, the layers' states and the closing's inputs of one size",
    got: `[${sizes.join(", ")}]`,
  }));
  requireArgument(phases.every(({ steps }) => Number.isInteger(steps) && steps >= 1), () => ({
    what: "layers of a phase",
    where: "network",
    expected: "a whole number of at least 1",
    got: phases.map(({ steps }) => steps).join(", "),
  }));
}

function checkParameters({ length }: Float64Array, size: number): void {
  requireArgument(length === size, () => ({ what: "parameters", where: "network", expected: `${size} entries`, got: String(length) }));
}

function checkSequence({ length }: readonly Float64Array[], steps: number): void {
  requireArgument(length === steps, () => ({ what: "input sequence", where: "Network.setSequence", expected: `${steps} elements, one a step`, got: String(length) }));
}
