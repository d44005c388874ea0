import type { OpeningMap } from "./parametrised-map.js";

/** u₀ = 0, without data and parameters: what a recurrent network starts from. */
export function zeroOpening(stateSize: number): OpeningMap {
  return {
    inputSize: 0,
    outputSize: stateSize,
    parameterSize: 0,
    blocks: [],
    forward: (_parameters, _x, y) => void y.fill(0),
    addParameterProduct() {},
  };
}
