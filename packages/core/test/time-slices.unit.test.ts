import { timePartition, timeSlices, uniformTimeGrid } from "@parakkt/core";
import fc from "fast-check";

describe("time slices", () => {
  test("deal every subdomain and every step to exactly one rank, in order", () => {
    const cases = fc
      .integer({ min: 1, max: 100 })
      .chain((steps) => fc.tuple(fc.constant(steps), fc.integer({ min: 1, max: steps })))
      .chain(([steps, subdomains]) => fc.tuple(fc.constant(steps), fc.constant(subdomains), fc.integer({ min: 1, max: subdomains })));
    fc.assert(
      fc.property(cases, ([steps, subdomains, ranks]) => {
        const slices = timeSlices(timePartition(uniformTimeGrid(1, steps), subdomains, 0), ranks);
        let [subdomain, step] = [0, 1];
        for (let rank = 0; rank < ranks; rank++) {
          expect(slices.subdomainsOf(rank).first).toBe(subdomain);
          expect(slices.ownedBy(rank).first).toBe(step);
          subdomain = slices.subdomainsOf(rank).last + 1;
          step = slices.ownedBy(rank).last + 1;
        }
        expect([subdomain, step]).toEqual([subdomains, steps + 1]);
      }),
    );
  });

  test("give ranks numbers of subdomains that differ by at most one", () => {
    const slices = timeSlices(timePartition(uniformTimeGrid(1, 64), 17), 5);
    const counts = [0, 1, 2, 3, 4].map((rank) => slices.subdomainsOf(rank).last - slices.subdomainsOf(rank).first + 1);
    expect(counts.sort()).toEqual([3, 3, 3, 4, 4]);
  });

  test.each([0, 5, 1.5])("cannot serve %p ranks with 4 subdomains, and say what to try", (ranks) => {
    const partition = timePartition(uniformTimeGrid(1, 8), 4);
    expect(() => timeSlices(partition, ranks)).toThrow(
      `timeSlices: number of ranks: expected a whole number from 1 to the 4 subdomains, got ${ranks}. Use more subdomains or fewer ranks.`,
    );
  });
});
