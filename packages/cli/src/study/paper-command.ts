import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ExitCode } from "../exit-codes.js";
import { nearestName } from "../nearest-name.js";
import { ProgramError } from "../program-error.js";
import type { Terminal } from "../terminal.js";
import { studyCommand } from "./study-command.js";

/** Published tables come with the source, not with the package. */
const PAPER = fileURLToPath(new URL("../../../../paper", import.meta.url));

/** Options of `paper`. */
export interface PaperOptions {
  readonly list?: boolean;
  readonly resume?: boolean;
  readonly force?: boolean;
  readonly out: string;
}

/** Makes published tables anew with the reference beside each count; 0 if every count agrees, else 2. */
export async function paperCommand(names: readonly string[], options: PaperOptions, terminal: Terminal): Promise<ExitCode> {
  const tables = paperTables();
  if (options.list === true) {
    terminal.result([...tables.keys()].join("\n"));
    return ExitCode.converged;
  }
  let exitCode: ExitCode = ExitCode.converged;
  for (const name of names.length > 0 ? names : tables.keys()) {
    const file = tables.get(name) ?? unknownTable(name, [...tables.keys()]);
    terminal.talk(`table ${name}`);
    const ended = extname(file) === ".mjs" ? await runScript(file) : await studyCommand(file, { set: [], ...options, out: join(options.out, name) }, terminal);
    exitCode = Math.max(exitCode, ended) as ExitCode;
    if (ended === ExitCode.interrupted || ended === ExitCode.terminated) break;
  }
  return exitCode;
}

/** Files of the tables by name. Throws `ProgramError` (66) where the source is not there. */
function paperTables(): Map<string, string> {
  if (!existsSync(PAPER)) throw new ProgramError(ExitCode.inputMissing, `the published tables come with the source: no directory ${PAPER}`, "clone the repository and run npx parakkt paper in it");
  const files = readdirSync(PAPER).filter((name) => [".yaml", ".mjs"].includes(extname(name))).sort();
  return new Map(files.map((name) => [name.slice(0, name.lastIndexOf(".")), join(PAPER, name)]));
}

function unknownTable(name: string, known: readonly string[]): never {
  const near = nearestName(name, known);
  throw new ProgramError(ExitCode.usage, `${JSON.stringify(name)}: expected a table, one of ${known.join(", ")}`, near === undefined ? "parakkt paper --list" : `did you mean ${near}?`);
}

/** A table that no config can express prints itself. */
function runScript(file: string): Promise<ExitCode> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...process.execArgv, file], { stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", () => resolve(ExitCode.bug));
    child.on("close", (code) => resolve((code ?? ExitCode.workerLost) as ExitCode));
  });
}
