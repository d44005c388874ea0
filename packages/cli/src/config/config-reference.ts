import { z } from "zod";
import { configSchema } from "./schema.js";

/** The part of JSON Schema that the config's schema makes use of. */
interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly enum?: readonly string[];
}

/** All keys of a config with type, meaning and default, as a Markdown page (docs/reference/config.md, kept equal by a test). */
export function configReference(): string {
  const root = z.toJSONSchema(configSchema, { io: "input", unrepresentable: "any" }) as SchemaNode;
  const rows = Object.entries(root.properties ?? {}).flatMap(([key, node]) => describeKey(key, node));
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

function typeName(node: SchemaNode): string {
  if (node.enum) return node.enum.map((name) => `\`${name}\``).join(", ");
  if (node.anyOf) return [...new Set(node.anyOf.map(typeName))].join(" or ");
  if (node.type === "array") return `list of ${node.items ? typeName(node.items) : "values"}`;
  if (node.properties && Object.keys(node.properties).join() === "file") return "`{ file: path }`";
  return { object: "section", integer: "whole number", number: "number", string: "text" }[node.type ?? ""] ?? "value";
}
