import { configJsonSchema, typeName, type SchemaNode } from "./schema-tree.js";

/** All keys of a config with type, meaning and default, as a Markdown page (docs/reference/config.md, kept equal by a test). */
export function configReference(): string {
  const rows = Object.entries(configJsonSchema().properties ?? {}).flatMap(([key, node]) => describeKey(key, node));
  return [
    "# Config keys",
    "",
    "Made from the schema. Only `problem` is required; any other key may be left out.",
    "",
    "| key | type | meaning |",
    "|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}

function describeKey(path: string, node: SchemaNode): string[] {
  const children = Object.entries(node.properties ?? {}).flatMap(([key, child]) => describeKey(`${path}.${key}`, child));
  if (children.length > 0 && node.description === undefined) return children;
  return [`| \`${path}\` | ${typeName(node)} | ${(node.description ?? "").replaceAll("|", "\\|")} |`, ...children];
}
