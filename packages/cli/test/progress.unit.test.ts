import { formatSeconds, PROGRESS_HEADING, progressLine, progressPrinter } from "../dist/progress-line.js";
import { countNoun } from "../dist/count-noun.js";
import { nearestName } from "../dist/nearest-name.js";

test("a line tells iteration, residual, reduction, elapsed time and estimated rest", () => {
  const line = progressLine({ iteration: 4, residualNorm: 2e-3, initialResidualNorm: 20 }, 8, 1e-8);
  expect(line.trim().split(/\s{2,}/)).toEqual(["4", "2.00e-3", "1.00e-4", "8.00 s", "8.00 s"]);
});

test("a terminal sees every iteration, a file one line every few seconds", () => {
  const lines: string[] = [];
  const printer = (interactive: boolean) => progressPrinter({ interactive, talk: (text) => lines.push(text), result: () => undefined }, 1e-8);
  const feed = (print: ReturnType<typeof printer>): number => {
    lines.length = 0;
    for (let iteration = 0; iteration <= 20; iteration++) print({ iteration, residualNorm: 1, initialResidualNorm: 1 }, iteration / 2);
    return lines.length;
  };
  expect(feed(printer(true))).toBe(22);
  expect(feed(printer(false))).toBe(3);
  expect(lines[0]).toBe(PROGRESS_HEADING);
  feed(printer(false));
  expect(lines.slice(1).map((line) => line.trim().split(/\s+/)[0])).toEqual(["10", "20"]);
});

test("a number and its noun agree", () => {
  expect([1, 0, 2, 1048576].map((count) => countNoun(count, "time step"))).toEqual(["1 time step", "0 time steps", "2 time steps", "1,048,576 time steps"]);
});

test.each([
  [0.1234, "0.12 s"],
  [99.94, "99.9 s"],
  [100, "1 min 40 s"],
  [3599, "59 min 59 s"],
  [7500, "2 h 05 min"],
])("%d seconds are shown as %s", (seconds, text) => expect(formatSeconds(seconds)).toBe(text));

test.each([
  ["tagret", "target"],
  ["max_iterations", "maxIterations"],
  ["MAXITERATIONS", "maxIterations"],
  ["qwerty", undefined],
])("the name nearest to %s is %s", (name, nearest) => expect(nearestName(name, ["target", "maxIterations", "restart"])).toBe(nearest));
