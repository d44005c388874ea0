import { mgrit, meanSquare, layerSteps, denseResidual, valuesPerStep, type ParametrisedStepFunction } from "@parakkt/layers";
import { dot, observedOrders, taylorRemainders } from "@parakkt/testing";
import { hierarchyOf, lossGradient, randomState, randomWeights } from "./network-cases.js";

const N = 48;
const width = 4;
const weights = randomWeights({ steps: N, width, seed: 3 });
const size = width * (width + 1);
const direction = randomState(N * size, 8);

const networkAt = (epsilon: number): ParametrisedStepFunction =>
  layerSteps({
    layer: denseResidual({ batch: 4, features: width }),
    parameters: valuesPerStep(
      weights.map((theta, n) => theta.map((value, j) => value + epsilon * direction[n * size + j])),
      "average",
    ),
  });

const [initialState, target] = [randomState(4 * width, 1), randomState(4 * width, 2)];

function loss(epsilon: number): number {
  const steps = networkAt(epsilon);
  const serial = mgrit(hierarchyOf(N, { levels: 1, duration: 5 }), steps);
  serial.solve({ initialState });
  return meanSquare(4).value(serial.state(N), target);
}

/** |ℓ(θ + εd) − ℓ(θ) − ε⟨g, d⟩| for ε = 2⁻⁴ … 2⁻¹³, with the gradient after so many cycles. */
function remainders(cycles: { forward: number; backward: number }): number[] {
  const { gradient } = lossGradient({ hierarchy: hierarchyOf(N, { levels: 2, duration: 5 }), steps: networkAt(0), initialState, target, ...cycles });
  const [start, slope] = [loss(0), dot(gradient, direction)];
  return taylorRemainders((epsilon) => loss(epsilon) - start - epsilon * slope, { start: 2 ** -4, count: 10 });
}

test("the gradient of converged solves leaves a Taylor remainder of order 2.00", () => {
  const orders = observedOrders(remainders({ forward: 25, backward: 25 })).slice(3);
  for (const order of orders) expect(Math.abs(order - 2)).toBeLessThan(0.02);
});

test("an inexact gradient leaves one of order 1 at small ε", () => {
  const orders = observedOrders(remainders({ forward: 2, backward: 1 }));
  expect(Math.abs(orders[orders.length - 1] - 1)).toBeLessThan(0.1);
});
