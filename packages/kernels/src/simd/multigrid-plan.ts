import { paddedPoints, reals, type LevelTables, type RealMemory, type Reals } from "./multigrid-tables.js";

/** Lanes that a cycle works on at once: two lanes go one after the other. */
export type CycleLanes = 1 | 4 | 8;

/** Words before the levels, and of a level: see assembly/multigrid.ts. */
const PLAN_WORDS = 48;
const LEVEL_WORDS = 32;

export const PlanWord = { x: 2, y: 3, out: 4, laneStride: 5, factorOfLane: 16 } as const;

/** Work space of cycles on so many lanes and the words that describe it. */
export interface CyclePlan {
  readonly words: Uint32Array;
  /** α lane by lane, then β. */
  readonly factors: Float64Array;
  /** Lane by lane; with one lane all eight entries are its shift. */
  readonly shifts: Reals;
  /** Single precision only: the largest sizes of the right-hand side lane by lane, with one lane four of them. */
  readonly sizes: Reals;
  /** Of the result, lane by lane. */
  readonly scales: Float64Array;
}

export interface CyclePlanParts {
  readonly dimensions: number;
  readonly tables: readonly LevelTables[];
  /** Unknowns and band width of the coarsest matrix. */
  readonly coarsest: { readonly size: number; readonly width: number };
}

/** Storage in numbers a lane: a vector on each level but the finest, on each level seven planes and four of the next one (lines in two dimensions). */
export function cyclePlan(memory: RealMemory, lanes: CycleLanes, { dimensions, tables, coarsest }: CyclePlanParts): CyclePlan {
  const layouts = tables.map((level) => vectorLayout(memory.real, lanes, { level, dimensions }));
  const largest = Math.max(...layouts.map(({ plane, line }) => plane + 2 * line));
  const zeros = region(memory, largest) + Math.max(...layouts.map(({ line }) => line));
  const plan: Omit<CyclePlan, "words"> = {
    factors: memory.memory.doubles(16),
    shifts: reals(memory, 8),
    sizes: reals(memory, 8),
    scales: memory.memory.doubles(8),
  };
  const work = memory.memory.doubles(2 * (coarsest.size + coarsest.width));
  const header = [
    ...[tables.length, dimensions, 0, 0, 0, 0, plan.factors.byteOffset, plan.shifts.byteOffset, plan.sizes.byteOffset, plan.scales.byteOffset, 0],
    ...[zeros, coarsest.size, coarsest.width, work.byteOffset],
  ];
  const levels = tables.map((level, l) => levelWords(memory, { level, layout: layouts[l], coarse: layouts[l + 1], alone: tables.length === 1, finest: l === 0 }));
  return { ...plan, words: memory.memory.words([...padded(header, PLAN_WORDS), ...levels.flatMap((words) => padded(words, LEVEL_WORDS))]) };
}

function padded(words: readonly number[], length: number): number[] {
  return [...words, ...new Array<number>(length - words.length).fill(0)];
}

/** Bytes of a line and of a plane of a level's vectors, and from the beginning of a plane to its first point. */
interface VectorLayout {
  readonly line: number;
  readonly plane: number;
  readonly first: number;
  readonly planes: number;
}

/** Zeros before a line: room for the largest cell, and for a vector. */
const LEAD = 64;

/** Planes in three dimensions have a line of zeros on both sides; addresses of neighbouring planes differ modulo a page, on which caches alias. */
function vectorLayout(real: 4 | 8, lanes: CycleLanes, { level, dimensions }: { level: LevelTables; dimensions: number }): VectorLayout {
  const { points, lines, planes } = level.shape;
  const line = real * lanes * (lanes === 1 ? paddedPoints(points, real) : points + 1);
  const [page, apart] = [4096, 640];
  let plane = LEAD * Math.ceil((LEAD + line * (dimensions > 2 ? lines + 2 : lines)) / LEAD);
  while (plane % page < apart || plane % page > page - apart) plane += LEAD;
  return { line, plane, planes, first: LEAD + (dimensions > 2 ? line : 0) };
}

/** Zeroed bytes, and zeros before and behind them. */
function region({ memory }: RealMemory, bytes: number): number {
  return memory.doubles((bytes + 2 * LEAD) / 8).byteOffset + LEAD;
}

interface LevelParts {
  readonly level: LevelTables;
  readonly layout: VectorLayout;
  /** Of the next level; missing on the coarsest. */
  readonly coarse: VectorLayout | undefined;
  readonly alone: boolean;
  readonly finest: boolean;
}

function levelWords(memory: RealMemory, { level, layout, coarse, alone, finest }: LevelParts): number[] {
  const { points, lines, planes } = level.shape;
  const ring = (count: number, { plane, first }: VectorLayout): number => region(memory, count * plane) - LEAD + first;
  const line = (count: number, of: VectorLayout): number => region(memory, count * of.line + 2 * LEAD);
  const formedTwice = finest && !alone && memory.real === 8;
  const smoothed = coarse === undefined ? [0, 0, 0, 0] : [ring(3, layout), ring(2, layout), formedTwice ? ring(2, layout) : 0, line(1, layout)];
  const transfer = coarse === undefined ? [] : [line(3, coarse), ring(3, coarse), line(1, coarse), ring(1, coarse), finest ? line(1, layout) : 0];
  return [
    ...[points, lines, planes, level.coefficientLine, level.coefficientPlane, level.diagonal, level.mass, level.records, level.onX, level.onMiddle],
    ...[level.onLast, level.recordLine, level.recordPlane, layout.line, layout.plane, formedTwice ? 0 : ring(planes, layout)],
    ...[...smoothed, level.lowerX, level.upperX, level.middle, level.last, ...transfer],
  ];
}
