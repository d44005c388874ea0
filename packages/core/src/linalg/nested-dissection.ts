import { requireArgument, requireName } from "../errors.js";
import { affineOnBox } from "./affine-on-box.js";

/** Which points of a box a stencil couples: those one step away along an axis, or along several axes at once. */
export type Neighbours = "axes" | "box";

/**
 * Elimination order of the points of a box by geometric nested dissection: both parts first, the points of the cut between them last.
 *
 * A cut is a level set d·x = c of a direction d ∈ {−1, 0, 1}ᵈⁱᵐ; it separates because d·x changes by at most one from neighbour to neighbour.
 * With neighbours along the axes only, d may be diagonal: regions then become diamonds, whose boundary is shorter for their area, and the fill
 * is a third less than with cuts along the axes. `shape`: points per axis, 1 to 3 axes, x fastest.
 * Returns `order` with order[k] = the point eliminated k-th. Fill: O(n² log n) in 2-D, O(n⁴) in 3-D, against O(n³) and O(n⁵)
 * in natural order; a line of points keeps its natural order, which has no fill. Cost: O(points · log points).
 * Errors: `InvalidArgumentError` unless there are 1 to 3 whole numbers ≥ 1.
 */
export function nestedDissection(shape: readonly number[], neighbours: Neighbours = "box"): Int32Array {
  requireArgument(shape.length >= 1 && shape.length <= 3 && shape.every((n) => Number.isInteger(n) && n >= 1), () => ({
    what: "grid shape",
    where: "nestedDissection",
    expected: "1 to 3 whole numbers of at least 1",
    got: `[${shape.join(", ")}]`,
  }));
  requireName(neighbours, ["axes", "box"], { what: "neighbours", where: "nestedDissection" });
  const levels = cutDirections(shape, neighbours).map((direction) => levelSets(shape, direction));
  const order = Int32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, point) => point);
  const spare = new Int32Array(order.length);
  const dissect = (from: number, to: number): void => {
    const cut = to - from > 1 ? bestCut({ order, from, to }, levels) : undefined;
    if (cut === undefined) return;
    const [above, on] = partition({ order, from, to }, spare, cut);
    dissect(from, above);
    dissect(above, on);
  };
  dissect(0, order.length);
  return order;
}

/** The directions, one of each pair ±d, of axes that have more than one point; the axes first. */
function cutDirections(shape: readonly number[], neighbours: Neighbours): number[][] {
  const steps = shape.map((points) => (points === 1 ? [0] : [0, 1, -1]));
  const all = steps.reduce<number[][]>((found, axis) => found.flatMap((d) => axis.map((step) => [...d, step])), [[]]);
  const axesIn = (d: readonly number[]): number => d.filter((step) => step !== 0).length;
  const half = all.filter((d) => d.find((step) => step !== 0) === 1).sort((a, b) => axesIn(a) - axesIn(b));
  return neighbours === "axes" ? half : half.filter((d) => axesIn(d) === 1);
}

function levelSets(shape: readonly number[], direction: readonly number[]): LevelSets {
  const levels = affineOnBox(shape, { steps: direction });
  const least = shape.reduce((sum, points, axis) => sum + Math.min(0, direction[axis]) * (points - 1), 0);
  const sets = shape.reduce((sum, points, axis) => sum + Math.abs(direction[axis]) * (points - 1), 1);
  return { levels, least, counts: new Int32Array(sets) };
}

/** The points of a direction's level sets. */
interface LevelSets {
  readonly levels: Int32Array;
  readonly least: number;
  /** counts[l − least]: room for the points of each level, zero between the calls. */
  readonly counts: Int32Array;
}

/** Points order[from … to − 1]. */
interface Region {
  readonly order: Int32Array;
  readonly from: number;
  readonly to: number;
}

/** The points with levels[point] = level. */
interface Cut {
  readonly levels: Int32Array;
  readonly level: number;
}

/** The cheapest cut of a region, `undefined` where none leaves points on both sides or the region is a line. */
function bestCut(region: Region, directions: readonly LevelSets[]): Cut | undefined {
  const size = region.to - region.from;
  const mostBalanced = balance(size / 2);
  let best: Cut | undefined;
  let lowest = Infinity;
  for (const sets of directions) {
    const { levels, least, counts } = sets;
    const { first, last, single } = countLevels(region, sets);
    let below = 0;
    for (let level = first; level <= last; level++) {
      const on = counts[level - least];
      counts[level - least] = 0;
      const smaller = Math.min(below, size - below - on);
      below += on;
      if (smaller <= 0 || on >= lowest * mostBalanced) continue;
      const cost = cutCost(on, smaller, size);
      if (cost >= lowest) continue;
      lowest = cost;
      best = { levels, level };
    }
    if (single) return undefined;
  }
  return best;
}

/** Small separators and parts of similar size. */
function cutCost(separator: number, smallerPart: number, region: number): number {
  return (separator / balance(smallerPart)) * Math.max(1, region / (4 * smallerPart));
}

/** The least fill among the powers tried on squares, cubes and oblong boxes. */
function balance(smallerPart: number): number {
  return smallerPart ** 0.4;
}

/** Counts the points of each level, from the first one to the last one; `single`: each of these has one point. */
function countLevels({ order, from, to }: Region, { levels, least, counts }: LevelSets): { first: number; last: number; single: boolean } {
  let first = Infinity;
  let last = -Infinity;
  let most = 0;
  for (let k = from; k < to; k++) {
    const level = levels[order[k]];
    if (level < first) first = level;
    if (level > last) last = level;
    const count = ++counts[level - least];
    if (count > most) most = count;
  }
  return { first, last, single: most === 1 && last - first + 1 === to - from };
}

/** Points below the cut, above it, on it, each in the order they had; hands back where those above and those on it begin. */
function partition({ order, from, to }: Region, spare: Int32Array, { levels, level }: Cut): [number, number] {
  let below = from;
  let [above, on] = [0, 0];
  for (let k = from; k < to; k++) {
    const point = order[k];
    const difference = levels[point] - level;
    if (difference < 0) order[below++] = point;
    else if (difference > 0) spare[above++] = point;
    else spare[spare.length - ++on] = point;
  }
  for (let k = 0; k < above; k++) order[below + k] = spare[k];
  for (let k = 1; k <= on; k++) order[below + above + k - 1] = spare[spare.length - k];
  return [below, below + above];
}
