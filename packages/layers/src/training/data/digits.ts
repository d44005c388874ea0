import { seededRandom, type SeededRandom } from "@parakkt/core";
import { dataSetOf, oneHot, type DataSet } from "./data-set.js";
import type { GeneratedSet } from "./planar-classes.js";

type Point = readonly [number, number];

/** The strokes of the ten digits as lines through points of the unit square, y down. */
const GLYPHS: readonly (readonly (readonly Point[])[])[] = [
  [[[0.5, 0.08], [0.75, 0.2], [0.8, 0.5], [0.75, 0.8], [0.5, 0.92], [0.25, 0.8], [0.2, 0.5], [0.25, 0.2], [0.5, 0.08]]],
  [[[0.35, 0.25], [0.55, 0.08], [0.55, 0.92]]],
  [[[0.22, 0.28], [0.35, 0.1], [0.62, 0.08], [0.76, 0.25], [0.68, 0.48], [0.22, 0.92], [0.8, 0.92]]],
  [[[0.22, 0.14], [0.6, 0.08], [0.76, 0.25], [0.66, 0.44], [0.42, 0.48], [0.7, 0.54], [0.78, 0.74], [0.6, 0.92], [0.22, 0.86]]],
  [[[0.62, 0.92], [0.62, 0.08], [0.18, 0.66], [0.84, 0.66]]],
  [[[0.76, 0.08], [0.28, 0.08], [0.25, 0.46], [0.58, 0.42], [0.78, 0.62], [0.66, 0.88], [0.24, 0.9]]],
  [[[0.7, 0.08], [0.38, 0.26], [0.22, 0.62], [0.36, 0.9], [0.66, 0.9], [0.78, 0.68], [0.62, 0.5], [0.26, 0.58]]],
  [[[0.2, 0.08], [0.8, 0.08], [0.42, 0.92]]],
  [[[0.5, 0.46], [0.28, 0.32], [0.34, 0.1], [0.66, 0.1], [0.72, 0.32], [0.5, 0.46], [0.76, 0.66], [0.66, 0.92], [0.34, 0.92], [0.24, 0.66], [0.5, 0.46]]],
  [[[0.74, 0.42], [0.38, 0.5], [0.22, 0.3], [0.36, 0.1], [0.64, 0.1], [0.76, 0.3], [0.72, 0.6], [0.52, 0.92]]],
];

/** Pixels a side. */
const SIDE = 8;

export interface DigitOptions extends GeneratedSet {
  /** Standard deviation of the noise of each pixel, default 0.08. */
  readonly noise?: number;
}

/**
 * Images of 8 × 8 pixels, about 0 to 1, of the ten digits, as many of each: strokes, moved by up to a pixel, turned by up to 0.2 rad, stretched by
 * up to 15 % and slanted, drawn with a pen of varying width, and noise. Nothing is downloaded; the seed decides everything.
 */
export function digits({ count, seed, noise = 0.08 }: DigitOptions): DataSet {
  const random = seededRandom(seed);
  return dataSetOf(count, { inputShape: [SIDE, SIDE], targetShape: [GLYPHS.length] }, (k) => {
    const digit = k % GLYPHS.length;
    return { input: image(deformed(GLYPHS[digit], random), random, noise), target: oneHot(digit, GLYPHS.length) };
  });
}

/** The strokes in pixels, by a random affine map around the middle of the image. */
function deformed(strokes: readonly (readonly Point[])[], random: SeededRandom): Point[][] {
  const spread = (width: number): number => width * (2 * random.uniform() - 1);
  const angle = spread(0.2);
  const slant = spread(0.15);
  const [sx, sy] = [0.85 + spread(0.15), 0.85 + spread(0.15)];
  const [dx, dy] = [spread(1), spread(1)];
  return strokes.map((stroke) =>
    stroke.map(([px, py]) => {
      const [y, x] = [sy * (py - 0.5), sx * (px - 0.5) - slant * (py - 0.5)];
      const [tx, ty] = [x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle)];
      return [SIDE * (tx + 0.5) + dx, SIDE * (ty + 0.5) + dy] as const;
    }),
  );
}

/** Ink falls off with the distance from the nearest stroke. */
function image(strokes: readonly (readonly Point[])[], random: SeededRandom, noise: number): Float64Array {
  const pen = 0.55 + 0.25 * random.uniform();
  return Float64Array.from({ length: SIDE * SIDE }, (_, k) => {
    const pixel: Point = [(k % SIDE) + 0.5, Math.floor(k / SIDE) + 0.5];
    const distance = Math.min(...strokes.map((stroke) => distanceToLine(pixel, stroke)));
    return Math.exp(-((distance / pen) ** 2)) + noise * random.normal();
  });
}

function distanceToLine(point: Point, line: readonly Point[]): number {
  return Math.min(...line.slice(1).map((end, k) => distanceToSegment(point, line[k], end)));
}

function distanceToSegment([px, py]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const along = Math.min(1, Math.max(0, ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(px - ax - along * dx, py - ay - along * dy);
}
