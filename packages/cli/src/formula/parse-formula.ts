import { nearestName } from "../nearest-name.js";
import { FormulaError } from "./formula-error.js";
import { acceptsArguments, formulaFunctions } from "./formula-functions.js";
import type { BinaryOperator, SyntaxTree } from "./syntax-tree.js";
import { tokenize, type Token } from "./tokenize.js";

/** Brackets, calls, signs, powers and choices inside each other at most. */
export const MAX_FORMULA_DEPTH = 64;
/** Numbers, names, operators and calls at most. */
export const MAX_FORMULA_NODES = 1000;

const COMPARISONS = new Set(["<", "<=", ">", ">=", "==", "!="]);

interface ParserState {
  readonly tokens: readonly Token[];
  readonly names: ReadonlySet<string>;
  readonly unavailable: Readonly<Record<string, string>>;
  next: number;
  depth: number;
  nodes: number;
}

/**
 * Parses a formula; `names` are the variables and parameters that it may use, `unavailable` says why others cannot be used.
 * From loose to tight:
 * a ? b : c · comparison (one only) · + − · * / · sign · ^ (right-associative; −x^2 = −(x^2)). Throws `FormulaError`.
 */
export function parseFormula(text: string, names: Iterable<string>, unavailable: Readonly<Record<string, string>> = {}): SyntaxTree {
  const state: ParserState = { tokens: tokenize(text), names: new Set(names), unavailable, next: 0, depth: 0, nodes: 0 };
  if (peek(state).kind === "end") throw new FormulaError("the formula is empty", 1, "write 0 for zero");
  const tree = choice(state);
  const rest = peek(state);
  if (rest.kind !== "end") throw leftOver(rest);
  return tree;
}

function leftOver(token: Token): FormulaError {
  if (token.text === ")") return new FormulaError("a closing bracket without an opening one", token.column);
  if (token.text === ",") return new FormulaError("a comma outside of a function's brackets", token.column, "write decimals with a point");
  if (token.text === ":") return new FormulaError("a : without its ?", token.column);
  return new FormulaError(`unexpected ${quote(token)}`, token.column, "for a product write *, as in 2*x");
}

function choice(state: ParserState): SyntaxTree {
  const condition = comparison(state);
  const question = take(state, "?");
  if (question === undefined) return condition;
  const yes = nested(state, choice);
  expect(state, ":", `the ? in column ${question.column} needs a :`);
  return node(state, { kind: "choose", condition, yes, no: nested(state, choice) }, question);
}

function comparison(state: ParserState): SyntaxTree {
  const left = sum(state);
  const operator = peek(state);
  if (!COMPARISONS.has(operator.text)) return left;
  state.next++;
  const tree = node(state, { kind: "binary", operator: operator.text as BinaryOperator, left, right: sum(state) }, operator);
  const second = peek(state);
  if (COMPARISONS.has(second.text)) {
    throw new FormulaError("comparisons cannot be chained", second.column, "multiply two of them: (0.2 < x)*(x < 0.8)");
  }
  return tree;
}

function sum(state: ParserState): SyntaxTree {
  return leftAssociative(state, ["+", "-"], product);
}

function product(state: ParserState): SyntaxTree {
  return leftAssociative(state, ["*", "/"], signed);
}

function leftAssociative(state: ParserState, operators: readonly BinaryOperator[], operand: (state: ParserState) => SyntaxTree): SyntaxTree {
  let left = operand(state);
  for (;;) {
    const token = peek(state);
    const operator = operators.find((symbol) => symbol === token.text);
    if (operator === undefined) return left;
    state.next++;
    left = node(state, { kind: "binary", operator, left, right: operand(state) }, token);
  }
}

function signed(state: ParserState): SyntaxTree {
  const minus = take(state, "-");
  if (minus !== undefined) return node(state, { kind: "negate", operand: nested(state, signed) }, minus);
  return take(state, "+") === undefined ? power(state) : nested(state, signed);
}

function power(state: ParserState): SyntaxTree {
  const left = primary(state);
  const hat = take(state, "^");
  return hat === undefined ? left : node(state, { kind: "binary", operator: "^", left, right: nested(state, signed) }, hat);
}

function primary(state: ParserState): SyntaxTree {
  const token = peek(state);
  state.next++;
  if (token.kind === "number") return node(state, { kind: "number", value: Number(token.text) }, token);
  if (token.kind === "name") return peek(state).text === "(" ? call(state, token) : variable(state, token);
  if (token.text !== "(") throw new FormulaError(`expected a number, a name or a bracket, got ${quote(token)}`, token.column);
  const inner = nested(state, choice);
  expect(state, ")", `the bracket in column ${token.column} is not closed`);
  return inner;
}

function variable(state: ParserState, token: Token): SyntaxTree {
  if (state.names.has(token.text)) return node(state, { kind: "variable", name: token.text }, token);
  if (formulaFunctions.has(token.text)) throw new FormulaError(`the function ${token.text} needs its arguments in brackets`, token.column);
  const allowed = `names allowed here: ${[...state.names].join(", ")}`;
  if (Object.hasOwn(state.unavailable, token.text)) {
    throw new FormulaError(`${token.text} is not available here: ${state.unavailable[token.text]}`, token.column, allowed);
  }
  const near = nearestName(token.text, state.names);
  const hint = near === undefined ? allowed : `did you mean ${near}? ${allowed}`;
  throw new FormulaError(`unknown name "${token.text}"`, token.column, token.text === "e" ? `write exp(1); ${allowed}` : hint);
}

function call(state: ParserState, token: Token): SyntaxTree {
  const target = formulaFunctions.get(token.text);
  if (target === undefined) throw unknownFunction(state, token);
  state.next++;
  const args: SyntaxTree[] = [];
  if (take(state, ")") === undefined) {
    do args.push(nested(state, choice));
    while (take(state, ",") !== undefined);
    expect(state, ")", `the bracket of ${token.text} in column ${token.column} is not closed`);
  }
  if (!acceptsArguments(target, args.length)) {
    throw new FormulaError(`${token.text} takes ${target.arity} argument${target.arity === 1 ? "" : "s"}, got ${args.length}`, token.column);
  }
  return node(state, { kind: "call", name: token.text, args }, token);
}

function unknownFunction(state: ParserState, token: Token): FormulaError {
  if (state.names.has(token.text)) return new FormulaError(`${token.text} is not a function`, token.column, "for a product write *");
  const near = nearestName(token.text, formulaFunctions.keys());
  const known = `functions: ${[...formulaFunctions.keys()].join(", ")}`;
  return new FormulaError(`unknown function "${token.text}"`, token.column, near === undefined ? known : `did you mean ${near}? ${known}`);
}

function peek(state: ParserState): Token {
  return state.tokens[state.next] ?? state.tokens.at(-1)!;
}

function take(state: ParserState, symbol: string): Token | undefined {
  const token = peek(state);
  if (token.kind !== "symbol" || token.text !== symbol) return undefined;
  state.next++;
  return token;
}

function expect(state: ParserState, symbol: string, hint: string): void {
  const token = peek(state);
  if (take(state, symbol) === undefined) throw new FormulaError(`expected "${symbol}", got ${quote(token)}`, token.column, hint);
}

function nested(state: ParserState, parse: (state: ParserState) => SyntaxTree): SyntaxTree {
  if (++state.depth > MAX_FORMULA_DEPTH) {
    throw new FormulaError("nested too deeply", peek(state).column, `at most ${MAX_FORMULA_DEPTH} levels of brackets, signs and powers`);
  }
  const tree = parse(state);
  state.depth--;
  return tree;
}

function node(state: ParserState, tree: SyntaxTree, token: Token): SyntaxTree {
  if (++state.nodes > MAX_FORMULA_NODES) {
    throw new FormulaError("too long", token.column, `at most ${MAX_FORMULA_NODES} numbers, names and operators`);
  }
  return tree;
}

function quote(token: Token): string {
  return token.kind === "end" ? token.text : `"${token.text}"`;
}
