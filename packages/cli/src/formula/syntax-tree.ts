/** Operators with two operands; comparisons yield 0 or 1. */
export type BinaryOperator = "+" | "-" | "*" | "/" | "^" | ComparisonOperator;

/** Operators whose value is 0 or 1. */
export type ComparisonOperator = "<" | "<=" | ">" | ">=" | "==" | "!=";

/** A parsed formula. */
export type SyntaxTree =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "negate"; readonly operand: SyntaxTree }
  | { readonly kind: "binary"; readonly operator: BinaryOperator; readonly left: SyntaxTree; readonly right: SyntaxTree }
  | { readonly kind: "choose"; readonly condition: SyntaxTree; readonly yes: SyntaxTree; readonly no: SyntaxTree }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly SyntaxTree[] };
