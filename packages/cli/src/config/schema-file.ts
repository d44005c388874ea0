import { fileURLToPath } from "node:url";
import { configJsonSchema, trainingJsonSchema } from "./schema-tree.js";

/** The JSON Schema that ships with the package, for editors. */
export const SCHEMA_FILE = fileURLToPath(new URL("../../schema/parakkt.schema.json", import.meta.url));

/** The JSON Schema of training configs as text. */
export function trainingSchemaText(): string {
  return `${JSON.stringify(trainingJsonSchema(), undefined, 2)}\n`;
}

/** The text of that file (`npm run docs` writes it, a test keeps it equal). */
export function schemaText(): string {
  return `${JSON.stringify(configJsonSchema(), undefined, 2)}\n`;
}
