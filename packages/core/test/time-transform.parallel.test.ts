import {
  cosineTransform,
  heapArena,
  rankInvariantStateSum,
  serialCommunicator,
  spaceTimeLayout,
  timePartition,
  timeSlices,
  timeTransform,
  uniformTimeGrid,
  writeStep,
  type Communicator,
  type SpaceTimeLayout,
} from "@parakkt/core";
import { differingBits, relativeDistance, seededRandom, simulateRanks, toStepOrder } from "@parakkt/testing";

const STEPS = 45;
const grid = uniformTimeGrid(1, STEPS);
const layoutOn = ({ rank, size }: Communicator, { subdomains, dofs }: { subdomains: number; dofs: number }): SpaceTimeLayout =>
  spaceTimeLayout(timePartition(grid, subdomains, 0), dofs, { rank, slices: timeSlices(timePartition(grid, subdomains, 0), size) });

/** Values that belong to the step, whoever stores them. */
function vectorOf(layout: SpaceTimeLayout): Float64Array {
  const data = new Float64Array(layout.length);
  for (let n = layout.steps.first; n <= layout.steps.last; n++) writeStep({ layout, data }, n, seededRandom(n).normalVector(layout.dofs));
  return data;
}

const joined = (parts: readonly Float64Array[]): Float64Array => Float64Array.from(parts.flatMap((part) => [...part]));

describe.each([
  [2, 7],
  [9, 7],
  [9, 2],
  [13, 19],
])("with %i subdomains and %i degrees of freedom", (subdomains, dofs) => {
  const transformed = (communicator: Communicator) => {
    const layout = layoutOn(communicator, { subdomains, dofs });
    const x = vectorOf(layout);
    timeTransform(layout, communicator, heapArena()).apply(x);
    return { x: toStepOrder([layout], x), bytes: communicator.bytes };
  };
  const serial = transformed(serialCommunicator());
  const ranks = [2, 3, 4, 9].filter((count) => count <= subdomains);

  test("the transform along time is that of the columns", () => {
    const layout = layoutOn(serialCommunicator(), { subdomains, dofs });
    const columns = toStepOrder([layout], vectorOf(layout));
    cosineTransform(STEPS).apply(columns, dofs);
    expect(relativeDistance(serial.x, columns)).toBe(0);
  });

  test.each(ranks)("it has the bits of one rank on %i ranks and sends each entry that changes its rank twice", (size) => {
    const results = simulateRanks(size, transformed);
    expect(differingBits(joined(results.map(({ x }) => x)), serial.x)).toBe(0);
    expect(results.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(2 * 8 * STEPS * dofs);
  });
});

describe("the weighted sum over all steps", () => {
  const weights = seededRandom(5).normalVector(STEPS);
  const sumOn = (subdomains: number) => (communicator: Communicator) => {
    const layout = layoutOn(communicator, { subdomains, dofs: 6 });
    const sum = new Float64Array(6);
    rankInvariantStateSum(layout, communicator, { weights, arena: heapArena() })(vectorOf(layout), sum);
    return sum;
  };
  const serial = sumOn(11)(serialCommunicator());

  test("is the sum", () => {
    const layout = layoutOn(serialCommunicator(), { subdomains: 1, dofs: 6 });
    const steps = toStepOrder([layout], vectorOf(layout));
    const plain = Float64Array.from({ length: 6 }, (_, j) => weights.reduce((sum, weight, n) => sum + weight * steps[6 * n + j], 0));
    expect(relativeDistance(serial, plain)).toBeLessThan(1e-14);
  });

  test.each([2, 3, 4, 5, 7, 8, 11])("has the same bits on each of %i ranks", (size) => {
    for (const sum of simulateRanks(size, sumOn(11))) expect(differingBits(sum, serial)).toBe(0);
  });

  test("has other bits when the ranks' sums are added in rank order (negative control)", () => {
    const plain = (communicator: Communicator) => {
      const layout = layoutOn(communicator, { subdomains: 11, dofs: 6 });
      const steps = toStepOrder([layout], vectorOf(layout));
      const sum = new Float64Array(6);
      for (let n = layout.steps.first; n <= layout.steps.last; n++) {
        for (let j = 0; j < 6; j++) sum[j] += weights[n - 1] * steps[6 * (n - layout.steps.first) + j];
      }
      communicator.allReduce(sum);
      return sum;
    };
    expect(differingBits(simulateRanks(3, plain)[0], simulateRanks(2, plain)[0])).toBeGreaterThan(0);
  });
});
