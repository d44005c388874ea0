import {
  gather,
  readStep,
  scatter,
  scatterAdd,
  gatherAdd,
  spaceTimeLayout,
  timePartition,
  timeSlices,
  uniformTimeGrid,
  writeStep,
  zeroSpaceTimeVector,
  type LaneGroup,
  type SpaceTimeLayout,
  type StepRange,
  type TimePartition,
} from "@parakkt/core";
import fc from "fast-check";

interface LayoutCase {
  readonly partition: TimePartition;
  readonly dofs: number;
  readonly ranks: number;
}

const cases: fc.Arbitrary<LayoutCase> = fc
  .integer({ min: 1, max: 120 })
  .chain((steps) => fc.tuple(fc.constant(steps), fc.integer({ min: 1, max: steps })))
  .chain(([steps, subdomains]) => fc.tuple(fc.constant(timePartition(uniformTimeGrid(1, steps), subdomains, 0)), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: Math.min(7, steps) })))
  .map(([partition, dofs, ranks]) => ({ partition, dofs, ranks }));

const layoutsOf = ({ partition, dofs, ranks }: LayoutCase): SpaceTimeLayout[] =>
  Array.from({ length: ranks }, (_, rank) => spaceTimeLayout(partition, dofs, { rank, slices: timeSlices(partition, ranks) }));

const lengthOf = ({ first, last }: StepRange): number => last - first + 1;

const isWhole = ({ partition }: SpaceTimeLayout, { firstSubdomain, ranges }: LaneGroup): boolean => ranges.every((range, lane) => lengthOf(range) === lengthOf(partition.owned(firstSubdomain + lane)));

/** The storage index of every (step, dof) of a layout. */
function indices(layout: SpaceTimeLayout): number[] {
  const all: number[] = [];
  for (let step = layout.steps.first; step <= layout.steps.last; step++) {
    for (let j = 0; j < layout.dofs; j++) all.push(layout.offsetOf(step) + j * layout.strideOf(step));
  }
  return all;
}

const forAllLayouts = (law: (layout: SpaceTimeLayout) => void): void => fc.assert(fc.property(cases, (example) => layoutsOf(example).forEach(law)));

describe("the storage order of a space-time vector", () => {
  test("gives every degree of freedom of every step a place of its own", () => {
    forAllLayouts((layout) => {
      const all = indices(layout);
      expect(new Set(all).size).toBe(all.length);
      expect(Math.min(...all)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...all)).toBeLessThan(layout.length);
    });
  });

  test("divides the steps among the ranks without gaps", () => {
    fc.assert(
      fc.property(cases, (example) => {
        const steps = layoutsOf(example).flatMap(({ steps: { first, last } }) => Array.from({ length: last - first + 1 }, (_, k) => first + k));
        expect(steps).toEqual(Array.from({ length: example.partition.grid.steps }, (_, k) => k + 1));
      }),
    );
  });

  test("has Σ rows · dofs · lanes entries, summed over its groups, which lie one behind the other", () => {
    forAllLayouts(({ groups, dofs, length }) => {
      let offset = 0;
      for (const group of groups) {
        expect(group.offset).toBe(offset);
        offset += group.rows * dofs * group.lanes;
      }
      expect(length).toBe(offset);
    });
  });

  test("deals whole subdomains to groups of 8 lanes and a remainder of 4, 2 and 1, so that no lane idles, and each part of one to a lane of its own", () => {
    forAllLayouts((layout) => {
      const { groups, steps } = layout;
      const whole = groups.filter((group) => isWhole(layout, group)).map(({ lanes }) => lanes);
      const count = whole.reduce((sum: number, lanes) => sum + lanes, 0);
      const remainder = [4, 2, 1].filter((lanes) => (count & lanes) !== 0);
      expect(whole).toEqual([...new Array<number>(count >> 3).fill(8), ...remainder]);
      expect(groups.every((group) => isWhole(layout, group) || group.lanes === 1)).toBe(true);
      const ranges = groups.flatMap((group) => group.ranges);
      expect(ranges[0].first).toBe(steps.first);
      expect(ranges[ranges.length - 1].last).toBe(steps.last);
      ranges.slice(1).forEach(({ first }, i) => expect(first).toBe(ranges[i].last + 1));
    });
  });

  test("pads nothing but the end of subdomains that are a step shorter than the longest of their group", () => {
    forAllLayouts((layout) => {
      const { groups, dofs } = layout;
      const padding = groups.flatMap(({ rows, ranges }) => ranges.map((range) => rows - lengthOf(range)));
      expect(padding.every((steps) => steps === 0 || steps === 1)).toBe(true);
      expect(layout.length - indices(layout).length).toBe(dofs * padding.reduce((sum, steps) => sum + steps, 0));
    });
  });

  test("puts the same degree of freedom of the same row of all lanes side by side, eight of them on a cache line", () => {
    forAllLayouts(({ groups, dofs, offsetOf, strideOf }) => {
      for (const group of groups) {
        group.ranges.forEach(({ first, last }, lane) => {
          for (let step = first; step <= last; step++) {
            expect(strideOf(step)).toBe(group.lanes);
            expect(offsetOf(step)).toBe(group.offset + (step - first) * dofs * group.lanes + lane);
          }
        });
      }
    });
  });

  test("of one subdomain is [step][dof]", () => {
    const layout = spaceTimeLayout(timePartition(uniformTimeGrid(1, 6), 1, 0), 3);
    expect(indices(layout)).toEqual(Array.from({ length: 18 }, (_, i) => i));
  });
});

describe("access to the steps of a space-time vector", () => {
  const layout = spaceTimeLayout(timePartition(uniformTimeGrid(1, 17), 7), 3);
  const valueOf = (step: number, j: number): number => 100 * step + j;
  const stateOf = (step: number): Float64Array => Float64Array.from({ length: 3 }, (_, j) => valueOf(step, j));

  test("reads back every step that was written and leaves the padding zero", () => {
    const x = zeroSpaceTimeVector(layout);
    for (let step = 1; step <= 17; step++) writeStep(x, step, stateOf(step));
    const state = new Float64Array(3);
    for (let step = 1; step <= 17; step++) {
      readStep(x, step, state);
      expect(state).toEqual(stateOf(step));
    }
    const used = new Set(indices(layout));
    expect(layout.length).toBeGreaterThan(used.size);
    expect(x.data.every((value, i) => used.has(i) || value === 0)).toBe(true);
  });

  test("gathers and scatters with a stride, and adds", () => {
    const x = Float64Array.from({ length: 8 }, (_, i) => i);
    const state = new Float64Array(3);
    gather(x, 1, 3, state);
    expect([...state]).toEqual([1, 4, 7]);
    gatherAdd(2, x, { offset: 0, stride: 2 }, state);
    expect([...state]).toEqual([1, 8, 15]);
    scatter(Float64Array.of(-1, -2, -3), x, 0, 2);
    expect([...x]).toEqual([-1, 1, -2, 3, -3, 5, 6, 7]);
    scatterAdd(10, Float64Array.of(1, 2, 3), x, { offset: 1, stride: 3 });
    expect([...x]).toEqual([-1, 11, -2, 3, 17, 5, 6, 37]);
  });
});
