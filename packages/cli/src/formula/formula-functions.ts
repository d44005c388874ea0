/** A function that formulas may call: how many arguments, what it means, and its value. */
export interface FormulaFunction {
  readonly arity: number | "two or more";
  readonly meaning: string;
  readonly evaluate: (...args: number[]) => number;
}

function one(meaning: string, evaluate: (a: number) => number): FormulaFunction {
  return { arity: 1, meaning, evaluate };
}

function two(meaning: string, evaluate: (a: number, b: number) => number): FormulaFunction {
  return { arity: 2, meaning, evaluate };
}

/** The closed list of functions in formulas. */
export const formulaFunctions: ReadonlyMap<string, FormulaFunction> = new Map([
  ["min", { arity: "two or more", meaning: "smallest argument", evaluate: Math.min }],
  ["max", { arity: "two or more", meaning: "largest argument", evaluate: Math.max }],
  ["abs", one("absolute value", Math.abs)],
  ["sign", one("-1, 0 or 1", Math.sign)],
  ["step", one("0 for s < 0, 1 for s >= 0", (s) => (s >= 0 ? 1 : s < 0 ? 0 : NaN))],
  ["floor", one("largest whole number <= s", Math.floor)],
  ["ceil", one("smallest whole number >= s", Math.ceil)],
  ["mod", two("a - b floor(a/b)", (a, b) => a - b * Math.floor(a / b))],
  ["sqrt", one("square root", Math.sqrt)],
  ["cbrt", one("cube root", Math.cbrt)],
  ["hypot", two("sqrt(a^2 + b^2)", Math.hypot)],
  ["pow", two("a^b", (a, b) => a ** b)],
  ["exp", one("exponential", Math.exp)],
  ["log", one("natural logarithm", Math.log)],
  ["log10", one("decimal logarithm", Math.log10)],
  ["sin", one("sine", Math.sin)],
  ["cos", one("cosine", Math.cos)],
  ["tan", one("tangent", Math.tan)],
  ["asin", one("inverse sine", Math.asin)],
  ["acos", one("inverse cosine", Math.acos)],
  ["atan", one("inverse tangent", Math.atan)],
  ["atan2", two("angle of the point (second, first argument)", Math.atan2)],
  ["sinh", one("hyperbolic sine", Math.sinh)],
  ["cosh", one("hyperbolic cosine", Math.cosh)],
  ["tanh", one("hyperbolic tangent", Math.tanh)],
] satisfies [string, FormulaFunction][]);

/** Whether `count` arguments fit. */
export function acceptsArguments({ arity }: FormulaFunction, count: number): boolean {
  return arity === "two or more" ? count >= 2 : count === arity;
}
