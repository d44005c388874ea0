import { boxGrid } from "@parakkt/core";
import { compileFormula } from "../dist/formula/compile-formula.js";
import { evaluateOnPoints, formulaOnPoints } from "../dist/formula/evaluate-on-points.js";
import { withCaret } from "../dist/formula/formula-error.js";
import { locatePoint } from "../dist/data/point-set.js";

const scope = { coordinates: ["x", "y", "z", "t"] as const, parameters: { peak: 2.5 } };

function valueOf(text: string, [x = 0, y = 0, z = 0, t = 0]: readonly number[] = []): number {
  return compileFormula(text, scope).evaluate(Float64Array.of(x, y, z, t));
}

describe("formulas mean what mathematics means", () => {
  test.each([
    ["-x^2", [3], -9],
    ["2^3^2", [], 512],
    ["2^-2", [], 0.25],
    ["-2^-2", [], -0.25],
    ["2*-x", [3], -6],
    ["--x", [3], 3],
    ["+x - +y", [3, 1], 2],
    ["8/4/2", [], 1],
    ["8 - 4 - 2", [], 2],
    ["1 + 2*3", [], 7],
    ["(1 + 2)*3", [], 9],
    ["x < y", [1, 2], 1],
    ["x < y", [2, 2], 0],
    ["x <= y", [2, 2], 1],
    ["x != y", [2, 2], 0],
    ["1 + 1 == 2", [], 1],
    ["(0.25 < x)*(x < 0.5)", [0.3], 1],
    ["(0.25 < x)*(x < 0.5)", [0.5], 0],
    ["x > 0 ? log(x) : -1", [0], -1],
    ["x > 1 ? 1 : x > 0 ? 2 : 3", [0.5], 2],
    ["(x > 1 ? 1 : 0) + 1", [2], 2],
    ["step(x)", [0], 1],
    ["step(x)", [-1e-9], 0],
    ["sign(x)", [-4], -1],
    ["min(x, y, z)", [3, 1, 2], 1],
    ["max(x, y, z)", [3, 1, 2], 3],
    ["mod(x, 3)", [-1], 2],
    ["atan2(y, x)", [0, 1], Math.PI / 2],
    ["peak*t", [0, 0, 0, 2], 5],
    [".5e1 + 1.", [], 6],
    ["pi", [], Math.PI],
    ["  x\n + y ", [1, 2], 3],
  ] as const)("%s at %j is %d", (text, point, value) => expect(valueOf(text, point)).toBe(value));
});

test("the coordinates that a formula uses are known", () => {
  const used = (text: string): string[] => [...compileFormula(text, scope).coordinates].sort();
  expect(used("sin(x)*t + peak")).toEqual(["t", "x"]);
  expect(used("peak*pi + 1")).toEqual([]);
});

test("a condition that is not a number gives no number", () => {
  expect(valueOf("log(x) ? 1 : 2", [-1])).toBeNaN();
});

test("64 brackets and 1,000 parts are accepted", () => {
  expect(valueOf(`${"(".repeat(64)}x${")".repeat(64)}`, [7])).toBe(7);
  expect(valueOf(`0${"+1".repeat(499)}`)).toBe(499);
});

test("the first point without a finite value is named with coordinates, time and value", () => {
  const grid = boxGrid({ extent: [1, 2], cells: [4, 4] });
  const formula = compileFormula("1/((x - 0.5)^2 + (y - 1)^2) + 0*t", { coordinates: ["x", "y", "t"], parameters: {} });
  const evaluate = (): void => evaluateOnPoints(formula, { grid, set: "interior", time: 0.75 }, new Float64Array(grid.size));
  expect(evaluate).toThrow("is Infinity at x = 0.5, y = 1, t = 0.75");
});

test.each([
  "sin(2*pi*t)*sin(pi*x)*sin(2*pi*y) + t*x*(1-x)*y*(1-y)",
  "-(t - x)^2/(1 + y) - t",
  "x < t ? min(x, y, t) : step(y - t) + hypot(x, t)",
  "a*t + exp(t) - 3",
  "x*y - 0*a",
])("on a grid, time after time, %s has the bits of point after point", (text) => {
  const grid = boxGrid({ extent: [1, 2], cells: [5, 7] });
  const formula = compileFormula(text, { coordinates: ["x", "y", "t"], parameters: { a: 0.3 } });
  const onPoints = formulaOnPoints(formula, { grid, set: "interior" });
  const [values, point] = [new Float64Array(grid.size), new Float64Array(4)];
  for (const time of [0.1, 0.7, 0.4]) {
    onPoints(time, values);
    const expected = values.map((_, i) => {
      locatePoint(grid, "interior", i, point);
      point[3] = time;
      return formula.evaluate(point);
    });
    expect(values).toEqual(expected);
  }
});

test("points run x fastest, interior points and all nodes", () => {
  const grid = boxGrid({ extent: [3, 4], cells: [3, 4] });
  const formula = compileFormula("x + 10*y", { coordinates: ["x", "y"], parameters: {} });
  const interior = new Float64Array(6);
  evaluateOnPoints(formula, { grid, set: "interior", time: 0 }, interior);
  expect([...interior]).toEqual([11, 12, 21, 22, 31, 32]);
  const nodes = new Float64Array(20);
  evaluateOnPoints(formula, { grid, set: "all-nodes", time: 0 }, nodes);
  expect([...nodes.subarray(0, 5)]).toEqual([0, 1, 2, 3, 10]);
  expect(nodes[19]).toBe(43);
});

test("the caret stands under its column, also in a long formula", () => {
  expect(withCaret("sin(q)", 5)).toBe("sin(q)\n    ^");
  const [shown = "", caret = ""] = withCaret(`${"x+".repeat(200)}q+x`, 401).split("\n");
  expect(shown[caret.length - 1]).toBe("q");
});
