import {
  heapArena,
  norm,
  readStep,
  serialCommunicator,
  spaceTimeHalo,
  spaceTimeLayout,
  spaceTimeSpace,
  timePartition,
  timeSlices,
  uniformTimeGrid,
  writeStep,
  type Communicator,
  type HaloWidth,
  type SpaceTimeLayout,
  type TimePartition,
} from "@parakkt/core";
import { differingBits, dot, randomSpaceTimeVector, seededRandom, simulateRanks } from "@parakkt/testing";
import fc from "fast-check";

const STEPS = 45;
const DOFS = 7;
const grid = uniformTimeGrid(1, STEPS);

/** Random values that belong to (seed, step), whoever stores them. */
function vectorOf(layout: SpaceTimeLayout, seed: number): Float64Array {
  const data = new Float64Array(layout.length);
  for (let n = layout.steps.first; n <= layout.steps.last; n++) writeStep({ layout, data }, n, seededRandom(1000 * seed + n).normalVector(layout.dofs));
  return data;
}

const layoutOn = (partition: TimePartition, { rank, size }: Communicator, dofs = DOFS): SpaceTimeLayout => spaceTimeLayout(partition, dofs, { rank, slices: timeSlices(partition, size) });

describe("the inner product of space-time vectors", () => {
  const productOn = (partition: TimePartition) => (communicator: Communicator): number => {
    const layout = layoutOn(partition, communicator);
    return spaceTimeSpace([layout], communicator).innerProduct(vectorOf(layout, 1), vectorOf(layout, 2));
  };
  const reference = productOn(timePartition(grid, 1, 0))(serialCommunicator());

  test("is the sum over all steps and degrees of freedom", () => {
    const layout = spaceTimeLayout(timePartition(grid, 1, 0), DOFS);
    const [x, y] = [vectorOf(layout, 1), vectorOf(layout, 2)];
    expect(Math.abs(reference - dot(x, y))).toBeLessThan(1e-13 * dot(x.map(Math.abs), y.map(Math.abs)));
  });

  test("has the same bits for any number of subdomains, that is for any lane layout", () => {
    for (let subdomains = 1; subdomains <= STEPS; subdomains++) expect(productOn(timePartition(grid, subdomains, 0))(serialCommunicator())).toBe(reference);
  });

  test("has the same bits on any number of ranks, on each of them", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: STEPS }).chain((subdomains) => fc.tuple(fc.constant(subdomains), fc.integer({ min: 1, max: subdomains }))),
        ([subdomains, ranks]) => {
          const results = simulateRanks(ranks, productOn(timePartition(grid, subdomains, 0)));
          expect(results).toEqual(new Array(ranks).fill(reference));
        },
      ),
      { numRuns: 60 },
    );
  });

  test("would depend on the layout if it followed the storage order (negative control)", () => {
    const plain = (subdomains: number): number => {
      const layout = spaceTimeLayout(timePartition(grid, subdomains, 0), DOFS);
      return dot(vectorOf(layout, 1), vectorOf(layout, 2));
    };
    expect(new Set([1, 2, 4, 9, 15].map(plain)).size).toBeGreaterThan(1);
  });

  test("ignores the padding", () => {
    const layout = spaceTimeLayout(timePartition(grid, 8, 0), DOFS);
    const space = spaceTimeSpace([layout], serialCommunicator());
    const x = new Float64Array(layout.length).fill(1);
    expect(layout.length).toBeGreaterThan(STEPS * DOFS);
    expect(space.size).toBe(layout.length);
    expect(space.innerProduct(x, x)).toBe(STEPS * DOFS);
    expect(norm(space, x)).toBe(Math.sqrt(STEPS * DOFS));
  });
});

describe("a batch of inner products of vectors with several fields", () => {
  const partition = timePartition(grid, 11, 0);
  const batch = (communicator: Communicator) => {
    const fields = [7, 2, 7].map((dofs) => layoutOn(partition, communicator, dofs));
    const vector = (seed: number): Float64Array => Float64Array.from(fields.flatMap((layout, f) => [...vectorOf(layout, 10 * seed + f)]));
    let gathers = 0;
    const counting: Communicator = { ...communicator, allGather: (local, gathered) => (gathers++, communicator.allGather(local, gathered)) };
    const space = spaceTimeSpace(fields, counting);
    const [basis, y, out] = [[vector(1), vector(2), vector(3)], vector(4), new Float64Array(4).fill(-1)];
    space.innerProducts(basis, 3, y, out);
    const batchGathers = gathers;
    return { out, single: basis.map((x) => space.innerProduct(x, y)), batchGathers };
  };
  const serial = batch(serialCommunicator());

  test("has the bits of single products and writes no more than was asked for", () => {
    expect([...serial.out]).toEqual([...serial.single, -1]);
  });

  test("has the same bits on 2, 3 and 5 ranks, in one all-gather", () => {
    for (const ranks of [2, 3, 5]) {
      for (const { out, single, batchGathers } of simulateRanks(ranks, batch)) {
        expect([...out]).toEqual([...serial.out]);
        expect(single).toEqual(serial.single);
        expect(batchGathers).toBe(1);
      }
    }
  });
});

describe("the halo of a space-time vector", () => {
  const partition = timePartition(grid, 9, 4);

  /** Steps first − 6 … last + 6 as a rank reads them. */
  const readAll = (width: HaloWidth) => (communicator: Communicator) => {
    const layout = layoutOn(partition, communicator);
    const halo = spaceTimeHalo(layout, communicator, width, heapArena());
    const x = vectorOf(layout, 3);
    const steps = Array.from({ length: layout.steps.last - layout.steps.first + 13 }, (_, k) => layout.steps.first - 6 + k);
    const read = (): Float64Array[] => steps.map((step) => {
      const state = new Float64Array(DOFS).fill(NaN);
      halo.read(x, step, state);
      return state;
    });
    halo.start(x);
    halo.finish();
    return { first: layout.steps.first, last: layout.steps.last, steps, states: read(), messages: communicator.messages };
  };

  const serialLayout = spaceTimeLayout(partition, DOFS);
  const serial = { layout: serialLayout, data: vectorOf(serialLayout, 3) };
  const expected = (step: number): Float64Array => {
    const state = new Float64Array(DOFS);
    if (step >= 1 && step <= STEPS) readStep(serial, step, state);
    return state;
  };

  test.each([
    { before: 0, after: 0 },
    { before: 1, after: 0 },
    { before: 0, after: 1 },
    { before: 2, after: 3 },
    { before: 4, after: 4 },
  ])("of width %p holds the neighbours' steps on 1, 2, 3 and 5 ranks, and zero beyond the ends of time", (width) => {
    for (const ranks of [1, 2, 3, 5]) {
      for (const { first, last, steps, states } of simulateRanks(ranks, readAll(width))) {
        steps.forEach((step, k) => {
          const isHeld = step >= first - width.before && step <= last + width.after;
          if (isHeld || step < 1 || step > STEPS) expect(differingBits(states[k], expected(step))).toBe(0);
        });
      }
    }
  });

  test("sends one message to each neighbour that needs something", () => {
    const messages = (width: HaloWidth): number[] => simulateRanks(3, readAll(width)).map((rank) => rank.messages);
    expect(messages({ before: 1, after: 0 })).toEqual([1, 1, 0]);
    expect(messages({ before: 0, after: 1 })).toEqual([0, 1, 1]);
    expect(messages({ before: 2, after: 2 })).toEqual([1, 2, 1]);
  });

  test("is read from the edge steps as they were when the exchange began", () => {
    const [, second] = simulateRanks(2, (communicator) => {
      const layout = layoutOn(partition, communicator);
      const halo = spaceTimeHalo(layout, communicator, { before: 1, after: 0 }, heapArena());
      const x = randomSpaceTimeVector(layout, 5).fill(communicator.rank + 1);
      halo.start(x);
      x.fill(9);
      halo.finish();
      const state = new Float64Array(DOFS);
      halo.read(x, layout.steps.first - 1, state);
      return state;
    });
    expect([...second]).toEqual(new Array(DOFS).fill(1));
  });
});
