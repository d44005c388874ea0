import { requireArgument } from "@parakkt/core";
import type { ParametrisedMap } from "../network/parametrised-map.js";

/** A part of every member's state: entries first … of `total`. */
export interface StatePart {
  readonly batch: number;
  readonly total: number;
  readonly first: number;
}

/** part ← the entries of the part, member by member; the length of `part` says how many. */
export function takePart(state: Float64Array, { batch, total, first }: StatePart, part: Float64Array): void {
  const length = part.length / batch;
  for (let b = 0; b < batch; b++) for (let j = 0; j < length; j++) part[b * length + j] = state[b * total + first + j];
}

/** The entries of the part in the state ← part. */
export function putPart(part: Float64Array, { batch, total, first }: StatePart, state: Float64Array): void {
  const length = part.length / batch;
  for (let b = 0; b < batch; b++) for (let j = 0; j < length; j++) state[b * total + first + j] = part[b * length + j];
}

/** The map on a part of the state, zero on the rest. */
export function onPart(map: ParametrisedMap, place: StatePart): ParametrisedMap {
  const [part, result, partAdjoint] = [map.inputSize, map.outputSize, map.outputSize].map((length) => new Float64Array(length));
  const size = place.batch * place.total;
  return {
    ...map,
    inputSize: size,
    outputSize: size,
    forward(parameters, state, out) {
      takePart(state, place, part);
      map.forward(parameters, part, result);
      out.fill(0);
      putPart(result, place, out);
    },
    inputProduct(parameters, state, adjoint, out) {
      takePart(state, place, part);
      takePart(adjoint, place, partAdjoint);
      map.inputProduct(parameters, part, partAdjoint, result);
      out.fill(0);
      putPart(result, place, out);
    },
    addParameterProduct(parameters, state, adjoint, gradient) {
      takePart(state, place, part);
      takePart(adjoint, place, partAdjoint);
      map.addParameterProduct(parameters, part, partAdjoint, gradient);
    },
  };
}

export interface SelectedPartOptions {
  readonly batch: number;
  /** Entries of a member's state, and those that are handed on: first … first + length − 1. */
  readonly features: number;
  readonly first: number;
  readonly length: number;
}

/** Hands on a part of every member's state: what a closing layer reads of a stacked one. No parameters. */
export function selectedPart({ batch, features, first, length }: SelectedPartOptions): ParametrisedMap {
  requireArgument(first >= 0 && length >= 1 && first + length <= features, () => ({
    what: "part of the state",
    where: "selectedPart",
    expected: `a range of the ${features} entries`,
    got: `${length} from ${first}`,
  }));
  const place = { batch, total: features, first };
  return {
    ...{ inputSize: batch * features, outputSize: batch * length, parameterSize: 0, blocks: [] },
    forward: (_parameters, x, y) => takePart(x, place, y),
    inputProduct(_parameters, _x, adjoint, out) {
      out.fill(0);
      putPart(adjoint, place, out);
    },
    addParameterProduct() {},
  };
}
