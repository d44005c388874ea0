import { fileURLToPath } from "node:url";
import { configJsonSchema, trainingJsonSchema, type SchemaNode } from "./schema-tree.js";

/** The JSON Schema that ships with the package, for editors. */
export const SCHEMA_FILE = fileURLToPath(new URL("../../schema/parakkt.schema.json", import.meta.url));

/** The JSON Schema of training configs as text. */
export function trainingSchemaText(): string {
  return textOf(trainingJsonSchema());
}

/** The text of that file (`npm run docs` writes it, a test keeps it equal). */
export function schemaText(): string {
  return textOf(configJsonSchema());
}

/** A section that may be left out may also stand empty (`solver:` and nothing behind it), which YAML reads as null: editors must not call that a mistake. */
function textOf(schema: SchemaNode): string {
  const emptied = (_key: string, value: unknown): unknown => (isSection(value) ? { ...value, properties: withEmptySections(value) } : value);
  return `${JSON.stringify(schema, emptied, 2)}\n`;
}

type Section = Required<Pick<SchemaNode, "properties">> & { readonly required?: readonly string[] };

function isSection(value: unknown): value is Section {
  return typeof value === "object" && value !== null && "properties" in value && typeof value.properties === "object";
}

function withEmptySections({ properties, required = [] }: Section): Record<string, unknown> {
  const optional = (name: string, node: SchemaNode): boolean => node.type === "object" && node.properties !== undefined && !required.includes(name);
  return Object.fromEntries(Object.entries(properties).map(([name, node]) => [name, optional(name, node) ? { ...node, type: ["object", "null"] } : node]));
}
