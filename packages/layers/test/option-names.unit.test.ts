import { cycleSpan, denseFamily, learningRate, mgrit, rankCosts, strings, tanh, timeHierarchy, valuesPerStep } from "@parakkt/layers";
import { uniformTimeGrid } from "@parakkt/core";
import { denseNetwork, randomState, randomWeights } from "./network-cases.js";
import { peaksTraining } from "./training-cases.js";

/** A name as a program in plain JavaScript would misspell it. */
const misspelt = (name: string): never => name as never;

const network = denseNetwork({ weights: randomWeights({ steps: 16, width: 3, seed: 1 }), width: 3 });
const hierarchy = timeHierarchy(uniformTimeGrid(1, 16), { levels: 2 });
const initialState = randomState(network.stateSize);
const family = { inputs: 2, outputs: 5, width: 4, duration: 1, activation: tanh };

test.each<[string, () => unknown]>([
  ["mgrit: cycle", () => mgrit(hierarchy, network, { cycle: misspelt("W") })],
  ["Mgrit.solve: initial guess that is no function", () => mgrit(hierarchy, network).solve({ initialState, guess: misspelt("nestd") })],
  ["cycleSpan: cycle", () => cycleSpan(hierarchy, { cycle: misspelt("v") })],
  ["rankCosts: cycle", () => rankCosts(hierarchy, { stateSize: 3, cycle: misspelt("f") })],
  ["valuesPerStep: values of coarse steps", () => valuesPerStep([], misspelt("mean"))],
  ["valuesPerStep: values of coarse steps", () => denseFamily({ ...family, loss: "cross-entropy", coarse: misspelt("mean") }).build({ batch: 2, depth: 4 })],
  ["network family: loss", () => denseFamily({ ...family, loss: misspelt("crossentropy") }).build({ batch: 2, depth: 4 })],
  ["strings: task", () => strings({ count: 1, seed: 1, task: misspelt("revers"), length: 3, symbols: 4 })],
  ["learningRate: schedule", () => learningRate({ rate: 1, epochs: 1, schedule: { kind: misspelt("cos") } })],
  ["training: warm start", () => peaksTraining({ warmStart: misspelt("state") })],
  ["training: effort", () => peaksTraining({ effort: { kind: misspelt("exact"), forward: 1, backward: 1 } })],
  ["training: action of the indicator", () => peaksTraining({ indicator: { every: 1, action: misspelt("more") } })],
])("a misspelt name is refused with those that were expected, and not taken for another: %s", (words, wrong) => {
  expect(wrong).toThrow(expect.objectContaining({ name: "InvalidArgumentError", message: expect.stringMatching(new RegExp(`^${words}: expected one of ".*", got "`)) }));
});

test("the right names are taken", () => {
  for (const cycle of ["V", "F"] as const) expect(() => [mgrit(hierarchy, network, { cycle }).solve({ initialState, guess: "nested" }), cycleSpan(hierarchy, { cycle }), rankCosts(hierarchy, { stateSize: 3, cycle })]).not.toThrow();
  for (const loss of ["cross-entropy", "mean-square"] as const) expect(() => denseFamily({ ...family, loss, coarse: "inject" }).build({ batch: 2, depth: 4 })).not.toThrow();
  for (const task of ["copy", "reverse", "sort"] as const) expect(() => strings({ count: 1, seed: 1, task, length: 3, symbols: 4 })).not.toThrow();
  expect(() => peaksTraining({ indicator: { every: 1, action: "more-iterations" } })).not.toThrow();
});
