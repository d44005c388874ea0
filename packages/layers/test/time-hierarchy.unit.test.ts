import { InvalidArgumentError, serialCommunicator, timeGrid, type StepRange } from "@parakkt/core";
import { mgrit, type TimeHierarchy } from "@parakkt/layers";
import { hierarchyOf, randomState } from "./network-cases.js";
import { timeHierarchy } from "@parakkt/layers";

const range = ({ first, last }: StepRange): number[] => Array.from({ length: last - first + 1 }, (_, k) => first + k);
const stepsOf = ({ levels }: TimeHierarchy): number[] => levels.map(({ steps }) => steps);

describe("the levels of a hierarchy", () => {
  test.each([
    [64, { coarsening: 4, levels: 3 }, [64, 16, 4]],
    [100, { coarsening: 4, levels: 4 }, [100, 25, 7, 2]],
    [60, { coarsening: [2, 5], levels: 4 }, [60, 30, 6, 2]],
    [1024, {}, [1024, 256, 64, 16]],
    [63, {}, [63, 16]],
    [60, {}, [60]],
    [3, { coarsening: 8, levels: 2 }, [3, 1]],
  ])("N = %i with %j have %j steps", (steps, options, expected) => {
    expect(stepsOf(hierarchyOf(steps, options))).toEqual(expected);
  });

  test.each([64, 61, 100])("have intervals that tile the steps and are the steps of the next level, N = %i", (N) => {
    const { levels } = hierarchyOf(N, { coarsening: 3, levels: 3, duration: 7 });
    levels.slice(0, -1).forEach((level, l) => {
      const intervals = Array.from({ length: level.intervals }, (_, i) => level.interval(i));
      expect(intervals.flatMap(range)).toEqual(range({ first: 1, last: level.steps }));
      expect(Math.max(...intervals.map(({ first, last }) => last - first + 1))).toBeLessThanOrEqual(3);
      intervals.forEach(({ first, last }, i) => {
        const coarse = levels[l + 1].step(i + 1);
        expect([coarse.start, coarse.end, coarse.level, coarse.index]).toEqual([level.step(first).start, level.step(last).end, l + 1, i + 1]);
        expect(coarse.fine).toEqual({ first: level.step(first).fine.first, last: level.step(last).fine.last });
        expect(Math.abs(coarse.size - (coarse.end - coarse.start))).toBeLessThan(1e-14);
      });
    });
  });

  test("keep the sizes of unequal steps", () => {
    const { levels } = timeHierarchy(timeGrid([0, 1, 3, 6, 10]), { coarsening: 2, levels: 2 });
    expect([1, 2].map((n) => levels[1].step(n).size)).toEqual([3, 7]);
  });
});

describe("the reversed hierarchy", () => {
  test("marches the same steps and intervals from the end", () => {
    const forward = hierarchyOf(61, { coarsening: 4, levels: 3 });
    const reversed = forward.reversed();
    reversed.levels.forEach((level, l) => {
      const { steps, step, intervals, interval } = forward.levels[l];
      expect(range({ first: 1, last: steps }).map((n) => level.step(n))).toEqual(range({ first: 1, last: steps }).map((n) => step(steps + 1 - n)));
      for (let i = 0; i < intervals; i++) {
        const { first, last } = interval(intervals - 1 - i);
        expect(level.interval(i)).toEqual({ first: steps + 1 - last, last: steps + 1 - first });
      }
    });
  });
});

describe("the blocks of ranks", () => {
  test.each([1, 2, 3, 4, 5, 7, 20])("deal every interval of every level to one rank, in order, %i ranks", (size) => {
    const communicator = { ...serialCommunicator(), size };
    const forward = hierarchyOf(101, { coarsening: [3, 4], levels: 4, communicator });
    for (const { levels } of [forward, forward.reversed()]) {
      for (const { intervals, blocks } of levels) {
        const dealt = range({ first: 0, last: size - 1 }).flatMap((rank) => range(blocks.of(rank)));
        expect(dealt).toEqual(range({ first: 0, last: intervals - 1 }));
        expect(blocks.replicated).toBe(intervals < size);
      }
    }
  });

  test("give a rank the same steps on all distributed levels, and in both directions of the march", () => {
    const size = 3;
    const forward = hierarchyOf(101, { coarsening: 3, levels: 3, communicator: { ...serialCommunicator(), size } });
    const fineSteps = ({ levels }: TimeHierarchy, l: number, rank: number): number[] =>
      range(levels[l].blocks.of(rank))
        .flatMap((i) => range(levels[l].interval(i)))
        .flatMap((n) => range(levels[l].step(n).fine));
    for (let rank = 0; rank < size; rank++) {
      expect(fineSteps(forward, 1, rank)).toEqual(fineSteps(forward, 0, rank));
      const mirrored = fineSteps(forward.reversed(), 0, size - 1 - rank);
      expect(mirrored.sort((a, b) => a - b)).toEqual(fineSteps(forward, 0, rank));
    }
  });
});

describe("mistakes", () => {
  const step = { stateSize: 2, step: () => {} };
  test.each([
    ["a coarsening factor of 1", () => hierarchyOf(64, { coarsening: 1 })],
    ["no coarsening factor", () => hierarchyOf(64, { coarsening: [] })],
    ["a fraction of a level", () => hierarchyOf(64, { levels: 1.5 })],
    ["more levels than there are steps for", () => hierarchyOf(8, { coarsening: 2, levels: 5 })],
    ["a negative number of relaxations", () => mgrit(hierarchyOf(64), step, { relaxations: -1 })],
    ["a relaxation weight of 0", () => mgrit(hierarchyOf(64), step, { weight: [1, 0] })],
    ["an initial state of another size", () => mgrit(hierarchyOf(64), step).solve({ initialState: randomState(3) })],
  ])("%s is refused", (_name, make) => {
    expect(make).toThrow(InvalidArgumentError);
  });
});
