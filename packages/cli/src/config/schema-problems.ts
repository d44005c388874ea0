import type { z } from "zod";
import { nearestName } from "../nearest-name.js";
import { describePath, describeValue, type ConfigProblem } from "./config-problem.js";
import { isContainer, pathKey, placeOfKey, placeOfValue, valueAt, type ConfigPath, type ConfigTree } from "./config-tree.js";
import { allKeyPaths, knownKeys } from "./schema-keys.js";
import { configSchema } from "./schema.js";

type Issue = z.core.$ZodIssue;

/** A mistake against the schema, and the path that cannot be used because of it. */
export interface SchemaProblem extends ConfigProblem {
  readonly path: ConfigPath;
  /** The key that was probably meant by an unknown one. */
  readonly meant?: ConfigPath;
}

/** A config and the schema that it was checked against. */
interface CheckedTree extends ConfigTree {
  readonly schema: z.ZodType;
}

/** Turns what a schema found into problems with places, one for each value; the schema of configs to solve unless another one is given. */
export function schemaProblems(config: ConfigTree, issues: readonly Issue[], schema: z.ZodType = configSchema): SchemaProblem[] {
  const tree = { ...config, schema };
  const problems = issues.flatMap((issue) => problemsOfIssue(tree, issue, issue.path as ConfigPath));
  const meant = new Set(problems.map((problem) => problem.meant && pathKey(problem.meant)));
  const first = new Map([...problems].reverse().map((problem) => [pathKey(problem.path), problem]));
  return problems.filter((problem) => first.get(pathKey(problem.path)) === problem && !meant.has(pathKey(problem.path)));
}

function problemsOfIssue(tree: CheckedTree, issue: Issue, path: ConfigPath): SchemaProblem[] {
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(tree, [...path, key]));
  if (issue.code === "invalid_union") {
    const branch = issue.errors.find((errors) => errors.length > 0 && isContainer(valueAt(tree.root, path)) && !errors.some(isWrongType));
    if (branch !== undefined) return branch.flatMap((inner) => problemsOfIssue(tree, inner, [...path, ...(inner.path as ConfigPath)]));
  }
  return [wrongValue(tree, issue.message, path)];
}

/** The branch of a union that the value was not even meant for. */
function isWrongType(issue: Issue): boolean {
  return issue.code === "invalid_type" && issue.path.length === 0;
}

function wrongValue(tree: CheckedTree, expected: string, path: ConfigPath): SchemaProblem {
  const value = valueAt(tree.root, path);
  if (value === undefined) return missingKey(tree, path, expected);
  const got = describeValue(value);
  const near = typeof value === "string" ? nearestName(value, expected.replace(/^one of /, "").split(", ")) : undefined;
  const hint = near === undefined ? (keyInside(tree, path, value) ?? hintFor(path, value)) : `did you mean ${near}?`;
  const problem = { location: placeOfValue(tree, path), key: describePath(path), what: `expected ${expected}, got ${got}`, path };
  return hint === undefined ? problem : { ...problem, hint };
}

/** For a bare value in place of a section: the key inside that it would fit. */
function keyInside({ root, schema }: CheckedTree, path: ConfigPath, value: unknown): string | undefined {
  if (value === null || isContainer(value)) return undefined;
  const prefix = pathKey(path).slice(0, -1);
  const fits = (key: string): boolean => {
    const copy: unknown = structuredClone(root);
    const parent = valueAt(copy, path.slice(0, -1));
    if (!isContainer(parent)) return false;
    parent[path.at(-1)!] = { [key]: value };
    const { success, error } = schema.safeParse(copy);
    return success || !error.issues.some((issue) => pathKey(issue.path as ConfigPath).startsWith(prefix));
  };
  const found = path.length === 0 ? undefined : knownKeys(path, schema).find(fits);
  return found && `did you mean ${describePath([...path, found])}?`;
}

function missingKey(tree: ConfigTree, path: ConfigPath, expected: string): SchemaProblem {
  const what = path.length === 1 ? "this section is missing" : `this key is missing: expected ${expected}`;
  return { location: placeOfValue(tree, path), key: describePath(path), what, hint: `add ${String(path.at(-1))}:`, path };
}

function hintFor(path: ConfigPath, value: unknown): string | undefined {
  if (isEntryOfNoList(value)) return `write the whole list, as in ${describePath(path)}: [64, 64]; a number in a key path sets an entry of a list that is there`;
  if (value === null) return "write a value after the colon, or remove the key for its default";
  if (/^problem\.(?:target|source|initialState|diffusivity)/.test(path.join("."))) return "put formulas in quotes, as in \"sin(pi*x)\"";
  if (typeof value === "string" && /^[-+\d.]/.test(value)) return "write a plain number such as 0.5 or 1.0e-4 (formulas are for fields only)";
  if (typeof value === "number" && /(?:extent|cells)$/.test(path.join("."))) return `write [${value}]`;
  return undefined;
}

/** What a key path such as cells.0 makes where there is no list. */
function isEntryOfNoList(value: unknown): boolean {
  return isContainer(value) && !Array.isArray(value) && Object.keys(value).length > 0 && Object.keys(value).every((key) => /^\d+$/.test(key));
}

function unknownKey(tree: CheckedTree, path: ConfigPath): SchemaProblem {
  const name = String(path.at(-1));
  const parent = path.slice(0, -1);
  const problem = { location: placeOfKey(tree, path), key: describePath(path), path };
  if (!/^[\w-]+$/.test(name)) return { ...problem, what: "unknown key", hint: "if this is a part of a formula, put the whole formula in quotes" };
  const known = knownKeys(parent, tree.schema);
  const near = nearestName(name, known);
  if (near !== undefined) return { ...problem, what: "unknown key", hint: `did you mean ${near}?`, meant: [...parent, near] };
  return { ...problem, what: "unknown key", hint: elsewhereHint(name, parent, tree.schema) };
}

/** batch of batchSize, rate of learningRate. */
function isPartOfName(key: string, name: string): boolean {
  return (name.length > 3 && key.startsWith(name)) || (key.length > 3 && name.endsWith(key));
}

function elsewhereHint(name: string, parent: ConfigPath, schema: z.ZodType): string {
  const singular = name.toLowerCase().replace(/s$/, "");
  const elsewhere = allKeyPaths([], schema).filter((path) => path.split(".").at(-1)?.toLowerCase().replace(/s$/, "") === singular);
  if (elsewhere.length > 0) return `did you mean ${elsewhere.join(" or ")}?`;
  const within = allKeyPaths([], schema).filter((path) => isPartOfName(path.split(".").at(-1)!.toLowerCase(), name.toLowerCase()));
  if (within.length === 1) return `did you mean ${within[0]}?`;
  const where = parent.length === 0 ? "sections" : "keys here";
  return `remove it; ${where}: ${knownKeys(parent, schema).join(", ")}`;
}
