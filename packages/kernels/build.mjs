// Compiles assembly/ to wasm and embeds it as base64 in src/generated/kernels-wasm.ts, unless that was made from the same sources.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const sources = join(here, "assembly");
const target = join(here, "src", "generated", "kernels-wasm.ts");
const FLAGS = [
  ...["-O2", "--noAssert", "--uncheckedBehavior", "always", "--runtime", "stub"],
  ...["--enable", "simd", "--enable", "threads", "--enable", "bulk-memory", "--disableWarning", "201"],
  ...["--importMemory", "--sharedMemory", "--initialMemory", "2", "--maximumMemory", "65536", "--memoryBase", "65536"],
];

/** Hash of everything that the wasm depends on. */
function fingerprint() {
  const hash = createHash("sha256").update(JSON.stringify(FLAGS));
  hash.update(readFileSync(fileURLToPath(import.meta.resolve("assemblyscript/package.json"))));
  for (const file of readdirSync(sources).sort()) hash.update(file).update(readFileSync(join(sources, file)));
  return hash.digest("hex");
}

async function compile() {
  const { default: asc } = await import("assemblyscript/asc");
  const outputs = new Map();
  const { error, stderr } = await asc.main(["index.ts", "--baseDir", sources, "--outFile", "kernels.wasm", ...FLAGS], {
    writeFile: (name, contents) => void outputs.set(name, contents),
  });
  if (error) throw new Error(`assemblyscript: ${stderr.toString()}`, { cause: error });
  return outputs.get("kernels.wasm");
}

const header = `// Made by build.mjs from ${fingerprint()}.`;
if (!existsSync(target) || !readFileSync(target, "utf8").startsWith(header)) {
  const wasm = await compile();
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, `${header}\nexport const KERNELS_WASM =\n  "${Buffer.from(wasm).toString("base64")}";\n`);
}
