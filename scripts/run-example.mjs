// `npm run example -- library`: builds and runs examples/library.ts.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const name = process.argv[2];
const names = readdirSync(join(root, "examples"))
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -3));
if (name === undefined || !names.includes(name)) {
  console.error(`Which example? One of: ${names.join(", ")}`);
  process.exit(64);
}
if (!existsSync(join(root, "examples", "dist"))) spawnSync(process.execPath, [join(root, "scripts", "bootstrap.mjs")], { stdio: "inherit" });
const { status } = spawnSync(process.execPath, [join(root, "examples", "dist", `${name}.js`), ...process.argv.slice(3)], { stdio: "inherit" });
process.exit(status ?? 1);
