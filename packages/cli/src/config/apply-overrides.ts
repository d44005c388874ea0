import { ExitCode } from "../exit-codes.js";
import { ProgramError } from "../program-error.js";
import { ConfigError, describePath, type ConfigProblem } from "./config-problem.js";
import { isContainer, pathKey, type ConfigPath, type ConfigTree } from "./config-tree.js";
import { readYaml } from "./read-yaml.js";

/** One `--set path.to.key=value`. */
export interface Override {
  readonly path: ConfigPath;
  readonly value: unknown;
  /** The option as typed, shortened, to name it in messages. */
  readonly option: string;
}

/** No config is nested deeper. */
const DEEPEST_KEY = 64;

const FORBIDDEN = /^(?:__proto__|constructor|prototype)$/;

/** Splits and reads the text after `--set`; the value is a YAML scalar or a flow list or mapping. Throws `ProgramError`, `ConfigError`. */
export function parseOverride(text: string): Override {
  const option = `--set ${text.length > 60 ? `${text.slice(0, 57)}…` : text}`;
  const equals = text.indexOf("=");
  const path = text.slice(0, Math.max(0, equals)).split(".").map((part) => part.trim());
  if (equals < 1 || path.some((part) => part === "")) {
    throw new ProgramError(ExitCode.usage, `${option}: expected a key path, an equals sign and a value`, "--set path.to.key=value");
  }
  if (path.length > DEEPEST_KEY) throw new ProgramError(ExitCode.usage, `${option}: no key lies ${path.length} levels deep`, "--set path.to.key=value");
  if (path.some((part) => FORBIDDEN.test(part))) {
    throw new ConfigError([{ location: option, key: describePath(path), what: "this key is refused", hint: "choose another name" }]);
  }
  return { path, value: readOverrideValue(text.slice(equals + 1).trim(), option), option };
}

/** `--threads count` as keys of the config; none where the option is not given. */
export function threadOverrides(threads: string | undefined): Override[] {
  if (threads === undefined) return [];
  const option = `--threads ${threads}`;
  return [
    { path: ["parallel", "backend"], value: "threads", option },
    { path: ["parallel", "threads"], value: numberOrText(threads), option },
  ];
}

/** What is no number is left for the schema to refuse. */
export function numberOrText(text: string): number | string {
  return text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
}

/** Flow collections and quoted text are read as YAML; anything else is one plain scalar, formulas with colons too. */
function readOverrideValue(text: string, option: string): unknown {
  if (!/^[[{"']/.test(text)) return plainScalar(text);
  try {
    return readYaml(text, option).root;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(error.problems.map((problem) => ({ ...problem, location: option })));
  }
}

/** The YAML 1.2 core schema for one plain scalar. */
function plainScalar(text: string): unknown {
  if (/^(?:null|Null|NULL|~|)$/.test(text)) return null;
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  return /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(text) ? Number(text) : text;
}

/** The tree with all overrides applied, later ones last. The file's tree is not changed. */
export function applyOverrides(tree: ConfigTree, overrides: readonly Override[]): ConfigTree {
  const root: unknown = structuredClone(tree.root);
  const places = new Map(tree.places);
  const problems: ConfigProblem[] = [];
  for (const override of overrides) {
    if (!isContainer(root) || Array.isArray(root)) break;
    setValue(root, override, places, problems);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return { root, places, start: tree.start };
}

function setValue(root: Record<PropertyKey, unknown>, { path, value, option }: Override, places: ConfigTree["places"], problems: ConfigProblem[]): void {
  let parent = root;
  for (const [depth, part] of path.entries()) {
    if (Array.isArray(parent) && !(/^\d+$/.test(String(part)) && Number(part) < parent.length)) {
      const key = describePath(path.slice(0, depth));
      problems.push({ location: option, key, what: `has no entry ${part}`, hint: `entries are numbered 0 to ${parent.length - 1}` });
      return;
    }
    const last = depth === path.length - 1;
    const child = last ? value : Object.hasOwn(parent, part) ? parent[part] : undefined;
    const next = last || isContainer(child) ? child : {};
    if (last || next !== child) setPlaces(path.slice(0, depth + 1), option, places);
    parent[part] = next;
    parent = next as Record<PropertyKey, unknown>;
  }
}

/** The value now comes from the option, and so does everything below it. */
function setPlaces(path: ConfigPath, option: string, places: ConfigTree["places"]): void {
  const prefix = pathKey(path).slice(0, -1);
  for (const key of places.keys()) if (key.startsWith(`${prefix},`)) places.delete(key);
  places.set(pathKey(path), { key: option, value: option });
}
