import { formulaFunctions } from "./formula-functions.js";
import { parseFormula } from "./parse-formula.js";
import type { BinaryOperator, SyntaxTree } from "./syntax-tree.js";

/** Independent variables of formulas, in the order of `FormulaPoint`. */
export const COORDINATES = ["x", "y", "z", "t"] as const;
/** One of `COORDINATES`. */
export type Coordinate = (typeof COORDINATES)[number];

/** Values of x, y, z, t, in this order. */
export type FormulaPoint = Float64Array;

/** A formula ready to be evaluated. */
export interface Formula {
  readonly text: string;
  /** Which of x, y, z, t it really uses. */
  readonly coordinates: ReadonlySet<Coordinate>;
  evaluate(point: FormulaPoint): number;
  readonly tree: SyntaxTree;
  /** A part of the formula; `variables` stand for others than the coordinates, in the order of their values. */
  part(tree: SyntaxTree, variables?: readonly string[]): FormulaPart;
}

/** A part of a formula that can be evaluated by itself. */
export type FormulaPart = Pick<Formula, "tree" | "coordinates" | "evaluate">;

/** What a formula may use. */
export interface FormulaScope {
  readonly coordinates: readonly Coordinate[];
  readonly parameters: Readonly<Record<string, number>>;
  /** Why a coordinate is not among `coordinates`, for the message. */
  readonly unavailable?: Readonly<Partial<Record<Coordinate, string>>>;
}

type Evaluator = (point: FormulaPoint) => number;

/** Parses and compiles to closures (never to program text). Throws `FormulaError`. */
export function compileFormula(text: string, { coordinates, parameters, unavailable = {} }: FormulaScope): Formula {
  const constants = new Map<string, number>([["pi", Math.PI], ...Object.entries(parameters)]);
  const tree = parseFormula(text, [...coordinates, ...constants.keys()], unavailable);
  const part = (of: SyntaxTree, variables: readonly string[] = COORDINATES): FormulaPart => {
    const used = new Set<Coordinate>();
    const evaluate = compile(of, (name) => {
      const value = constants.get(name);
      if (value !== undefined) return () => value;
      const index = variables.indexOf(name);
      used.add(name as Coordinate);
      return (point) => point[index]!;
    });
    return { tree: of, coordinates: used, evaluate };
  };
  return { text, part, ...part(tree) };
}

/** A number as a formula. */
export function constantFormula(value: number): Formula {
  const tree: SyntaxTree = { kind: "number", value };
  const whole: FormulaPart = { tree, coordinates: new Set<Coordinate>(), evaluate: () => value };
  return { text: String(value), part: () => whole, ...whole };
}

function compile(tree: SyntaxTree, variable: (name: string) => Evaluator): Evaluator {
  switch (tree.kind) {
    case "number": {
      const { value } = tree;
      return () => value;
    }
    case "variable":
      return variable(tree.name);
    case "negate": {
      const operand = compile(tree.operand, variable);
      return (point) => -operand(point);
    }
    case "binary":
      return binary(tree.operator, compile(tree.left, variable), compile(tree.right, variable));
    case "choose":
      return choose(compile(tree.condition, variable), compile(tree.yes, variable), compile(tree.no, variable));
    case "call":
      return call(tree.name, tree.args.map((arg) => compile(arg, variable)));
  }
}

/** Only the chosen branch is evaluated; a condition that is not a number gives no number. */
function choose(condition: Evaluator, yes: Evaluator, no: Evaluator): Evaluator {
  return (point) => {
    const chosen = condition(point);
    return chosen === 0 ? no(point) : Number.isNaN(chosen) ? NaN : yes(point);
  };
}

function call(name: string, args: readonly Evaluator[]): Evaluator {
  const { evaluate } = formulaFunctions.get(name)!;
  const [first, second] = args;
  if (args.length === 1) return (point) => evaluate(first!(point));
  if (args.length === 2) return (point) => evaluate(first!(point), second!(point));
  return (point) => evaluate(...args.map((arg) => arg(point)));
}

const BINARY: Readonly<Record<BinaryOperator, (left: Evaluator, right: Evaluator) => Evaluator>> = {
  "+": (left, right) => (point) => left(point) + right(point),
  "-": (left, right) => (point) => left(point) - right(point),
  "*": (left, right) => (point) => left(point) * right(point),
  "/": (left, right) => (point) => left(point) / right(point),
  "^": (left, right) => (point) => left(point) ** right(point),
  "<": (left, right) => (point) => (left(point) < right(point) ? 1 : 0),
  "<=": (left, right) => (point) => (left(point) <= right(point) ? 1 : 0),
  ">": (left, right) => (point) => (left(point) > right(point) ? 1 : 0),
  ">=": (left, right) => (point) => (left(point) >= right(point) ? 1 : 0),
  "==": (left, right) => (point) => (left(point) === right(point) ? 1 : 0),
  "!=": (left, right) => (point) => (left(point) !== right(point) ? 1 : 0),
};

function binary(operator: BinaryOperator, left: Evaluator, right: Evaluator): Evaluator {
  return BINARY[operator](left, right);
}
