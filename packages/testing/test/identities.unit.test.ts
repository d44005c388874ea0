import { heapArena, readStep, serialCommunicator, spaceTimeDiscretization, timePartition, uniformTimeGrid } from "@parakkt/core";
import {
  adjointDefect,
  denseIntegrator,
  denseRow,
  differingBits,
  dot,
  euclideanNorm,
  fromStepOrder,
  modalIntegrator,
  observedOrders,
  relativeDistance,
  roundingBound,
  seededRandom,
  stepOrderMatrix,
  taylorRemainders,
  toStepOrder,
} from "@parakkt/testing";
import { Matrix } from "ml-matrix";

describe("comparing vectors", () => {
  const [x, y] = [Float64Array.of(3, 4), Float64Array.of(3, 5)];

  test("measures products, lengths and relative distances", () => {
    expect([dot(x, y), euclideanNorm(x), relativeDistance(y, x)]).toEqual([29, 5, 0.2]);
    expect(relativeDistance(x, Float64Array.of(1))).toBeNaN();
  });

  test("counts entries that are not the same double: signs of zero, NaN and lengths included", () => {
    expect(differingBits(Float64Array.of(0, NaN, 1), Float64Array.of(-0, NaN, 1))).toBe(1);
    expect(differingBits(Float64Array.of(1), Float64Array.of(1, 2, 3))).toBe(2);
  });
});

describe("the adjoint defect", () => {
  const matrix = Matrix.from1DArray(3, 2, [1, 2, 3, 4, 5, 6]);
  const times = (factor: Matrix) => (from: Float64Array, out: Float64Array): void => out.set(factor.mmul(Matrix.columnVector(from)).to1DArray());
  const [x, y] = [Float64Array.of(0.3, -0.7), Float64Array.of(1, 2, -0.1)];

  test("is rounding for a transpose and of order one for anything else", () => {
    expect(adjointDefect({ apply: times(matrix), applyTranspose: times(matrix.transpose()) }, x, y)).toBeLessThanOrEqual(roundingBound(10));
    expect(adjointDefect({ apply: times(matrix), applyTranspose: times(matrix.transpose().mul(-1)) }, x, y)).toBeGreaterThan(0.1);
  });

  test("is NaN for an output that is not written", () => {
    expect(adjointDefect({ apply: () => undefined, applyTranspose: times(matrix.transpose()) }, x, y)).toBeNaN();
  });
});

describe("observed orders", () => {
  test("are the exponents of a power law, for any ratio of mesh sizes", () => {
    for (const ratio of [2, 3]) {
      for (const order of observedOrders([0, 1, 2, 3].map((k) => 5 * ratio ** (-1.5 * k)), ratio)) expect(order).toBeCloseTo(1.5, 12);
    }
  });

  test("of Taylor remainders are those of the first missing term", () => {
    for (const order of observedOrders(taylorRemainders((epsilon) => -3 * epsilon ** 2, { start: 1, count: 5 }))) expect(order).toBeCloseTo(2, 12);
  });
});

describe("the step order", () => {
  const { stateLayout, controlLayout, jacobian } = spaceTimeDiscretization({
    integrator: modalIntegrator(Float64Array.of(1, 2, 3)),
    partition: timePartition(uniformTimeGrid(1, 11), 7, 0),
    regularization: 1,
    communicator: serialCommunicator(),
    arena: heapArena(),
  });
  const fields = [stateLayout, controlLayout];

  test("goes to storage order and back", () => {
    const ordered = seededRandom(1).normalVector(2 * 33);
    const storage = fromStepOrder(fields, ordered);
    expect(storage.length).toBe(stateLayout.length + controlLayout.length);
    expect(differingBits(toStepOrder(fields, storage), ordered)).toBe(0);
    const state = new Float64Array(3);
    readStep({ layout: stateLayout, data: storage.subarray(0, stateLayout.length) }, 5, state);
    expect([...state]).toEqual([...ordered.subarray(12, 15)]);
  });

  test("shows J as the block bidiagonal matrix that it is", () => {
    const matrix = stepOrderMatrix({ from: [stateLayout], to: [stateLayout] }, jacobian.apply);
    expect([matrix.get(4, 4), matrix.get(4, 1), matrix.get(4, 7), matrix.get(1, 4)]).toEqual([1 + 2 / 11, -1, 0, 0]);
  });
});

describe("the dense integrator", () => {
  const scheme = { implicit: Matrix.from1DArray(2, 2, [2, 1, 0, 3]), explicit: Matrix.from1DArray(2, 2, [0, 1, 0, 0]), control: Matrix.from1DArray(2, 1, [1, -1]) };
  const step = uniformTimeGrid(1, 2).step(1);

  test("is made of L = I + τ(A + ρI), R = I + τG and B = τB", () => {
    const { left, right, control } = denseRow(scheme, step, 4);
    expect([left.to1DArray(), right.to1DArray(), control.to1DArray()]).toEqual([[4, 0.5, 0, 4.5], [1, 0.5, 0, 1], [0.5, -0.5]]);
  });

  test("takes the step that makes its residual the forcing", () => {
    const integrator = denseIntegrator(scheme).withReaction(4);
    const [previous, forcing, next, row] = [Float64Array.of(1, 2), Float64Array.of(-1, 3), new Float64Array(2), new Float64Array(2)];
    integrator.step(step, previous, forcing, next);
    integrator.residual(step, previous, next, row);
    expect(relativeDistance(row, forcing)).toBeLessThanOrEqual(roundingBound(20));
    expect([integrator.stateSize, integrator.controlSize]).toEqual([2, 1]);
  });
});
