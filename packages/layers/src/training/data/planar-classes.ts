import { seededRandom, type SeededRandom } from "@parakkt/core";
import { dataSetOf, oneHot, type DataSet } from "./data-set.js";

export interface GeneratedSet {
  readonly count: number;
  readonly seed: number;
}

/** MATLAB's function of two variables with three hills and three hollows. */
export function peaksHeight(x: number, y: number): number {
  const hill = 3 * (1 - x) ** 2 * Math.exp(-(x * x) - (y + 1) ** 2);
  const ridge = 10 * (x / 5 - x ** 3 - y ** 5) * Math.exp(-x * x - y * y);
  return hill - ridge - Math.exp(-((x + 1) ** 2) - y * y) / 3;
}

/** Quintiles of `peaksHeight` over [−3, 3]², so that classes are equally likely. */
const PEAKS_LEVELS = peaksLevels(5);

/**
 * Points of [−3, 3]² in five classes by the height of `peaksHeight`, as many of each [Haber2017].
 *
 * Inputs are (x, y), targets one-hot.
 */
export function peaks({ count, seed }: GeneratedSet): DataSet {
  const random = seededRandom(seed);
  const classes = PEAKS_LEVELS.length + 1;
  const coordinate = (): number => 6 * random.uniform() - 3;
  return dataSetOf(count, { inputShape: [2], targetShape: [classes] }, (k) => {
    for (;;) {
      const point = [coordinate(), coordinate()];
      if (peaksClass(peaksHeight(point[0], point[1])) === k % classes) return { input: point, target: oneHot(k % classes, classes) };
    }
  });
}

function peaksClass(height: number): number {
  return PEAKS_LEVELS.filter((level) => height >= level).length;
}

function peaksLevels(classes: number): number[] {
  const side = 200;
  const node = (k: number): number => -3 + (6 * (k + 0.5)) / side;
  const heights = Array.from({ length: side * side }, (_, k) => peaksHeight(node(k % side), node(Math.floor(k / side)))).sort((a, b) => a - b);
  return Array.from({ length: classes - 1 }, (_, k) => heights[Math.floor(((k + 1) * heights.length) / classes)]);
}

export interface SpiralOptions extends GeneratedSet {
  /** Turns of each arm, default 1.5. */
  readonly turns?: number;
  /** Standard deviation of the distance from the arm, default 0.02. */
  readonly noise?: number;
}

/** Points on two spirals that wind around each other, one class each, in about [−1, 1]². */
export function twoSpirals({ count, seed, turns = 1.5, noise = 0.02 }: SpiralOptions): DataSet {
  const random = seededRandom(seed);
  return dataSetOf(count, { inputShape: [2], targetShape: [2] }, (k) => {
    const radius = Math.sqrt(0.02 + 0.98 * random.uniform());
    const angle = 2 * Math.PI * turns * radius + Math.PI * (k % 2);
    return { input: polarPoint(radius, angle, () => noise * random.normal()), target: oneHot(k % 2, 2) };
  });
}

/** Points of the rolled-up strip r = φ with φ from 1.5π to 4.5π in four classes along it: the Swiss roll, seen from the side [Haber2017]. */
export function swissRoll({ count, seed, noise = 0.01 }: GeneratedSet & { readonly noise?: number }): DataSet {
  const random: SeededRandom = seededRandom(seed);
  const classes = 4;
  return dataSetOf(count, { inputShape: [2], targetShape: [classes] }, (k) => {
    const along = ((k % classes) + random.uniform()) / classes;
    const angle = Math.PI * (1.5 + 3 * along);
    return { input: polarPoint(angle / (4.5 * Math.PI), angle, () => noise * random.normal()), target: oneHot(k % classes, classes) };
  });
}

function polarPoint(radius: number, angle: number, deviation: () => number): [number, number] {
  return [radius * Math.cos(angle) + deviation(), radius * Math.sin(angle) + deviation()];
}
