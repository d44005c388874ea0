// `npm run docs`: writes the pages that are made from the code.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { configReference, schemaText, trainConfigReference } from "../packages/cli/dist/index.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
writeFileSync(join(root, "docs", "reference", "config.md"), configReference());
writeFileSync(join(root, "docs", "reference", "train-config.md"), trainConfigReference());
mkdirSync(join(root, "packages", "cli", "schema"), { recursive: true });
writeFileSync(join(root, "packages", "cli", "schema", "parakkt.schema.json"), schemaText());
