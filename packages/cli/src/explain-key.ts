import { allKeyPaths } from "./config/schema-keys.js";
import { configJsonSchema, constraintsOf, schemaNodeAt, typeName, type SchemaNode } from "./config/schema-tree.js";
import { ExitCode } from "./exit-codes.js";
import { nearestName } from "./nearest-name.js";
import { ProgramError } from "./program-error.js";

/** What a key of the config means: type, bounds, meaning, default, how to set it. Throws `ProgramError` (64) for a key that is not there. */
export function explainKey(key: string): string {
  const path = fullPath(key);
  const node = schemaNodeAt(path);
  if (node === undefined) throw unknownKey(key);
  return isSection(node) ? explainSection(path, node) : explainValue(path, node);
}

/** All sections with what stands in them. */
export function explainSections(): string {
  const sections = Object.entries(configJsonSchema().properties ?? {});
  const width = Math.max(...sections.map(([name]) => name.length)) + 2;
  const lines = sections.map(([name, node]) => `  ${name.padEnd(width)}${Object.keys(node.properties ?? {}).join(", ")}`);
  return ["sections of a config:", ...lines, "", "parakkt explain SECTION, or a key such as solver.method"].join("\n");
}

/** A path as it is, or the one path that ends with a bare key. Throws `ProgramError` (64) where several do. */
function fullPath(key: string): string {
  if (schemaNodeAt(key) !== undefined) return key;
  const same = allKeyPaths().filter((path) => path.split(".").at(-1) === key);
  if (same.length > 1) {
    throw new ProgramError(ExitCode.usage, `${key}: there are ${same.length} keys of this name`, same.map((path) => `parakkt explain ${path}`).join(", or "));
  }
  return same[0] ?? key;
}

function unknownKey(key: string): ProgramError {
  const shown = JSON.stringify(key.slice(0, 60));
  const paths = allKeyPaths();
  const last = key.split(".").at(-1) ?? "";
  const near = nearestName(key, paths) ?? paths.find((path) => path.split(".").at(-1) === nearestName(last, paths.map((other) => other.split(".").at(-1) ?? "")));
  return new ProgramError(ExitCode.usage, `${shown}: expected a key of the config`, near === undefined ? "parakkt explain lists the sections" : `did you mean ${near}?`);
}

const isSection = (node: SchemaNode): boolean => node.properties !== undefined;

function explainSection(path: string, node: SchemaNode): string {
  const keys = Object.entries(node.properties ?? {});
  const width = Math.max(...keys.map(([name]) => name.length)) + 2;
  const lines = keys.map(([name, child]) => `  ${name.padEnd(width)}${child.description ?? `section: ${Object.keys(child.properties ?? {}).join(", ")}`}`);
  return [`${path}: section${node.description === undefined ? "" : `. ${node.description}`}`, ...lines].join("\n");
}

function explainValue(path: string, node: SchemaNode): string {
  const description = node.description ?? "";
  const at = description.indexOf("Default: ");
  const [meaning, fallback] = at < 0 ? [description, ""] : [description.slice(0, at).trim(), description.slice(at + "Default: ".length)];
  const bounds = constraintsOf(node);
  const rows: readonly (readonly [string, string])[] = [
    ["type", typeName(node).replaceAll("`", "") + (bounds === "" ? "" : `, ${bounds}`)],
    ["meaning", meaning],
    ["default", fallback],
    ["set it by", `--set ${path}=…, or in the config`],
    ["see also", neighbours(path)],
  ];
  return [path, ...rows.filter(([, text]) => text !== "").map(([name, text]) => `  ${name.padEnd(11)}${text}`)].join("\n");
}

function neighbours(path: string): string {
  const parent = path.slice(0, path.lastIndexOf("."));
  const siblings = Object.keys(schemaNodeAt(parent)?.properties ?? {}).map((name) => `${parent}.${name}`);
  return siblings.filter((other) => other !== path).slice(0, 4).join(", ");
}
