import { visit, type Document, type YAMLError } from "yaml";
import type { ConfigProblem } from "./config-problem.js";

/** What to do about a text that YAML would read as something else than a formula. */
export const QUOTE_HINT = 'put formulas in quotes: target: "x < 0.5 ? 1 : 0"';

/** Mistakes shown at most. */
const MOST_SHOWN = 20;

/**
 * The mistakes against the syntax of YAML and JSON, each where it begins. A tab in the indentation and a quote that is never closed make the rest of the
 * text unreadable, so that only they are told.
 */
export function syntaxProblems(text: string, document: Document.Parsed, locate: (offset: number) => string): ConfigProblem[] {
  const { explicit, version } = document.directives.yaml;
  const found = [...document.errors, ...document.warnings];
  const root = found.find((error) => error.code === "TAB_AS_INDENT" || isOpenQuote(error));
  const problems = (root === undefined ? found.slice(0, MOST_SHOWN) : [root]).map((error): ConfigProblem => {
    const offset = isOpenQuote(error) ? startOfQuote(document, error.pos[0]) : error.pos[0];
    const hint = hintFor(error, lineAt(text, error.pos[0]));
    return { location: locate(offset), key: "", what: `not valid YAML or JSON: ${error.message.split("\n")[0]!}`, ...(hint !== undefined && { hint }) };
  });
  if (explicit && version !== "1.2") {
    problems.push({ location: locate(0), key: "", what: `YAML ${version} is not read`, hint: "remove the %YAML line; configs are YAML 1.2" });
  }
  return problems;
}

function hintFor(error: YAMLError, line: string): string | undefined {
  if (error.code === "TAB_AS_INDENT") return "indent with spaces";
  if (isOpenQuote(error)) return "close the quote";
  if (error.code === "TAG_RESOLVE_FAILED") return `remove the tag; ${QUOTE_HINT}`;
  if (/^\s*[\w-]+ +[^\s:]+\s*$/.test(line)) return "a key is followed by a colon and a space";
  return /(?:target|source|initialState|diffusivity) *: *[^\s"'{\d]/.test(line) ? QUOTE_HINT : undefined;
}

function isOpenQuote({ code, message }: YAMLError): boolean {
  return code === "MISSING_CHAR" && /closing ["']quote/.test(message);
}

/** Where the quoted text begins that goes on to the end. */
function startOfQuote(document: Document.Parsed, end: number): number {
  let start = end;
  visit(document, {
    Scalar(_key, { type, range }) {
      if (type?.startsWith("QUOTE") && range && range[1] >= end) start = range[0];
    },
  });
  return start;
}

function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const end = text.indexOf("\n", start);
  return text.slice(start, end < 0 ? undefined : end);
}
