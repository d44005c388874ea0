import fc from "fast-check";
import { compileFormula } from "../dist/formula/compile-formula.js";
import { FormulaError } from "../dist/formula/formula-error.js";
import { formulaFunctions } from "../dist/formula/formula-functions.js";
import type { BinaryOperator, SyntaxTree } from "../dist/formula/syntax-tree.js";

const scope = { coordinates: ["x", "y", "t"] as const, parameters: { a: 0.75, b_2: -2 } };
const values: Readonly<Record<string, number>> = { x: 0.3, y: -1.25, t: 2, pi: Math.PI, ...scope.parameters };
const point = Float64Array.of(0.3, -1.25, 0, 2);

const OPERATORS: readonly BinaryOperator[] = ["+", "-", "*", "/", "^", "<", "<=", ">", ">=", "==", "!="];

/** Random syntax trees, independent of the parser. */
const trees: fc.Arbitrary<SyntaxTree> = fc.letrec<{ tree: SyntaxTree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.double({ min: 0, max: 1e6, noNaN: true }).map((value): SyntaxTree => ({ kind: "number", value })),
    fc.constantFrom(...Object.keys(values)).map((name): SyntaxTree => ({ kind: "variable", name })),
    tie("tree").map((operand): SyntaxTree => ({ kind: "negate", operand })),
    fc.tuple(fc.constantFrom(...OPERATORS), tie("tree"), tie("tree")).map(([operator, left, right]): SyntaxTree => ({ kind: "binary", operator, left, right })),
    fc.tuple(tie("tree"), tie("tree"), tie("tree")).map(([condition, yes, no]): SyntaxTree => ({ kind: "choose", condition, yes, no })),
    fc.tuple(fc.constantFrom(...formulaFunctions.keys()), tie("tree"), tie("tree")).map(([name, first, second]): SyntaxTree => {
      const args = formulaFunctions.get(name)!.arity === 1 ? [first] : [first, second];
      return { kind: "call", name, args };
    }),
  ),
})).tree;

/** Fully bracketed text of a tree. */
function fullText(tree: SyntaxTree): string {
  switch (tree.kind) {
    case "number":
      return String(tree.value);
    case "variable":
      return tree.name;
    case "negate":
      return `(-${fullText(tree.operand)})`;
    case "binary":
      return `(${fullText(tree.left)} ${tree.operator} ${fullText(tree.right)})`;
    case "choose":
      return `(${fullText(tree.condition)} ? ${fullText(tree.yes)} : ${fullText(tree.no)})`;
    case "call":
      return `${tree.name}(${tree.args.map(fullText).join(", ")})`;
  }
}

/** Binding strength of the outermost operator. */
function strength(tree: SyntaxTree): number {
  if (tree.kind === "choose") return 0;
  if (tree.kind === "negate") return 4;
  if (tree.kind !== "binary") return 6;
  return { "+": 2, "-": 2, "*": 3, "/": 3, "^": 5 }[tree.operator as string] ?? 1;
}

/** Text with brackets only where the grammar needs them. */
function sparseText(tree: SyntaxTree): string {
  const inside = (child: SyntaxTree, least: number): string => (strength(child) >= least ? sparseText(child) : `(${sparseText(child)})`);
  switch (tree.kind) {
    case "negate":
      return `-${inside(tree.operand, 4)}`;
    case "binary": {
      const own = strength(tree);
      if (tree.operator === "^") return `${inside(tree.left, 6)}^${inside(tree.right, 4)}`;
      if (own === 1) return `${inside(tree.left, 2)}${tree.operator}${inside(tree.right, 2)}`;
      return `${inside(tree.left, own)}${tree.operator}${inside(tree.right, own + 1)}`;
    }
    case "choose":
      return `${inside(tree.condition, 1)}?${sparseText(tree.yes)}:${sparseText(tree.no)}`;
    case "call":
      return `${tree.name}(${tree.args.map(sparseText).join(",")})`;
    default:
      return fullText(tree);
  }
}

/** Evaluates a tree directly. */
function reference(tree: SyntaxTree): number {
  switch (tree.kind) {
    case "number":
      return tree.value;
    case "variable":
      return values[tree.name]!;
    case "negate":
      return -reference(tree.operand);
    case "call":
      return formulaFunctions.get(tree.name)!.evaluate(...tree.args.map(reference));
    case "choose": {
      const condition = reference(tree.condition);
      return Number.isNaN(condition) ? NaN : condition !== 0 ? reference(tree.yes) : reference(tree.no);
    }
    case "binary":
      return referenceBinary(tree.operator, reference(tree.left), reference(tree.right));
  }
}

function referenceBinary(operator: BinaryOperator, a: number, b: number): number {
  const arithmetic: Readonly<Record<string, number>> = { "+": a + b, "-": a - b, "*": a * b, "/": a / b, "^": Math.pow(a, b) };
  const comparison: Readonly<Record<string, boolean>> = { "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b, "==": a === b, "!=": a !== b };
  return arithmetic[operator] ?? Number(comparison[operator]);
}

test.each([
  ["fully bracketed", fullText],
  ["sparsely bracketed", sparseText],
])("random formulas, %s, have the value of a direct evaluation", (_name, textOf) => {
  fc.assert(
    fc.property(trees, (tree) => {
      const text = textOf(tree);
      fc.pre(text.length <= 4096);
      expect(compileFormula(text, scope).evaluate(point)).toBe(reference(tree));
    }),
    { numRuns: 1500 },
  );
});

test("random text is a formula or a FormulaError with a column inside of the text, never anything else", () => {
  const pieces = fc.constantFrom("x", "sin", "(", ")", "+", "-", "*", "/", "^", "?", ":", "<", "==", "1", "2.5e-3", ".", ",", " ", "q", "'", "π", "constructor", "__proto__", "!");
  const texts = fc.oneof(fc.string({ unit: "binary" }), fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join("")));
  fc.assert(
    fc.property(texts, (text) => {
      try {
        compileFormula(text, scope).evaluate(point);
      } catch (error) {
        expect(error).toBeInstanceOf(FormulaError);
        expect((error as FormulaError).column).toBeGreaterThanOrEqual(1);
        expect((error as FormulaError).column).toBeLessThanOrEqual(text.length + 1);
      }
    }),
    { numRuns: 3000 },
  );
});
