import { ConfigError, loadConfig, type InputData } from "@parakkt/cli";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadInputData } from "../dist/data/load-input-data.js";
import { malformedData } from "./malformed-data.js";
import { writeNpy } from "./npy-files.js";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();

/** Loads a problem on 3 × 2 interior points of the unit square and 4 steps to t = 2. */
function load(problem: Readonly<Record<string, unknown>>, allowPath = false): InputData {
  const path = join(directory(), "config.json");
  const base = { domain: { cells: [4, 3] }, time: { final: 2, steps: 4 } };
  writeFileSync(path, JSON.stringify({ problem: { ...base, ...problem } }));
  return loadInputData({ ...loadConfig({ path, allowPath }), allowPath });
}

function filled(field: InputData["target"], step: number): number[] {
  const values = new Float64Array(6);
  field.fill(step, values);
  return [...values];
}

function errorOf(action: () => unknown): ConfigError {
  try {
    action();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("the data was accepted");
}

describe("a malformed data file is refused with place and advice", () => {
  test.each(malformedData.map((entry) => [entry.name, entry] as const))("%s", (_name, { file, content, at, says }) => {
    writeFileSync(join(directory(), file), content);
    const error = errorOf(() => load({ target: { file } }));
    expect(error.exitCode).toBe(65);
    expect(error.problems[0]!.location).toBe(at);
    expect(error.problems[0]!.key).toMatch(/^problem\.target/);
    for (const words of says) expect(error.message).toContain(words);
    expect(error.message).toContain("config.json:1:");
  });
});

test("formulas are evaluated at the end of each step, x fastest", () => {
  const { target, source, initialState, diffusivity } = load({ target: "x + 10*y + 100*t", initialState: "x", diffusivity: "2*a", parameters: { a: 3 } });
  expect(filled(target, 3)[4]).toBeCloseTo(0.5 + 20 / 3 + 150, 12);
  expect(target.timeDependent).toBe(true);
  expect([...initialState]).toEqual([0.25, 0.5, 0.75, 0.25, 0.5, 0.75]);
  expect(diffusivity).toBe(6);
  expect(source.zero).toBe(true);
});

test("a variable diffusivity has values at all nodes", () => {
  const { diffusivity } = load({ target: 1, diffusivity: "1 + x" });
  expect(diffusivity).toHaveLength(20);
  expect([...(diffusivity as Float64Array).subarray(0, 5)]).toEqual([1, 1.25, 1.5, 1.75, 2]);
});

test("NPY arrays are read constant in time, per step, and at all nodes", () => {
  writeNpy(join(directory(), "once.npy"), [2, 3], [1, 2, 3, 4, 5, 6]);
  writeNpy(join(directory(), "steps.npy"), [4, 2, 3], Array.from({ length: 24 }, (_, i) => i));
  writeNpy(join(directory(), "nodes.npy"), [4, 5], Array.from({ length: 20 }, (_, i) => i + 1));
  const data = load({ target: { file: "steps.npy" }, source: { file: "once.npy" }, initialState: { file: "once.npy" }, diffusivity: { file: "nodes.npy" } });
  expect(filled(data.target, 2)).toEqual([6, 7, 8, 9, 10, 11]);
  expect(filled(data.source, 4)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(data.source.timeDependent).toBe(false);
  expect((data.diffusivity as Float64Array)[19]).toBe(20);
});

test.each([
  ["rows", "# heat\nleft,middle,right\n1, 2.5,3\r\n\n4,5e-1,.25 # end\n"],
  ["single values", "value\n1\n2.5\n3\n4\n0.5\n0.25\n"],
])("CSV is read as %s", (_name, text) => {
  writeFileSync(join(directory(), "a.csv"), text);
  expect(filled(load({ target: { file: "a.csv" } }).target, 1)).toEqual([1, 2.5, 3, 4, 0.5, 0.25]);
});

test("a formula without a finite value is reported with its point and time", () => {
  const error = errorOf(() => load({ target: "log(x - 0.5)*t" }));
  expect(error.message).toMatch(/config\.json:1:\d+: problem\.target: the formula is NaN at x = 0\.25, y = 0\.3333333333333333, t = 0\.5/);
  expect(error.exitCode).toBe(65);
  expect(errorOf(() => load({ initialState: "1/(x - 0.5)" })).message).toContain("Infinity at x = 0.5");
});

test("a diffusivity that is not positive somewhere is reported with the node", () => {
  expect(errorOf(() => load({ target: 1, diffusivity: "x" })).message).toContain("the diffusivity is 0 at x = 0, y = 0");
});

test("files outside of the config's directory need --allow-path", () => {
  const outside = join(directory(), "outside");
  mkdirSync(outside);
  writeNpy(join(outside, "a.npy"), [2, 3], [1, 2, 3, 4, 5, 6]);
  const inside = join(directory(), "inside");
  mkdirSync(inside);
  symlinkSync(join(outside, "a.npy"), join(inside, "link.npy"));
  const path = join(inside, "c.json");
  for (const file of ["link.npy", "../outside/a.npy", join(outside, "a.npy")]) {
    writeFileSync(path, JSON.stringify({ problem: { domain: { cells: [4, 3] }, target: { file } } }));
    expect(errorOf(() => loadConfig({ path })).message).toContain("--allow-path");
    expect(filled(loadInputData({ ...loadConfig({ path, allowPath: true }), allowPath: true }).target, 1)).toEqual([1, 2, 3, 4, 5, 6]);
  }
});
