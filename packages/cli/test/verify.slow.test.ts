import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { verify } from "./verified-example.js";

const examples = readdirSync(fileURLToPath(new URL("../../../examples/", import.meta.url))).filter((name) => name.endsWith(".yaml") && !/^(study|train)-/.test(name));

test.each(examples)("%s passes all checks at its own size", async (example) => {
  const { code, report } = await verify(example);
  expect(report.checks.filter(({ verdict }) => verdict === "failed")).toEqual([]);
  expect(code).toBe(0);
}, 600_000);
