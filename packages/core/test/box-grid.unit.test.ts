import { boxGrid, InvalidArgumentError } from "@parakkt/core";

describe("boxGrid", () => {
  const grid = boxGrid({ extent: [2, 1, 0.5], cells: [4, 3, 2] });

  test("knows its points, spacings and volume", () => {
    expect(grid.dimension).toBe(3);
    expect(grid.points).toEqual([3, 2, 1]);
    expect(grid.spacing).toEqual([0.5, 1 / 3, 0.25]);
    expect(grid.size).toBe(6);
    expect(grid.nodes).toBe(5 * 4 * 3);
    expect(grid.cellVolume).toBeCloseTo(0.5 * (1 / 3) * 0.25, 16);
  });

  test("numbers the interior points with x fastest", () => {
    expect(grid.coordinates(0)).toEqual([0.5, 1 / 3, 0.25]);
    expect(grid.coordinates(1)).toEqual([1, 1 / 3, 0.25]);
    expect(grid.coordinates(5)).toEqual([1.5, 2 / 3, 0.25]);
  });

  test("evaluates a function at the interior points, in the given vector if there is one", () => {
    const f = (x: number, y: number, z: number): number => x + 10 * y + 100 * z;
    const expected = Array.from({ length: grid.size }, (_, i) => f(...grid.coordinates(i)));
    expect([...grid.evaluate(f)]).toEqual(expected);
    const out = new Float64Array(grid.size);
    expect(grid.evaluate(f, out)).toBe(out);
    expect([...out]).toEqual(expected);
  });

  test("evaluates a function at all nodes, boundary included", () => {
    const values = boxGrid({ extent: [1, 2], cells: [2, 2] }).evaluateAtNodes((x, y) => x + 10 * y);
    expect([...values]).toEqual([0, 0.5, 1, 10, 10.5, 11, 20, 20.5, 21]);
  });

  test("missing axes have the coordinate 0", () => {
    const line = boxGrid({ extent: [1], cells: [4] });
    expect(line.coordinates(2)).toEqual([0.75, 0, 0]);
    expect([...line.evaluate((x, y, z) => x + y + z)]).toEqual([0.25, 0.5, 0.75]);
  });

  test("nodes lie at the doubles nearest to their fractions of the axis", () => {
    expect(boxGrid({ extent: [1], cells: [3] }).coordinates(1)[0]).toBe(2 / 3);
    // 49 · (1/49) rounds to less than 1.
    expect(boxGrid({ extent: [1], cells: [49] }).evaluateAtNodes((x) => x)[49]).toBe(1);
  });

  test.each([
    [{ extent: [], cells: [] }],
    [{ extent: [1, 1, 1, 1], cells: [2, 2, 2, 2] }],
    [{ extent: [1, 1], cells: [4] }],
    [{ extent: [0], cells: [4] }],
    [{ extent: [-1], cells: [4] }],
    [{ extent: [Infinity], cells: [4] }],
    [{ extent: [NaN], cells: [4] }],
    [{ extent: [1], cells: [1] }],
    [{ extent: [1], cells: [4.5] }],
  ])("refuses %j", (box) => {
    expect(() => boxGrid(box)).toThrow(InvalidArgumentError);
  });

  test("names the axis that is wrong", () => {
    expect(() => boxGrid({ extent: [1, 1], cells: [4, 0] })).toThrow(/cells of axis 1/);
  });
});
