import { sharedValues, valuesPerStep } from "@parakkt/layers";
import { hierarchyOf } from "./network-cases.js";

const { levels } = hierarchyOf(8, { coarsening: 2, levels: 3 });
const values = Array.from({ length: 8 }, (_, k) => Float64Array.of(k + 1, 10 * (k + 1)));

test("a coarse step takes the mean of its fine steps, or the values of the first", () => {
  const [average, inject] = [valuesPerStep(values, "average"), valuesPerStep(values, "inject")];
  expect([1, 2, 3, 4].map((n) => average.at(levels[1].step(n))[0])).toEqual([1.5, 3.5, 5.5, 7.5]);
  expect([1, 2].map((n) => [...average.at(levels[2].step(n))])).toEqual([
    [2.5, 25],
    [6.5, 65],
  ]);
  expect([1, 2].map((n) => inject.at(levels[2].step(n))[0])).toEqual([1, 5]);
  for (const each of [average, inject]) expect(each.at(levels[0].step(3))).toBe(values[2]);
});

test("means follow the values once these are said to have changed", () => {
  const own = values.map((vector) => vector.slice());
  const average = valuesPerStep(own, "average");
  const before = average.at(levels[1].step(1))[0];
  own[0][0] = 5;
  expect(average.at(levels[1].step(1))[0]).toBe(before);
  average.changed();
  expect(average.at(levels[1].step(1))[0]).toBe(3.5);
});

test("shared values are the same everywhere", () => {
  const theta = Float64Array.of(1, 2);
  const shared = sharedValues(theta);
  for (const level of levels) expect(shared.at(level.step(1))).toBe(theta);
});
