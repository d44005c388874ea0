import { constantBlock, type ParametrisedMap } from "../network/parametrised-map.js";
import { blockMap, type Block } from "./block.js";

/** Added to the variance [Ba2016]. */
const VARIANCE_FLOOR = 1e-5;

/**
 * y = g ∘ x̂ + b with x̂ = (x − mean)/√(variance + 1e-5), row by row (LAY.5). Parameters: gain g and bias b, [features] each.
 *
 * Transpose: x̄ = (s − mean(s) − x̂ mean(s ∘ x̂))/√(variance + 1e-5), s = g ∘ ȳ.
 */
export function layerNorm(rows: number, features: number): Block {
  const normalized = new Float64Array(rows * features);
  const scales = new Float64Array(rows);
  return {
    blocks: [constantBlock("gain", features, 1), constantBlock("bias", features)],
    forward(parameters, x, y) {
      for (let row = 0, start = 0; row < rows; row++, start += features) {
        const { mean, variance } = momentsOf(x, start, features);
        scales[row] = 1 / Math.sqrt(variance + VARIANCE_FLOOR);
        for (let k = 0, j = start; k < features; k++, j++) {
          normalized[j] = (x[j] - mean) * scales[row];
          y[j] = parameters[k] * normalized[j] + parameters[features + k];
        }
      }
    },
    pullBack(parameters, _x, adjoint, { input, gradient }) {
      for (let row = 0, start = 0; row < rows; row++, start += features) {
        let [sum, product] = [0, 0];
        for (let k = 0, j = start; k < features; k++, j++) {
          const s = parameters[k] * adjoint[j];
          sum += s;
          product += s * normalized[j];
        }
        for (let k = 0, j = start; k < features; k++, j++) input[j] = scales[row] * (parameters[k] * adjoint[j] - (sum + normalized[j] * product) / features);
      }
      if (gradient) addGradient(adjoint, normalized, gradient);
    },
  };

  function addGradient(adjoint: Float64Array, factors: Float64Array, gradient: Float64Array): void {
    for (let j = 0; j < adjoint.length; j++) {
      gradient[j % features] += adjoint[j] * factors[j];
      gradient[features + (j % features)] += adjoint[j];
    }
  }
}

function momentsOf(x: Float64Array, start: number, length: number): { mean: number; variance: number } {
  let mean = 0;
  for (let j = start; j < start + length; j++) mean += x[j];
  mean /= length;
  let variance = 0;
  for (let j = start; j < start + length; j++) variance += (x[j] - mean) ** 2;
  return { mean, variance: variance / length };
}

/** Layer normalization of `rows` tokens as a map: before the closing layer of a transformer. */
export function normalizedTokens(rows: number, features: number): ParametrisedMap {
  return blockMap(layerNorm(rows, features), { inputSize: rows * features, outputSize: rows * features });
}
