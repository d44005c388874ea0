import { z } from "zod";
import { configSchema } from "./schema.js";
import { trainSchema } from "./train-schema.js";

/** The part of JSON Schema that the config's schema makes use of. */
export interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** The JSON Schema of a config as written, for editors and for the reference. */
export function configJsonSchema(): SchemaNode {
  return { title: "ParaKKT config", ...schemaNode(configSchema) } as SchemaNode;
}

/** The JSON Schema of what a user may write. */
export function schemaNode(schema: z.ZodType): SchemaNode {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as SchemaNode;
}

/** The JSON Schema of a training config. */
export function trainingJsonSchema(): SchemaNode {
  return { title: "ParaKKT training config", ...schemaNode(trainSchema) } as SchemaNode;
}

/** The node of a key path such as `solver.method`, of configs to solve unless another schema is given. */
export function schemaNodeAt(path: string, schema: SchemaNode = configJsonSchema()): SchemaNode | undefined {
  return path.split(".").reduce<SchemaNode | undefined>((node, key) => (node === undefined ? undefined : childOf(node, key)), schema);
}

function childOf(node: SchemaNode, key: string): SchemaNode | undefined {
  const options = [node, ...(node.anyOf ?? [])];
  return options.map(({ properties }) => (properties && Object.hasOwn(properties, key) ? properties[key] : undefined)).find((child) => child !== undefined);
}

/** The type of a value in words; names of a choice in backquotes. */
export function typeName(node: SchemaNode): string {
  if (node.enum) return node.enum.map((name) => `\`${name}\``).join(", ");
  if (node.anyOf) return [...new Set(node.anyOf.map(typeName))].join(" or ");
  if (node.type === "array") return `list of ${node.items ? typeName(node.items) : "values"}`;
  if (node.properties && Object.keys(node.properties).join() === "file") return "`{ file: path }`";
  if (node.type === "object" && node.properties === undefined) return "mapping";
  return { object: "section", integer: "whole number", number: "number", string: "text", boolean: "true or false" }[node.type ?? ""] ?? "value";
}

/** Bounds of a number, or of the entries and length of a list, in words; empty where there are none. */
export function constraintsOf(node: SchemaNode): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, minItems, maxItems, items } = node;
  const told = (bound: number | undefined): bound is number => bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  const bounds = [
    ...(told(minimum) ? [`at least ${minimum}`] : []),
    ...(told(exclusiveMinimum) ? [`more than ${exclusiveMinimum}`] : []),
    ...(told(maximum) ? [`at most ${maximum}`] : []),
    ...(told(exclusiveMaximum) ? [`less than ${exclusiveMaximum}`] : []),
  ];
  const entries = items === undefined ? "" : constraintsOf(items);
  const length = [...(minItems === undefined ? [] : [`at least ${minItems}`]), ...(maxItems === undefined ? [] : [`at most ${maxItems}`])];
  return [...bounds, ...(length.length > 0 ? [`${length.join(" and ")} entries`] : []), ...(entries === "" ? [] : [`each ${entries}`])].join(", ");
}
