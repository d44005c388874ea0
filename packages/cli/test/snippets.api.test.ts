import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const PROGRAM = join(ROOT, "packages", "cli", "bin", "parakkt.js");
/** Programs are run from inside the workspace, so that they find its packages. */
const PROGRAMS = fileURLToPath(new URL("./snippets", import.meta.url));

interface Snippet {
  readonly language: string;
  readonly file: string | undefined;
  readonly text: string;
}

function snippetsOf(page: string): Snippet[] {
  const fences = readFileSync(page, "utf8").matchAll(/^```(\w*)(?: file=(\S+))?\n([\s\S]*?)^```$/gm);
  return [...fences].map(([, language = "", file, text = ""]) => ({ language, file, text }));
}

const TUTORIALS = join(ROOT, "docs", "tutorial");
const pages = [join(ROOT, "README.md"), ...readdirSync(TUTORIALS).map((name) => join(TUTORIALS, name))];

/** Arguments of `parakkt` on a line; what follows # is a comment, what follows > a file for the output. */
function commandLine(line: string): string[] {
  return line.replace(/\s+[#>].*$/, "").replace(/^(?:npx )?parakkt /, "").trim().split(/\s+/);
}

test.each(pages.map((page) => [basename(page), page] as const))("every config and command in %s works, in their order", (_name, page) => {
  symlinkSync(join(ROOT, "examples"), join(directory(), "examples"));
  if (page.endsWith("README.md")) runCommands(afterStart());
  for (const { language, file, text } of snippetsOf(page)) {
    if (file !== undefined) writeFileSync(join(directory(), file), text);
    if (language === "sh") runCommands(text);
  }
});

/** What `npm start` runs comes before the commands of the README. */
function afterStart(): string {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: { start: string } };
  return scripts.start.replace("node packages/cli/bin/parakkt.js", "parakkt");
}

function runCommands(text: string): void {
  for (const line of text.split("\n").filter((given) => /^(?:npx )?parakkt /.test(given))) {
    const { status, stderr } = spawnSync(process.execPath, [PROGRAM, ...commandLine(line)], { cwd: directory(), encoding: "utf8" });
    expect({ line, status, stderr: status === 0 ? "" : stderr }).toEqual({ line, status: 0, stderr: "" });
  }
}

/** The config that the how-tos speak of, at a small size. */
const HEAT = `problem: { domain: { cells: [8, 8] }, time: { steps: 16 }, target: "t*x*(1-x)*y*(1-y)" }\nsolver: { formulation: schur }\n`;
const HOW_TO = join(ROOT, "docs", "how-to");
// Training is at full size there; the commands are those of its tutorial.
const howTos = readdirSync(HOW_TO).filter((name) => name !== "train.md" && /^(?:npx )?parakkt /m.test(readFileSync(join(HOW_TO, name), "utf8")));

test.each(howTos)("every command in docs/how-to/%s works, in their order", (name) => {
  writeFileSync(join(directory(), "heat.yaml"), HEAT);
  for (const { language, text } of snippetsOf(join(HOW_TO, name))) if (["", "sh", "bash"].includes(language)) runCommands(text);
});

const programs = pages.flatMap((page) => snippetsOf(page).filter(({ language }) => language === "ts").map(({ text }, k) => [`${basename(page, ".md")}-${k}`, text] as const));

test.each(programs)("the program %s runs and converges", (name, text) => {
  mkdirSync(PROGRAMS, { recursive: true });
  const file = join(PROGRAMS, `${name}.mjs`);
  const { outputText } = ts.transpileModule(text, { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 } });
  writeFileSync(file, outputText);
  const { status, stdout, stderr } = spawnSync(process.execPath, [file], { encoding: "utf8" });
  rmSync(file);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(/converged|\d+ iterations, relative KKT residual/);
});

test("the programs are right for the compiler too, with its strict checks", () => {
  mkdirSync(PROGRAMS, { recursive: true });
  const files = programs.map(([name, text]) => {
    const file = join(PROGRAMS, `${name}.mts`);
    writeFileSync(file, text);
    return file;
  });
  const options: ts.CompilerOptions = { strict: true, noEmit: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext };
  const mistakes = ts.getPreEmitDiagnostics(ts.createProgram(files, options)).map(({ file, messageText }) => `${basename(file?.fileName ?? "")}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`);
  files.forEach((file) => rmSync(file));
  expect(mistakes).toEqual([]);
});

test("there is something to run: commands in at least five pages, programs in three", () => {
  const commands = pages.map((page) => snippetsOf(page).filter(({ language }) => language === "sh").length);
  expect(commands.filter((count) => count > 0).length).toBeGreaterThanOrEqual(5);
  expect(programs.length).toBeGreaterThanOrEqual(3);
  expect(howTos.length).toBeGreaterThanOrEqual(5);
});

test("a file that commands of a page read and a fence of it gives is named in the text before the fence, where a reader sees it", () => {
  for (const page of pages) {
    for (const [, before = "", file = ""] of readFileSync(page, "utf8").matchAll(/([^\n]*\n\n?)^```\w+ file=(\S+)$/gm)) expect(before).toContain(`\`${file}\``);
  }
});

test("the index of the documentation has every tutorial, how-to, reference and page of results", () => {
  const index = readFileSync(join(ROOT, "docs", "README.md"), "utf8");
  const documents = ["tutorial", "how-to", "reference", "."].flatMap((folder) => readdirSync(join(ROOT, "docs", folder)).filter((name) => name.endsWith(".md") && name !== "README.md").map((name) => (folder === "." ? name : `${folder}/${name}`)));
  expect(documents.length).toBeGreaterThan(15);
  for (const page of documents) expect(index).toContain(`](${page})`);
});

test("every link in the documentation leads to a file", () => {
  const listed = [...pages, join(ROOT, "docs", "README.md"), join(ROOT, "paper", "README.md"), ...readdirSync(join(ROOT, "docs", "how-to")).map((name) => join(ROOT, "docs", "how-to", name))];
  for (const page of listed) {
    for (const [, target = ""] of readFileSync(page, "utf8").matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)) {
      expect({ page, target, there: ts.sys.fileExists(join(page, "..", target)) || ts.sys.directoryExists(join(page, "..", target)) }).toEqual({ page, target, there: true });
    }
  }
});
