import { FormulaError } from "./formula-error.js";

/** Characters that a formula may have at most. */
export const MAX_FORMULA_LENGTH = 4096;

/** A piece of a formula; `column` counts from 1. */
export interface Token {
  readonly kind: "number" | "name" | "symbol" | "end";
  readonly text: string;
  readonly column: number;
}

const PIECES = [
  { kind: "number", pattern: /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y },
  { kind: "name", pattern: /[A-Za-z_][A-Za-z0-9_]*/y },
  { kind: "symbol", pattern: /<=|>=|==|!=|[-+*/^()<>?:,]/y },
] as const;

/** What people write by habit, and what to write instead. */
const HABITS: readonly (readonly [RegExp, string])[] = [
  [/\*\*/y, "for a power write ^"],
  [/&&?|∧/y, "for 'and' multiply comparisons: (x > 0.2)*(x < 0.8)"],
  [/\|\|?|∨/y, "for 'or' write max(a, b) of two comparisons, for the absolute value abs(x)"],
  [/!/y, "for 'not' write 1 - (...)"],
  [/=/y, "for equality write =="],
  [/["'`]/y, "formulas have numbers only, no text"],
  [/[[\]{}]/y, "use round brackets ( )"],
  [/;/y, "a formula is one expression; separate arguments by a comma"],
  [/[−–—]/y, "write the minus sign as -"],
  [/[×·∙⋅]/y, "write the product as *"],
  [/÷/y, "write the quotient as /"],
  [/π/y, "write pi"],
  [/≤/y, "write <="],
  [/≥/y, "write >="],
  [/≠/y, "write !="],
  [/[²³]/y, "write the power as ^2 or ^3"],
  [/\./y, "a number needs a digit beside its point; members do not exist"],
];

/** Splits a formula into tokens; the last one is `end`. Throws `FormulaError` with the column. */
export function tokenize(text: string): Token[] {
  if (text.length > MAX_FORMULA_LENGTH) {
    throw new FormulaError(`${text.length} characters are too many`, MAX_FORMULA_LENGTH + 1, `at most ${MAX_FORMULA_LENGTH}`);
  }
  const tokens: Token[] = [];
  let at = skipSpace(text, 0);
  while (at < text.length) {
    const token = tokenAt(text, at);
    tokens.push(token);
    at = skipSpace(text, at + token.text.length);
  }
  tokens.push({ kind: "end", text: "end of the formula", column: text.length + 1 });
  return tokens;
}

function skipSpace(text: string, at: number): number {
  while (at < text.length && /[ \t\r\n]/.test(text[at]!)) at++;
  return at;
}

function tokenAt(text: string, at: number): Token {
  const power = matchAt(/\*\*/y, text, at);
  for (const { kind, pattern } of power === undefined ? PIECES : []) {
    const piece = matchAt(pattern, text, at);
    if (piece === undefined) continue;
    if (kind === "number") requireNumberEnds(text, at, piece);
    return { kind, text: piece, column: at + 1 };
  }
  const habit = HABITS.find(([pattern]) => matchAt(pattern, text, at) !== undefined);
  const shown = power ?? String.fromCodePoint(text.codePointAt(at)!);
  throw new FormulaError(`unexpected ${JSON.stringify(shown)}`, at + 1, habit?.[1]);
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** 2x, 1.2.3, 0x10 and 1e are mistakes; 1e400 is not a double. */
function requireNumberEnds(text: string, at: number, piece: string): void {
  const next = text[at + piece.length] ?? "";
  const column = at + piece.length + 1;
  if (/[A-Za-z_]/.test(next)) throw new FormulaError(`unexpected "${next}" after the number ${piece}`, column, "for a product write *, as in 2*x");
  if (next === ".") throw new FormulaError(`a second point in the number ${piece}`, column);
  if (!Number.isFinite(Number(piece))) throw new FormulaError(`${piece} is too large for a double`, at + 1, "the largest is about 1.8e308");
}
