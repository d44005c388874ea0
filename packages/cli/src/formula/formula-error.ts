/** What is wrong with a formula, and at which column (counted from 1). */
export class FormulaError extends Error {
  override readonly name = "FormulaError";

  constructor(
    readonly what: string,
    readonly column: number,
    readonly hint?: string,
  ) {
    super(`column ${column}: ${what}`);
  }
}

const CONTEXT = 60;

/** The formula with a caret under `column`; long formulas are cut to the surroundings, line breaks shown as spaces. */
export function withCaret(text: string, column: number): string {
  const from = text.length <= 2 * CONTEXT ? 0 : Math.max(0, column - 1 - CONTEXT);
  const shown = text.slice(from, from + 2 * CONTEXT).replaceAll(/\s/g, " ");
  const before = from > 0 ? "…" : "";
  const after = from + 2 * CONTEXT < text.length ? "…" : "";
  return `${before}${shown}${after}\n${" ".repeat(before.length + column - 1 - from)}^`;
}
