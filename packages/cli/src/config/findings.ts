import { describePath, type ConfigProblem } from "./config-problem.js";
import { isContainer, pathKey, placeOfKey, valueAt, type ConfigPath, type ConfigTree } from "./config-tree.js";
import { splitKey, type Finding } from "./cross-checks.js";

/** In the order of the file, options last. */
export function sortByPlace(problems: readonly ConfigProblem[]): ConfigProblem[] {
  const place = ({ location }: ConfigProblem): number => {
    const [, line, column] = /:(\d+):(\d+)$/.exec(location) ?? [];
    return line === undefined ? Infinity : Number(line) * 1e7 + Number(column);
  };
  return [...problems].sort((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)));
}

/** A copy without these parts, so that the rest can be checked in the same run; of a list the whole. */
export function withoutPaths(root: unknown, flawed: readonly ConfigPath[]): Record<PropertyKey, unknown> {
  const copy: unknown = structuredClone(root);
  for (const path of flawed) {
    const listed = path.findIndex((part) => typeof part === "number");
    const cut = listed < 0 ? path : path.slice(0, listed);
    const parent = valueAt(copy, cut.slice(0, -1));
    if (isContainer(parent)) delete parent[cut.at(-1)!];
  }
  return isContainer(copy) ? copy : {};
}

/** Whether a finding rests on keys that are all right themselves. */
export function isSound({ at, because = [] }: Finding, flawed: readonly ConfigPath[]): boolean {
  return ![at, ...because].some((key) => isFlawed(key, flawed));
}

/** Whether a key, one above or one below it is flawed. */
export function isFlawed(key: string | ConfigPath, flawed: readonly ConfigPath[]): boolean {
  const path = pathKey(splitKey(key)).slice(0, -1);
  return flawed.map((other) => pathKey(other).slice(0, -1)).some((other) => startsWithPath(path, other) || startsWithPath(other, path));
}

function startsWithPath(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix},`);
}

/** A finding at its key, or at the first of its reasons that is really written down. */
export function findingProblem(tree: ConfigTree, { at, because = [], what, hint }: Finding): ConfigProblem {
  const candidates = [at, ...because].map(splitKey);
  const written = candidates.find((path) => valueAt(tree.root, path) !== undefined) ?? candidates[0]!;
  return { location: placeOfKey(tree, written), key: describePath(splitKey(at)), what, hint };
}
