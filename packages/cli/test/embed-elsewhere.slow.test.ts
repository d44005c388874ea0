import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const page = readFileSync(join(ROOT, "docs", "tutorial", "embed-the-library.md"), "utf8");
const block = (language: string): string => new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "m").exec(page)![1]!;

test("the packages are installed into a project elsewhere as the tutorial says, without network, and its program runs there", () => {
  writeFileSync(join(directory(), "package.json"), '{ "private": true }');
  const commands = block("bash").replaceAll("~/parakkt", ROOT);
  const installed = spawnSync("bash", ["-e", "-c", commands], { cwd: directory(), encoding: "utf8", env: { ...process.env, npm_config_offline: "true", npm_config_audit: "false" } });
  expect({ status: installed.status, stderr: installed.status === 0 ? "" : installed.stderr }).toEqual({ status: 0, stderr: "" });
  const { outputText } = ts.transpileModule(block("ts"), { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 } });
  writeFileSync(join(directory(), "program.mjs"), outputText);
  const { status, stdout } = spawnSync(process.execPath, ["program.mjs"], { cwd: directory(), encoding: "utf8" });
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining("iterations, relative KKT residual") as string });
});
