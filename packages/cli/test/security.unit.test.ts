import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const PROGRAM = join(ROOT, "packages/cli/bin/parakkt.js");

const manifest = (name: string) => JSON.parse(readFileSync(join(ROOT, "packages", name, "package.json"), "utf8")) as { dependencies?: Record<string, string>; optionalDependencies?: Record<string, string> };

test("there are at most 8 direct runtime dependencies, exact versions, each with its reason in docs/decisions/0002", () => {
  const packages = readdirSync(join(ROOT, "packages")).filter((name) => name !== "testing");
  const outside = new Map(packages.flatMap((name) => Object.entries(manifest(name).dependencies ?? {}).filter(([dependency]) => !dependency.startsWith("@parakkt/"))));
  const reasons = readFileSync(join(ROOT, "docs/decisions/0002-runtime-dependencies.md"), "utf8");
  expect(outside.size).toBeLessThanOrEqual(8);
  for (const [name, version] of outside) {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(reasons).toMatch(new RegExp(`^\\| ${name.replace("/", "\\/")} \\|`, "m"));
  }
  const optional = packages.flatMap((name) => Object.keys(manifest(name).optionalDependencies ?? {}));
  for (const name of optional) expect(reasons).toContain(name);
});

/** Sources of what is run, tests apart. */
function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(?:ts|js|mjs)$/.test(entry.name) && !/node_modules|dist-test/.test(entry.parentPath))
    .map((entry) => join(entry.parentPath, entry.name));
}

test("no source imports a module of the network, evaluates text or fetches", () => {
  const files = readdirSync(join(ROOT, "packages")).flatMap((name) => (name === "testing" ? [] : sources(join(ROOT, "packages", name, "src"))));
  expect(files.length).toBeGreaterThan(200);
  const forbidden = /from "(?:node:)?(?:net|http|https|http2|dgram|dns|tls|vm|inspector)"|\beval\(|new Function\(|\bfetch\(|WebSocket/;
  expect(files.filter((file) => forbidden.test(readFileSync(file, "utf8")))).toEqual([]);
});

/** Refuses every connection before the program starts. */
const BLOCK = 'const refuse = () => { throw new Error("the network was touched"); };\nfor (const name of ["net", "dgram", "dns", "http", "https", "tls"]) { const m = require(name); for (const key of ["connect", "createConnection", "createSocket", "lookup", "resolve", "request", "get"]) if (typeof m[key] === "function") m[key] = refuse; }\nrequire("net").Socket.prototype.connect = refuse;\nglobalThis.fetch = refuse;\n';

test.each([
  ["solve", ["solve", "heat.yaml", "--out", "run", "--set", "output.fields=[npy, vtk]", "--set", "solver.spectrum=true"]],
  ["verify", ["verify", "heat.yaml"]],
  ["plan", ["plan", "heat.yaml"]],
  ["explain", ["explain", "solver.method"]],
  ["schema", ["schema"]],
  ["init", ["init", "new.yaml"]],
])("%s runs with no code from strings and no network", (_name, args) => {
  writeFileSync(join(directory(), "heat.yaml"), 'problem: { domain: { cells: [4, 3] }, time: { steps: 4 }, target: "x + t" }\n');
  writeFileSync(join(directory(), "block.cjs"), BLOCK);
  const { status, stderr } = spawnSync(process.execPath, ["--disallow-code-generation-from-strings", "--require", "./block.cjs", PROGRAM, ...args], { cwd: directory(), encoding: "utf8" });
  expect([status, stderr]).toEqual([0, expect.not.stringMatching(/network was touched|Code generation from strings/) as string]);
});

test("the two guards work (negative control)", () => {
  writeFileSync(join(directory(), "block.cjs"), BLOCK);
  const run = (code: string) => spawnSync(process.execPath, ["--disallow-code-generation-from-strings", "--require", "./block.cjs", "-e", code], { cwd: directory(), encoding: "utf8" }).stderr;
  expect(run('require("net").connect(80, "localhost")')).toContain("the network was touched");
  expect(run('Function("return 1")()')).toContain("Code generation from strings");
});
