import { timeGrid, uniformTimeGrid, type TimeGrid } from "@parakkt/core";
import fc from "fast-check";

const sizes = (grid: TimeGrid): number[] => Array.from({ length: grid.steps }, (_, k) => grid.step(k + 1).size);

describe("a uniform time grid", () => {
  const grid = uniformTimeGrid(2, 5);

  test("has N equal steps that end at n T/N", () => {
    expect(grid.steps).toBe(5);
    expect(grid.duration).toBe(2);
    expect(grid.uniform).toBe(true);
    expect(sizes(grid)).toEqual([0.4, 0.4, 0.4, 0.4, 0.4]);
    for (let n = 0; n <= 5; n++) expect(grid.time(n)).toBe((2 * n) / 5);
  });

  test("joins its steps without gaps", () => {
    for (let n = 1; n <= 5; n++) expect(grid.step(n)).toEqual({ index: n, start: grid.time(n - 1), end: grid.time(n), size: 0.4 });
  });

  test.each([0, -1, 2.5, NaN, Infinity])("refuses %p steps", (steps) => {
    expect(() => uniformTimeGrid(1, steps)).toThrow(`uniformTimeGrid: number of time steps: expected a whole number of at least 1, got ${steps}`);
  });

  test.each([0, -1, NaN, Infinity])("refuses the final time %p", (final) => {
    expect(() => uniformTimeGrid(final, 4)).toThrow(`uniformTimeGrid: final time: expected a positive finite number, got ${final}`);
  });
});

describe("a time grid of given nodes", () => {
  test("takes its steps from them, wherever it starts", () => {
    const grid = timeGrid([-1, 0, 0.5, 2]);
    expect(grid.steps).toBe(3);
    expect(grid.duration).toBe(3);
    expect(grid.uniform).toBe(false);
    expect(sizes(grid)).toEqual([1, 0.5, 1.5]);
    expect(grid.step(2)).toEqual({ index: 2, start: 0, end: 0.5, size: 0.5 });
  });

  test("is uniform when the nodes are equally spaced to the last bit", () => {
    expect(timeGrid([0, 0.25, 0.5]).uniform).toBe(true);
    expect(timeGrid([0, 0.1, 0.2, 0.1 + 0.2]).uniform).toBe(false);
  });

  test("keeps its nodes when the caller's array changes", () => {
    const nodes = [0, 1, 3];
    const grid = timeGrid(nodes);
    nodes[1] = 2;
    expect(grid.time(1)).toBe(1);
  });

  test("needs at least two nodes", () => {
    expect(() => timeGrid([0])).toThrow("timeGrid: number of time nodes: expected at least 2, got 1");
  });

  test.each([
    [[0, 1, 1], "size of step 2: expected ascending finite nodes, got 1 then 1"],
    [[0, -1], "size of step 1: expected ascending finite nodes, got 0 then -1"],
    [[0, NaN, 1], "size of step 1: expected ascending finite nodes, got 0 then NaN"],
    [[0, 1, Infinity], "size of step 2: expected ascending finite nodes, got 1 then Infinity"],
  ])("refuses %p", (nodes, message) => {
    expect(() => timeGrid(nodes)).toThrow(message);
  });
});

describe("coarsening", () => {
  const steps = fc.integer({ min: 1, max: 12 });

  test("of equal intervals of a uniform grid gives a uniform grid bit for bit", () => {
    fc.assert(
      fc.property(steps, steps, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (intervals, factor, final) => {
        const fine = uniformTimeGrid(final, intervals * factor);
        const coarse = fine.coarsen(Array.from({ length: intervals }, (_, k) => k * factor + 1));
        expect(coarse.uniform).toBe(true);
        expect(new Set(sizes(coarse)).size).toBe(1);
        for (let k = 0; k <= intervals; k++) expect(coarse.time(k)).toBe(fine.time(k * factor));
      }),
    );
  });

  test("by differences of its nodes would not be uniform (negative control)", () => {
    const fine = uniformTimeGrid(1, 10);
    const differences = [0, 2, 4, 6, 8].map((n) => fine.time(n + 2) - fine.time(n));
    expect(new Set(differences).size).toBeGreaterThan(1);
  });

  test("runs coarse step k over the fine steps from its node to the next one", () => {
    const coarse = timeGrid([0, 1, 3, 6, 10]).coarsen([1, 2, 4]);
    expect(coarse.steps).toBe(3);
    expect(sizes(coarse)).toEqual([1, 5, 4]);
    expect(coarse.step(2)).toEqual({ index: 2, start: 1, end: 6, size: 5 });
    expect(coarse.duration).toBe(10);
  });

  test("can be repeated", () => {
    const twice = uniformTimeGrid(1, 8).coarsen([1, 3, 5, 7]).coarsen([1, 3]);
    expect(sizes(twice)).toEqual([0.5, 0.5]);
    expect(twice.time(1)).toBe(0.5);
  });

  test.each([[[]], [[2, 3]], [[1, 1]], [[1, 3, 2]], [[1, 9]], [[1, 2.5]], [[1, NaN]]])("refuses the nodes %p of 8 steps", (nodes) => {
    expect(() => uniformTimeGrid(1, 8).coarsen(nodes)).toThrow(
      `TimeGrid.coarsen: coarse nodes: expected ascending whole step indices from 1 to at most 8, got [${nodes.join(", ")}]`,
    );
  });

  test("shortens a long list of nodes in its message", () => {
    const nodes = Array.from({ length: 20 }, (_, k) => k + 2);
    expect(() => uniformTimeGrid(1, 32).coarsen(nodes)).toThrow("got [2, 3, 4, 5, 6, 7, 8, 9, …]");
  });
});
