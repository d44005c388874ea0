import type { z } from "zod";
import { allKeyPaths } from "./config/schema-keys.js";
import { configJsonSchema, constraintsOf, schemaNodeAt, trainingJsonSchema, typeName, type SchemaNode } from "./config/schema-tree.js";
import { configSchema } from "./config/schema.js";
import { trainSchema } from "./config/train-schema.js";
import { ExitCode } from "./exit-codes.js";
import { nearestName } from "./nearest-name.js";
import { ProgramError } from "./program-error.js";

/** What a key of the config means: type, bounds, meaning, default, how to set it. Throws `ProgramError` (64) for a key that is not there. */
export function explainKey(key: string): string {
  const found = SCHEMAS.flatMap((each) => {
    const path = fullPath(key, each);
    const node = schemaNodeAt(path, each.json());
    return node === undefined ? [] : [{ path, node, ...each }];
  });
  if (found.length === 0) throw unknownKey(key);
  return found.map(({ path, node, json, about }) => `${found.length > 1 || about === TRAINING ? `${about}: ` : ""}${isSection(node) ? explainSection(path, node) : explainValue(path, node, json())}`).join("\n\n");
}

/** Configs have either of two schemas. */
interface ExplainedSchema {
  readonly about: string;
  readonly schema: z.ZodType;
  readonly json: () => SchemaNode;
}

const TRAINING = "training config";
const SCHEMAS: readonly ExplainedSchema[] = [
  { about: "config to solve", schema: configSchema, json: configJsonSchema },
  { about: TRAINING, schema: trainSchema, json: trainingJsonSchema },
];

/** All sections with what stands in them. */
export function explainSections(): string {
  const sectionsOf = (json: SchemaNode): string[] => {
    const sections = Object.entries(json.properties ?? {});
    const width = Math.max(...sections.map(([name]) => name.length)) + 2;
    return sections.map(([name, node]) => `  ${name.padEnd(width)}${Object.keys(node.properties ?? {}).join(", ")}`);
  };
  return ["sections of a config:", ...sectionsOf(configJsonSchema()), "", "sections of a training config:", ...sectionsOf(trainingJsonSchema()), "", "parakkt explain SECTION, or a key such as solver.method"].join("\n");
}

/** A path as it is, or the one path that ends with a bare key. Throws `ProgramError` (64) where several do. */
function fullPath(key: string, { schema, json }: ExplainedSchema): string {
  if (schemaNodeAt(key, json()) !== undefined) return key;
  const ending = (of: z.ZodType): string[] => allKeyPaths([], of).filter((path) => path.split(".").at(-1) === key);
  const same = ending(schema);
  if (same.length > 1) {
    const all = [...new Set(SCHEMAS.flatMap((each) => ending(each.schema)))];
    throw new ProgramError(ExitCode.usage, `${key}: there are ${all.length} keys of this name`, all.map((path) => `parakkt explain ${path}`).join(", or "));
  }
  return same[0] ?? key;
}

function unknownKey(key: string): ProgramError {
  const shown = JSON.stringify(key.slice(0, 60));
  const paths = SCHEMAS.flatMap(({ schema }) => allKeyPaths([], schema));
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

function explainValue(path: string, node: SchemaNode, json: SchemaNode): string {
  const description = node.description ?? "";
  const at = description.indexOf("Default: ");
  const [meaning, fallback] = at < 0 ? [description, ""] : [description.slice(0, at).trim(), description.slice(at + "Default: ".length)];
  const bounds = constraintsOf(node);
  const rows: readonly (readonly [string, string])[] = [
    ["type", typeName(node).replaceAll("`", "") + (bounds === "" ? "" : `, ${bounds}`)],
    ["meaning", meaning],
    ["default", fallback],
    ["set it by", `--set ${path}=…, or in the config`],
    ["see also", neighbours(path, json)],
  ];
  return [path, ...rows.filter(([, text]) => text !== "").map(([name, text]) => `  ${name.padEnd(11)}${text}`)].join("\n");
}

function neighbours(path: string, json: SchemaNode): string {
  const parent = path.slice(0, path.lastIndexOf("."));
  const siblings = Object.keys(schemaNodeAt(parent, json)?.properties ?? {}).map((name) => `${parent}.${name}`);
  return siblings.filter((other) => other !== path).slice(0, 4).join(", ");
}
