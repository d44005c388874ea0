import { ExitCode } from "../exit-codes.js";

/** One mistake in a config, an option or a data file. */
export interface ConfigProblem {
  /** `file:line:column`, or the option that holds the mistake. */
  readonly location: string;
  /** Key path such as `problem.time.steps`; empty for the file as a whole. */
  readonly key: string;
  readonly what: string;
  readonly hint?: string;
  /** Lines shown below, such as a formula with its caret. */
  readonly detail?: string;
  /** The file named is not there (another exit code). */
  readonly missing?: boolean;
}

/** More are not worth reading. */
const SHOWN_PROBLEMS = 50;

/** All mistakes found in one reading. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly exitCode: ExitCode;

  constructor(readonly problems: readonly ConfigProblem[]) {
    const more = problems.length > SHOWN_PROBLEMS ? [`… and ${problems.length - SHOWN_PROBLEMS} more`] : [];
    super([...problems.slice(0, SHOWN_PROBLEMS).map(describeProblem), ...more].join("\n"));
    this.exitCode = problems.every((problem) => problem.missing) ? ExitCode.inputMissing : ExitCode.invalidInput;
  }
}

/** The problem as shown to the user: where, which key, what, and what to try. */
export function describeProblem({ location, key, what, hint, detail }: ConfigProblem): string {
  const lines = [`${location}: ${key === "" ? "" : `${key}: `}${what}`];
  if (detail !== undefined) lines.push(...detail.split("\n").map((line) => `    ${line}`));
  if (hint !== undefined) lines.push(`  hint: ${hint}`);
  return lines.join("\n");
}

/** A value as shown in "got …": short, on one line, without control characters. */
export function describeValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "nothing (null)";
  if (typeof value === "string") return `the text ${shorten(JSON.stringify(value))}`;
  if (typeof value === "number") return String(value);
  if (typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return shorten(`the list ${JSON.stringify(value)}`);
  return shorten(`the mapping ${JSON.stringify(value)}`);
}

/** A key path as shown to the user. */
export function describePath(path: readonly PropertyKey[]): string {
  return path.map((part) => (/^[\w-]+$/.test(String(part)) ? String(part) : shorten(JSON.stringify(String(part))))).join(".");
}

function shorten(text: string): string {
  const printable = text.replaceAll(/[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, "?");
  return printable.length <= 60 ? printable : `${printable.slice(0, 57)}…`;
}
