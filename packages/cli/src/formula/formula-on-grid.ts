import { COORDINATES, type Formula, type FormulaPoint } from "./compile-formula.js";
import type { SyntaxTree } from "./syntax-tree.js";

/** Values at all points of a grid (stride 1), or one value for all of them (stride 0). */
interface Column {
  readonly data: Float64Array;
  readonly stride: 0 | 1;
}

/** Writes coordinates of a point of the grid. */
export type LocatePoint = (index: number, point: FormulaPoint) => void;

/**
 * out ← values of a formula at all points at a time, again and again: what does not depend on time is evaluated once, what does not depend on the place
 * once a time, and the rest operation by operation over all points. Every point sees the operations of `Formula.evaluate` in their order, and so the same bits.
 *
 * Storage: one state for each operation whose value depends on place and time, and for each of its operands that depends on the place only.
 */
export function formulaOnGrid(formula: Formula, points: number, locate: LocatePoint): (time: number, out: Float64Array) => void {
  const column = columnOf(formula.part(formula.tree), { points, locate, part: formula.part });
  return (time, out) => {
    const { data, stride } = column(time);
    if (stride === 1) out.set(data);
    else out.fill(data[0]);
  };
}

interface Grid {
  readonly points: number;
  readonly locate: LocatePoint;
  readonly part: Formula["part"];
}

function columnOf({ tree, coordinates, evaluate }: ReturnType<Formula["part"]>, grid: Grid): (time: number) => Column {
  const inTime = coordinates.has("t");
  const inPlace = coordinates.size > (inTime ? 1 : 0);
  const point = new Float64Array(COORDINATES.length);
  if (!inPlace) {
    const column: Column = { data: new Float64Array(1), stride: 0 };
    return (time) => {
      point[3] = time;
      column.data[0] = evaluate(point);
      return column;
    };
  }
  const column: Column = { data: new Float64Array(grid.points), stride: 1 };
  if (inTime) return combined(tree, column, grid);
  for (let i = 0; i < grid.points; i++) {
    grid.locate(i, point);
    column.data[i] = evaluate(point);
  }
  return () => column;
}

/** An operation on columns of its operands. */
function combined(tree: SyntaxTree, column: Column, grid: Grid): (time: number) => Column {
  const operands = operandsOf(tree).map((operand) => columnOf(grid.part(operand), grid));
  const names = operands.map((_, k) => `operand ${k}`);
  const { data } = column;
  const loop = tree.kind === "binary" ? LOOPS[tree.operator] : undefined;
  const { evaluate } = grid.part(withOperands(tree, names), names);
  const values = new Float64Array(operands.length);
  return (time) => {
    const columns = operands.map((operand) => operand(time));
    if (loop) loop(columns[0], columns[1], data);
    else {
      for (let i = 0; i < data.length; i++) {
        for (let k = 0; k < columns.length; k++) values[k] = columns[k].data[i * columns[k].stride];
        data[i] = evaluate(values);
      }
    }
    return column;
  };
}

type Loop = (left: Column, right: Column, out: Float64Array) => void;

/** The operations that most formulas consist of. */
const LOOPS: Readonly<Partial<Record<string, Loop>>> = {
  "+": (left, right, out) => {
    for (let i = 0; i < out.length; i++) out[i] = left.data[i * left.stride] + right.data[i * right.stride];
  },
  "-": (left, right, out) => {
    for (let i = 0; i < out.length; i++) out[i] = left.data[i * left.stride] - right.data[i * right.stride];
  },
  "*": (left, right, out) => {
    for (let i = 0; i < out.length; i++) out[i] = left.data[i * left.stride] * right.data[i * right.stride];
  },
};

function operandsOf(tree: SyntaxTree): readonly SyntaxTree[] {
  switch (tree.kind) {
    case "negate":
      return [tree.operand];
    case "binary":
      return [tree.left, tree.right];
    case "choose":
      return [tree.condition, tree.yes, tree.no];
    case "call":
      return tree.args;
    default:
      return [];
  }
}

/** The same operation on variables. */
function withOperands(tree: SyntaxTree, names: readonly string[]): SyntaxTree {
  const [first, second, third] = names.map((name): SyntaxTree => ({ kind: "variable", name }));
  switch (tree.kind) {
    case "negate":
      return { ...tree, operand: first };
    case "binary":
      return { ...tree, left: first, right: second };
    case "choose":
      return { ...tree, condition: first, yes: second, no: third };
    case "call":
      return { ...tree, args: names.map((name): SyntaxTree => ({ kind: "variable", name })) };
    default:
      return tree;
  }
}
