import { boxGrid, timeGrid, uniformTimeGrid, type BoxGrid, type TimeGrid } from "@parakkt/core";
import { ConfigError } from "../config/config-problem.js";
import type { FieldKey } from "../config/field-formulas.js";
import type { LoadedConfig } from "../config/load-config.js";
import type { TimeSetting } from "../config/resolved-config.js";
import { countPoints, type PointSet } from "./point-set.js";
import { DataError } from "./data-error.js";
import type { InputData, SpaceTimeField } from "./input-data.js";
import { fieldOnPoints, loadField, pointName, requireFinite, type FieldSource } from "./load-field.js";

/** A checked config and whether its files may lie anywhere. */
export interface InputRequest extends Pick<LoadedConfig, "config" | "directory" | "places" | "plan"> {
  readonly allowPath: boolean;
}

/** One rank of so many, which share the work of looking at every value. */
export interface LoadingRank {
  readonly rank: number;
  readonly size: number;
}

/**
 * Evaluates all formulas on the grid and reads all files; every value is checked, each rank looks at its share of the time steps.
 * Fields in time are evaluated, or read from their file, step by step whenever they are asked for. Throws `ConfigError` with place and point.
 */
export function loadInputData(request: InputRequest, ranks: LoadingRank = { rank: 0, size: 1 }): InputData {
  const { problem } = request.config;
  const grid = boxGrid(problem.domain);
  const time = timeGridOf(problem.time);
  const load: Loading = { request, grid, time };
  const data: InputData = {
    grid,
    time,
    diffusivity: loadDiffusivity(load),
    initialState: instantValues(load, "initialState", "interior"),
    source: spaceTimeField(load, "source"),
    target: spaceTimeField(load, "target"),
  };
  checkSteps(data.source, data, ranks);
  checkSteps(data.target, data, ranks);
  return data;
}

function timeGridOf(time: TimeSetting): TimeGrid {
  return "nodes" in time ? timeGrid(time.nodes) : uniformTimeGrid(time.final, time.steps);
}

interface Loading {
  readonly request: InputRequest;
  readonly grid: BoxGrid;
  readonly time: TimeGrid;
}

/** Runs `use` on the field's source; a mistake in its file is reported at the key that names the file. */
function withSource<Result>({ request, grid, time }: Loading, key: FieldKey, set: PointSet, use: (source: FieldSource) => Result): Result {
  const inTime = key === "source" || key === "target";
  return atKey(request, key, () => use(loadField({ key, ...request, grid, set, ...(inTime ? { steps: time.steps } : {}) })));
}

function atKey<Result>({ places }: InputRequest, key: FieldKey, use: () => Result): Result {
  try {
    return use();
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const { location, what, hint } = error;
    const named = `${what} (named at ${places[key]})`;
    throw new ConfigError([{ location, key: `problem.${key}`, what: named, ...(hint === undefined ? {} : { hint }) }]);
  }
}

function instantValues(load: Loading, key: FieldKey, set: PointSet): Float64Array {
  return withSource(load, key, set, (source) => {
    if (source.kind === "values") return source.values;
    const values = new Float64Array(countPoints(load.grid, set));
    if (source.kind === "formula") fieldOnPoints({ formula: source.formula, place: placeOf(load, key) }, { grid: load.grid, set })(0, values);
    return values;
  });
}

function placeOf({ request }: Loading, key: FieldKey): { location: string; key: string } {
  return { location: request.places[key], key: `problem.${key}` };
}

function loadDiffusivity(load: Loading): number | Float64Array {
  const constant = withSource(load, "diffusivity", "all-nodes", constantValue);
  if (constant !== undefined) return constant;
  const values = instantValues(load, "diffusivity", "all-nodes");
  const wrong = values.findIndex((value) => !(value > 0));
  if (wrong >= 0) {
    const what = `the diffusivity is ${values[wrong]} at ${pointName(load.grid, "all-nodes", wrong)}`;
    throw new ConfigError([{ ...placeOf(load, "diffusivity"), what, hint: "it must be positive at every node, boundary included" }]);
  }
  return values;
}

/** The value of a number or of a formula without coordinates. */
function constantValue(source: FieldSource): number | undefined {
  return source.kind === "formula" && source.formula.coordinates.size === 0 ? source.formula.evaluate(new Float64Array(4)) : undefined;
}

function spaceTimeField(load: Loading, key: "source" | "target"): SpaceTimeField {
  return withSource(load, key, "interior", (source): SpaceTimeField => {
    if (source.kind === "steps") return arrayField(load, key, source.array);
    if (source.kind === "formula" && source.formula.coordinates.has("t")) {
      const placed = { formula: source.formula, place: placeOf(load, key) };
      const values = fieldOnPoints(placed, { grid: load.grid, set: "interior" });
      return { zero: false, timeDependent: true, fill: (step, out) => values(load.time.time(step), out) };
    }
    const values = source.kind === "values" ? source.values : instantValues(load, key, "interior");
    return { zero: values.every((value) => value === 0), timeDependent: false, fill: (_step, out) => out.set(values) };
  });
}

/** One array per step, read from the file when it is asked for. */
function arrayField({ request, grid }: Loading, key: FieldKey, array: { read(first: number, out: Float64Array): void }): SpaceTimeField {
  const setting = request.config.problem[key];
  const name = typeof setting === "object" ? setting.file : "";
  return {
    zero: false,
    timeDependent: true,
    fill: (step, out) =>
      atKey(request, key, () => {
        array.read((step - 1) * grid.size, out);
        requireFinite(out, { name, grid, set: "interior" }, ` in time step ${step}`);
      }),
  };
}

/** All ranks together meet every value once before any computation. */
function checkSteps(field: SpaceTimeField, { grid, time }: InputData, { rank, size }: LoadingRank): void {
  if (!field.timeDependent) return;
  const values = new Float64Array(grid.size);
  for (let step = 1 + rank; step <= time.steps; step += size) field.fill(step, values);
}
