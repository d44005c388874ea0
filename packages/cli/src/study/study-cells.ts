import { createHash } from "node:crypto";
import { basename, extname } from "node:path";
import { applyOverrides, type Override } from "../config/apply-overrides.js";
import { ConfigError } from "../config/config-problem.js";
import { placeOfKey, type ConfigTree } from "../config/config-tree.js";
import { checkConfig } from "../config/load-config.js";
import type { ResolvedConfig } from "../config/resolved-config.js";
import type { StudyInput } from "../config/study-schema.js";
import { configDirectory } from "../data/input-path.js";
import { DataError } from "../data/data-error.js";

/** Values of keys, by key path; `ranks` is the number of ranks and no key of the config. */
export type Assignment = Readonly<Record<string, unknown>>;

/** One solve of a study. */
export interface StudyCell {
  /** Of the resolved config and the ranks: the same solve has the same id in any study, and in all cells that come to the same config. */
  readonly id: string;
  readonly role: "cell" | "baseline";
  /** Name under `methods` or `baselines`; empty where the config has only one method. */
  readonly method: string;
  /** What grid and cells set. */
  readonly values: Assignment;
  /** What the method sets. */
  readonly settings: Assignment;
  readonly config?: ResolvedConfig;
  /** Why there is no config: the combination cannot work. */
  readonly refusal?: string;
}

/** A config with its section `study`. */
export interface StudySource {
  readonly path: string;
  readonly tree: ConfigTree;
  readonly study: StudyInput;
  readonly allowPath: boolean;
}

/** All cells in the order of the grid, then the baselines; what stands in a list twice counts once. Throws `ConfigError` if not one cell can work. */
export function studyCells(source: StudySource): StudyCell[] {
  const { study } = source;
  const points = (study.cells ?? [{}]).flatMap((cell) => gridPoints(study.grid ?? {}).map((point): Assignment => ({ ...cell, ...point })));
  const methods = Object.entries(study.methods ?? { "": {} });
  const cells = points.flatMap((values) => methods.map(([method, settings]) => createCell(source, { role: "cell", method, values, settings })));
  const problems = points.map((values) => Object.fromEntries(Object.entries(values).filter(([key]) => belongsToProblem(key))));
  const baselines = Object.entries(study.baselines ?? {});
  const serial = problems.flatMap((values) => baselines.map(([method, settings]) => createCell(source, { role: "baseline", method, values, settings })));
  const unique = firstOfEach([...cells, ...serial], ({ role, id, method, values }) => JSON.stringify([role, id, method, values]));
  if (unique.every(({ config }) => config === undefined)) requireSound(source, unique[0]!);
  return unique;
}

/** The items without those whose key an earlier one has. */
export function firstOfEach<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] {
  const keys = new Set<string>();
  return items.filter((item) => {
    const key = keyOf(item);
    return !keys.has(key) && keys.add(key);
  });
}

/** Keys that say what is solved; the others say how. */
export function belongsToProblem(key: string): boolean {
  return key.startsWith("problem.") || key.endsWith("Tolerance");
}

/** Every combination, the last key running fastest. */
function gridPoints(grid: Readonly<Record<string, readonly unknown[]>>): Assignment[] {
  return Object.entries(grid).reduce<Assignment[]>((points, [key, values]) => points.flatMap((point) => values.map((value) => ({ ...point, [key]: value }))), [{}]);
}

function createCell(source: StudySource, given: Pick<StudyCell, "role" | "method" | "values" | "settings">): StudyCell {
  try {
    const { config } = resolveCell(source, given);
    const solved = { ...config, output: undefined, budget: undefined };
    return { ...given, id: identify({ solved, ranks: cellAssignment(given)["ranks"] ?? 1 }), config };
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof DataError)) throw error;
    return { ...given, id: identify(cellAssignment(given)), refusal: error.message };
  }
}

/** What is set in a cell, the method's keys last. */
export function cellAssignment({ values, settings }: Pick<StudyCell, "values" | "settings">): Assignment {
  return { ...values, ...settings };
}

function resolveCell({ tree, path, allowPath }: StudySource, cell: Pick<StudyCell, "values" | "settings">) {
  const overrides = Object.entries(cellAssignment(cell)).filter(([key]) => key !== "ranks").map(([key, value]): Override => ({ path: key.split("."), value, option: placeOf(tree, key) }));
  return checkConfig(applyOverrides(tree, overrides), { name: basename(path, extname(path)), directory: configDirectory(path), allowPath });
}

/** Where the study sets a key. */
function placeOf(tree: ConfigTree, key: string): string {
  const inGrid = tree.places.get(JSON.stringify(["study", "grid", key]));
  return inGrid?.key ?? placeOfKey(tree, ["study"]);
}

/** Throws what is wrong with the cell. */
function requireSound(source: StudySource, cell: StudyCell): void {
  resolveCell(source, cell);
}

function identify(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 12);
}
