import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { configReference, trainConfigReference } from "@parakkt/cli";

const page = (name: string): string => readFileSync(fileURLToPath(new URL(`../../../docs/reference/${name}`, import.meta.url)), "utf8");

test("the pages of docs/reference are what the schemas say (npm run docs writes them anew)", () => {
  expect(page("config.md")).toBe(configReference());
  expect(page("train-config.md")).toBe(trainConfigReference());
});

test("every key of the reference has a meaning", () => {
  const rows = `${configReference()}${trainConfigReference()}`.split("\n").filter((line) => line.startsWith("| `"));
  expect(rows.length).toBeGreaterThan(100);
  expect(rows.filter((row) => row.endsWith("|  |"))).toEqual([]);
});
