import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { configReference } from "@parakkt/cli";

const PAGE = fileURLToPath(new URL("../../../docs/reference/config.md", import.meta.url));

test("docs/reference/config.md is what the schema says (npm run docs writes it anew)", () => {
  expect(readFileSync(PAGE, "utf8")).toBe(configReference());
});

test("every key of the reference has a meaning", () => {
  const rows = configReference().split("\n").filter((line) => line.startsWith("| `"));
  expect(rows.length).toBeGreaterThan(35);
  expect(rows.filter((row) => row.endsWith("|  |"))).toEqual([]);
});
