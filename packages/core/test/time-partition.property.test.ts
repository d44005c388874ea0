import { timePartition, uniformTimeGrid, type TimePartition } from "@parakkt/core";
import fc from "fast-check";

/** N ≤ 300, 1 ≤ P ≤ N and 0 ≤ δ ≤ ⌊N/P⌋ */
const partitions = fc
  .integer({ min: 1, max: 300 })
  .chain((steps) => fc.tuple(fc.constant(steps), fc.integer({ min: 1, max: steps })))
  .chain(([steps, subdomains]) => fc.tuple(fc.constant(steps), fc.constant(subdomains), fc.integer({ min: 0, max: Math.floor(steps / subdomains) })))
  .map(([steps, subdomains, overlap]) => timePartition(uniformTimeGrid(1, steps), subdomains, overlap));

const subdomainsOf = ({ subdomains }: TimePartition): number[] => Array.from({ length: subdomains }, (_, i) => i);

describe("the subdomains of a time partition", () => {
  test("own every step exactly once, in order", () => {
    fc.assert(
      fc.property(partitions, (partition) => {
        let next = 1;
        for (const i of subdomainsOf(partition)) {
          const { first, last } = partition.owned(i);
          expect(first).toBe(next);
          expect(last).toBeGreaterThanOrEqual(first);
          next = last + 1;
        }
        expect(next).toBe(partition.grid.steps + 1);
      }),
    );
  });

  test("start at step ⌊iN/P⌋ + 1 and differ in length by at most one step", () => {
    fc.assert(
      fc.property(partitions, (partition) => {
        const { steps } = partition.grid;
        const lengths = subdomainsOf(partition).map((i) => partition.owned(i).last - partition.owned(i).first + 1);
        expect(subdomainsOf(partition).map((i) => partition.owned(i).first)).toEqual(subdomainsOf(partition).map((i) => Math.floor((i * steps) / partition.subdomains) + 1));
        expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(steps % partition.subdomains === 0 ? 0 : 1);
      }),
    );
  });

  test("are found again by subdomainOf", () => {
    fc.assert(
      fc.property(partitions, (partition) => {
        for (const i of subdomainsOf(partition)) {
          for (let step = partition.owned(i).first; step <= partition.owned(i).last; step++) expect(partition.subdomainOf(step)).toBe(i);
        }
      }),
    );
  });

  test("reach δ steps into their neighbours, never beyond them and never past the ends", () => {
    fc.assert(
      fc.property(partitions, (partition) => {
        for (const i of subdomainsOf(partition)) {
          const { first, last } = partition.owned(i);
          const extended = partition.extended(i);
          expect(extended).toEqual({ first: i === 0 ? 1 : first - partition.overlap, last: i === partition.subdomains - 1 ? last : last + partition.overlap });
          if (i > 0) expect(extended.first).toBeGreaterThanOrEqual(partition.owned(i - 1).first);
        }
      }),
    );
  });

  test("would not be found by ⌊(n − 1)P/N⌋ when P does not divide N (negative control)", () => {
    const partition = timePartition(uniformTimeGrid(1, 10), 4);
    const found = (step: number): number => Math.floor(((step - 1) * 4) / 10);
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].some((step) => found(step) !== partition.subdomainOf(step))).toBe(true);
  });
});

describe("timePartition", () => {
  const grid = uniformTimeGrid(1, 10);

  test("overlaps by one step unless told otherwise", () => {
    expect(timePartition(grid, 3).overlap).toBe(1);
  });

  test.each([0, 11, 2.5, NaN])("refuses %p subdomains of 10 steps", (subdomains) => {
    expect(() => timePartition(grid, subdomains)).toThrow(
      `timePartition: number of subdomains: expected a whole number from 1 to the 10 time steps, got ${subdomains}`,
    );
  });

  test.each([-1, 3, 0.5])("refuses the overlap %p where the shortest subdomain has 2 steps, and says what to try", (overlap) => {
    expect(() => timePartition(grid, 4, overlap)).toThrow(
      `timePartition: overlap: expected a whole number from 0 to ⌊N/P⌋ = 2, got ${overlap}. Take fewer subdomains or a smaller overlap.`,
    );
  });
});
