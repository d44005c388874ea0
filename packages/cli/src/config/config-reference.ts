import { configJsonSchema, schemaNode, typeName, type SchemaNode } from "./schema-tree.js";
import { trainSchema } from "./train-schema.js";

/** All keys of a config with type, meaning and default, as a Markdown page (docs/reference/config.md, kept equal by a test). */
export function configReference(): string {
  return keyReference("# Config keys", "Made from the schema. Only `problem` is required; any other key may be left out.", configJsonSchema());
}

/** The same for configs of `parakkt train` (docs/reference/train-config.md). */
export function trainConfigReference(): string {
  return keyReference("# Keys of a training config", "For `parakkt train`, made from its schema. Only `data` is required; any other key may be left out.", schemaNode(trainSchema));
}

function keyReference(title: string, about: string, { properties = {} }: SchemaNode): string {
  const rows = Object.entries(properties).flatMap(([key, node]) => describeKey(key, node));
  return [title, "", about, "", "| key | type | meaning |", "|---|---|---|", ...rows, ""].join("\n");
}

function describeKey(path: string, node: SchemaNode): string[] {
  const children = Object.entries(node.properties ?? {}).flatMap(([key, child]) => describeKey(`${path}.${key}`, child));
  if (children.length > 0 && node.description === undefined) return children;
  return [`| \`${path}\` | ${typeName(node)} | ${(node.description ?? "").replaceAll("|", "\\|")} |`, ...children];
}
