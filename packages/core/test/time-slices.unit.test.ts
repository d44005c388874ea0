import { coarseSlices, timePartition, timeSlices, uniformTimeGrid, type TimePartition, type TimeSlices } from "@parakkt/core";
import fc from "fast-check";

interface SliceCase {
  readonly partition: TimePartition;
  readonly ranks: number;
}

const cases: fc.Arbitrary<SliceCase> = fc
  .integer({ min: 1, max: 100 })
  .chain((steps) => fc.tuple(fc.constant(steps), fc.integer({ min: 1, max: steps }), fc.integer({ min: 1, max: steps })))
  .map(([steps, subdomains, ranks]) => ({ partition: timePartition(uniformTimeGrid(1, steps), subdomains, 0), ranks }));

const rangesOf = ({ ranks, ownedBy }: TimeSlices) => Array.from({ length: ranks }, (_, rank) => ownedBy(rank));
const lengthsOf = (slices: TimeSlices): number[] => rangesOf(slices).map(({ first, last }) => last - first + 1);

describe("time slices", () => {
  test("deal every step to exactly one rank, in order, for any number of ranks up to that of the steps", () => {
    fc.assert(
      fc.property(cases, ({ partition, ranks }) => {
        const steps = rangesOf(timeSlices(partition, ranks)).flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, k) => first + k));
        expect(steps).toEqual(Array.from({ length: partition.grid.steps }, (_, k) => k + 1));
      }),
    );
  });

  test("cut no subdomain where there are no more ranks than subdomains, and give ranks numbers of them that differ by at most one", () => {
    fc.assert(
      fc.property(cases, ({ partition, ranks }) => {
        fc.pre(ranks <= partition.subdomains);
        const counts = rangesOf(timeSlices(partition, ranks)).map(({ first, last }) => {
          const [begin, end] = [partition.subdomainOf(first), partition.subdomainOf(last)];
          expect([first, last]).toEqual([partition.owned(begin).first, partition.owned(end).last]);
          return end - begin + 1;
        });
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("give ranks beyond that numbers of steps that differ by at most one", () => {
    const lengths = lengthsOf(timeSlices(timePartition(uniformTimeGrid(1, 64), 3), 5));
    expect(lengths.sort()).toEqual([12, 13, 13, 13, 13]);
  });

  test.each([0, 9, 1.5])("cannot serve %p ranks with 8 steps, and say what to try", (ranks) => {
    const partition = timePartition(uniformTimeGrid(1, 8), 4);
    expect(() => timeSlices(partition, ranks)).toThrow(
      `timeSlices: number of ranks: expected a whole number from 1 to the 8 time steps, got ${ranks}. Use fewer ranks: each one needs a time step of its own.`,
    );
  });

  test("of a coarse grid give each coarse step to the rank on which it ends, and nothing to a rank on which none does", () => {
    const fine = timeSlices(timePartition(uniformTimeGrid(1, 12), 1, 0), 4);
    expect(rangesOf(coarseSlices(fine, [1, 5, 8]))).toEqual([
      { first: 1, last: 0 },
      { first: 1, last: 1 },
      { first: 2, last: 2 },
      { first: 3, last: 3 },
    ]);
  });
});
