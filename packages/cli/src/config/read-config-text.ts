import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { ExitCode } from "../exit-codes.js";
import { describeSystemError, ProgramError } from "../program-error.js";
import { ConfigError } from "./config-problem.js";
import { MAX_CONFIG_BYTES } from "./yaml-limits.js";

/** The text of a config file: a regular file of at most 1 MiB in UTF-8, without zero bytes, of which UTF-16 is full. Throws `ProgramError` (66) or `ConfigError` (65). */
export function readConfigText(path: string): string {
  const bytes = readConfigBytes(path);
  const text = bytes.includes(0) ? undefined : decoded(bytes);
  if (text === undefined) throw new ConfigError([{ location: `${path}:1:1`, key: "", what: "the file is not UTF-8 text", hint: "save it as UTF-8" }]);
  return text;
}

/** Nothing for bytes that are no UTF-8. */
function decoded(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function readConfigBytes(path: string): Buffer {
  const file = openConfig(path);
  try {
    const status = fstatSync(file);
    if (!status.isFile()) throw new ProgramError(ExitCode.inputMissing, `${path}: not a file`, "give the path of a YAML or JSON file");
    if (status.size > MAX_CONFIG_BYTES) {
      const what = `the file has ${status.size} bytes; a config has at most ${MAX_CONFIG_BYTES}`;
      throw new ConfigError([{ location: `${path}:1:1`, key: "", what, hint: "put data into NPY or CSV files" }]);
    }
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

function openConfig(path: string): number {
  try {
    return openSync(path, "r");
  } catch (error) {
    throw new ProgramError(ExitCode.inputMissing, `cannot read the config ${path}: ${describeSystemError(error)}`, "check the path");
  }
}
