import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import type { ResolvedConfig } from "../config/resolved-config.js";
import { stepCount } from "../config/resolved-config.js";
import { headerRange } from "../data/npy-header.js";
import { ExitCode } from "../exit-codes.js";
import { ProgramError } from "../program-error.js";

/** A plane of the box that is shown: the nodes of two axes (of one in 1-D), thinned out. */
export interface FieldPlane {
  readonly label: string;
  readonly width: number;
  readonly height: number;
  /** Its extent to the right over that upwards. */
  readonly aspect: number;
  /** Extent of the axis to the right, and the share of it that lies before the first interior node. */
  readonly right: number;
  readonly margin: number;
}

/** One field on all planes and shown steps; planes hold doubles, step after step, x fastest. */
export interface SampledField {
  readonly name: "state" | "target" | "control" | "error";
  readonly planes: readonly Float64Array[];
}

/** What the page shows of the fields of a run. */
export interface FieldSample {
  readonly dimension: number;
  readonly steps: readonly number[];
  readonly times: readonly number[];
  readonly planes: readonly FieldPlane[];
  readonly fields: readonly SampledField[];
  /** How the fields were thinned out, in words; empty where they were not. */
  readonly thinned: string;
}

/** Values on the page at most; each takes two bytes. */
const MOST_VALUES = 400_000;
const MOST_STEPS = 60;
const MOST_NODES = { 1: 400, 2: 64, 3: 48 } as const;

/** Reads state, target and control of a run directory; `undefined` where they were not written as NPY. Bounded in size whatever the run. */
export function sampleFields(directory: string, config: ResolvedConfig): FieldSample | undefined {
  const names = ["state", "target", "control"] as const;
  if (!names.every((name) => existsSync(join(directory, `${name}.npy`)))) return undefined;
  const points = config.problem.domain.cells.map((count) => count - 1);
  const total = stepCount(config.problem.time);
  const planes = planesOf(config);
  const perStep = 4 * planes.reduce((sum, { width, height }) => sum + width * height, 0);
  const steps = spread(total, Math.max(2, Math.min(MOST_STEPS, Math.floor(MOST_VALUES / perStep)))).map((k) => k + 1);
  const sampled = names.map((name) => readPlanes(join(directory, `${name}.npy`), { points, total, steps, planes }));
  const [state, target, control] = sampled as [Float64Array[], Float64Array[], Float64Array[]];
  const error = state.map((values, k) => values.map((value, i) => value - target[k]![i]!));
  const thinned = [...(steps.length < total ? [`${steps.length} of ${total} steps`] : []), ...thinnedNodes(points, planes)].join(", ");
  return {
    dimension: points.length,
    steps,
    times: steps.map((step) => timeOf(config, step)),
    planes,
    fields: [{ name: "state", planes: state }, { name: "target", planes: target }, { name: "control", planes: control }, { name: "error", planes: error }],
    thinned,
  };
}

function timeOf({ problem: { time } }: ResolvedConfig, step: number): number {
  const value = "nodes" in time ? time.nodes[step]! : (time.final * step) / time.steps;
  return Number(value.toPrecision(6));
}

/** `count` of the indices 0 … length − 1, evenly spread, both ends included; all of them where they are fewer. */
export function spread(length: number, count: number): number[] {
  if (length <= count) return Array.from({ length }, (_, k) => k);
  return Array.from({ length: count }, (_, k) => Math.round((k * (length - 1)) / (count - 1)));
}

interface SampledPlane extends FieldPlane {
  /** Offsets of its nodes within one step. */
  readonly offsets: readonly number[];
}

function planesOf({ problem: { domain } }: ResolvedConfig): SampledPlane[] {
  const points = domain.cells.map((count) => count - 1);
  const [nx = 1, ny = 1, nz = 1] = points;
  const most = MOST_NODES[points.length as 1 | 2 | 3];
  const strides = [1, nx, nx * ny];
  const plane = (first: number, second: number | undefined, fixed: number, label: string): SampledPlane => {
    const across = spread(points[first]!, most).map((k) => k * strides[first]!);
    const up = second === undefined ? [0] : spread(points[second]!, most).map((k) => k * strides[second]!);
    const right = domain.extent[first]!;
    return { label, width: across.length, height: up.length, aspect: right / domain.extent[second ?? first]!, right, margin: 1 / domain.cells[first]!, offsets: up.flatMap((row) => across.map((column) => fixed + row + column)) };
  };
  if (points.length < 3) return [plane(0, points.length === 2 ? 1 : undefined, 0, `x to the right from 0 to ${domain.extent[0]!}${points.length === 2 ? `, y up from 0 to ${domain.extent[1]!}` : ""}`)];
  const middle = (axis: number): { fixed: number; at: string } => {
    const k = Math.floor(points[axis]! / 2);
    return { fixed: k * strides[axis]!, at: `${"xyz"[axis]!} = ${Number((((k + 1) * domain.extent[axis]!) / domain.cells[axis]!).toPrecision(3))}` };
  };
  const [x, y, z] = [middle(0), middle(1), middle(2)];
  return nz > 0 ? [plane(0, 1, z.fixed, `${z.at}: x to the right, y up`), plane(0, 2, y.fixed, `${y.at}: x to the right, z up`), plane(1, 2, x.fixed, `${x.at}: y to the right, z up`)] : [];
}

function thinnedNodes(points: readonly number[], planes: readonly FieldPlane[]): string[] {
  const nodes = points.length === 1 ? `${planes[0]!.width} of ${points[0]!} nodes` : `${planes[0]!.width} × ${planes[0]!.height} of ${points[0]!} × ${points[1]!} nodes`;
  return planes[0]!.width < points[0]! || (points.length > 1 && planes[0]!.height < points[1]!) ? [nodes] : [];
}

interface Sampling {
  readonly points: readonly number[];
  /** Steps in the file. */
  readonly total: number;
  readonly steps: readonly number[];
  readonly planes: readonly FieldPlane[];
}

/** One step after the other is read into memory, and of it only the nodes of the planes are kept. */
function readPlanes(path: string, { points, total, steps, planes }: Sampling): Float64Array[] {
  const size = points.reduce((product, count) => product * count, 1);
  const sampled = planes.map(({ width, height }) => new Float64Array(width * height * steps.length));
  const bytes = Buffer.alloc(8 * size);
  const file = openSync(path, "r");
  try {
    const start = dataStart(file, path, size * total);
    steps.forEach((step, k) => {
      readSync(file, bytes, 0, bytes.length, start + 8 * size * (step - 1));
      (planes as readonly SampledPlane[]).forEach(({ offsets }, p) => offsets.forEach((offset, i) => (sampled[p]![k * offsets.length + i] = bytes.readDoubleLE(8 * offset))));
    });
    return sampled;
  } finally {
    closeSync(file);
  }
}

/** Offset of the first value. Throws `ProgramError` (65) for a file that does not hold all values. */
function dataStart(file: number, path: string, values: number): number {
  const head = Buffer.alloc(16);
  readSync(file, head, 0, head.length, 0);
  const { end } = headerRange(head, path);
  const expected = end + 8 * values;
  const { size } = fstatSync(file);
  if (size === expected) return end;
  throw new ProgramError(ExitCode.invalidInput, `${path}: expected ${expected} bytes for the problem of report.json, got ${size}`, "solve again: the run was cut off, or its files were replaced");
}
