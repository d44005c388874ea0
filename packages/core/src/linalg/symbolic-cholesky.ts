import { requireArgument } from "../errors.js";
import type { CsrArrays } from "./csr-matrix.js";
import { amalgamatedSupernodes, type EliminationTree } from "./supernode-amalgamation.js";

/**
 * The pattern of the Cholesky factor of P A Pᵀ, by supernodes: runs of columns with (nearly) the same rows below them.
 *
 * Supernode s owns the columns firstColumn[s] … firstColumn[s+1] − 1 (width w) and is stored as one dense panel, row by row with w
 * doubles a row, from panelPointers[s] on. Its row numbers, own columns first, ascending, are rows[rowPointers[s] … rowPointers[s+1] − 1].
 */
export interface SymbolicCholesky {
  readonly size: number;
  /** order[k] = the unknown eliminated k-th: the given order, rearranged without change of fill so that the columns of a supernode are neighbours. */
  readonly order: Int32Array;
  readonly supernodes: number;
  readonly firstColumn: Int32Array;
  readonly supernodeOf: Int32Array;
  readonly rowPointers: Int32Array;
  readonly rows: Int32Array;
  readonly panelPointers: Int32Array;
  /** Entry e of the lower triangle of P A Pᵀ: values[entrySources[e]] belongs to panel position entryTargets[e]. */
  readonly entrySources: Int32Array;
  readonly entryTargets: Int32Array;
  /** Panel position of the k-th pivot. */
  readonly pivots: Int32Array;
  /** nnz(L), diagonal included. */
  readonly nonzeros: number;
  /** Doubles of one numeric factor: Σ width × rows of the supernodes = nnz(L) + stored zeros + unused upper triangles of diagonal blocks. */
  readonly doubles: number;
}

/**
 * Analyses the pattern of a symmetric matrix once; every numeric factorisation of A + σI shares the result.
 *
 * `order`: the elimination order, a permutation (natural if left out). Cost: O(nnz(L)) time, O(nnz(A) + rows of supernodes) memory.
 * Errors: `InvalidArgumentError` if A is not square or `order` is not a permutation.
 */
export function symbolicCholesky(matrix: CsrArrays, order: Int32Array = naturalOrder(matrix.rows)): SymbolicCholesky {
  const tree = eliminationTree({ matrix, order, inverse: inverseOrder(matrix, order) });
  const { columns, firstColumn } = amalgamatedSupernodes(tree);
  const grouped = gathered(order, columns);
  const pattern: OrderedPattern = { matrix, order: grouped, inverse: inverseOrder(matrix, grouped) };
  const counts = gathered(tree.nonzeros, columns);
  const structure = supernodeRows(pattern, counts, firstColumn);
  const nonzeros = counts.reduce((sum, count) => sum + count, 0);
  const doubles = structure.panelPointers[structure.supernodes];
  return { size: matrix.rows, order: grouped, firstColumn, nonzeros, doubles, ...structure, ...assemblyPlan(pattern, firstColumn, structure) };
}

interface OrderedPattern {
  readonly matrix: CsrArrays;
  readonly order: Int32Array;
  readonly inverse: Int32Array;
}

type SupernodeStructure = Pick<SymbolicCholesky, "supernodes" | "supernodeOf" | "rowPointers" | "rows" | "panelPointers">;

function naturalOrder(size: number): Int32Array {
  return Int32Array.from({ length: size }, (_, k) => k);
}

function gathered(values: Int32Array, indices: Int32Array): Int32Array {
  const out = new Int32Array(indices.length);
  for (let k = 0; k < out.length; k++) out[k] = values[indices[k]];
  return out;
}

function inverseOrder(matrix: CsrArrays, order: Int32Array): Int32Array {
  const inverse = new Int32Array(matrix.rows).fill(-1);
  for (let k = 0; k < order.length; k++) inverse[order[k]] = k;
  requireArgument(matrix.rows === matrix.cols && order.length === matrix.rows && !inverse.includes(-1), () => ({
    what: "elimination order",
    where: "symbolicCholesky",
    expected: "a square matrix and a permutation of its unknowns",
    got: `a ${matrix.rows} × ${matrix.cols} matrix and an order of length ${order.length}`,
  }));
  return inverse;
}

/** Elimination tree (Liu) and column counts of L in one walk over the row subtrees. */
function eliminationTree({ matrix, order, inverse }: OrderedPattern): EliminationTree {
  const parent = new Int32Array(matrix.rows).fill(-1);
  const nonzeros = new Int32Array(matrix.rows).fill(1);
  const visitedBy = new Int32Array(matrix.rows).fill(-1);
  for (let row = 0; row < matrix.rows; row++) {
    visitedBy[row] = row;
    const unknown = order[row];
    for (let p = matrix.rowPointers[unknown]; p < matrix.rowPointers[unknown + 1]; p++) {
      for (let k = inverse[matrix.columns[p]]; k < row && visitedBy[k] !== row; k = parent[k]) {
        visitedBy[k] = row;
        nonzeros[k]++;
        if (parent[k] === -1) parent[k] = row;
      }
    }
  }
  return { parent, nonzeros };
}

/** Rows of a supernode = its columns ∪ rows of A in them ∪ rows of its children below their own columns. */
function supernodeRows(pattern: OrderedPattern, counts: Int32Array, firstColumn: Int32Array): SupernodeStructure {
  const structure = emptyStructure(counts, firstColumn);
  const { supernodes, supernodeOf, rowPointers, rows } = structure;
  const firstChild = new Int32Array(supernodes).fill(-1);
  const nextSibling = new Int32Array(supernodes).fill(-1);
  const markedBy = new Int32Array(pattern.matrix.rows).fill(-1);
  let [s, past, end] = [0, 0, 0];
  const addBelow = (row: number): void => {
    if (row < past || markedBy[row] === s) return;
    markedBy[row] = s;
    rows[end++] = row;
  };
  for (; s < supernodes; s++) {
    const first = firstColumn[s];
    past = firstColumn[s + 1];
    end = rowPointers[s];
    for (let j = first; j < past; j++) rows[end++] = j;
    const below = end;
    for (let j = first; j < past; j++) forEachNeighbour(pattern, j, addBelow);
    for (let child = firstChild[s]; child >= 0; child = nextSibling[child]) {
      for (let p = rowPointers[child]; p < rowPointers[child + 1]; p++) addBelow(rows[p]);
    }
    if (below === end) continue;
    rows.subarray(below, end).sort();
    const parent = supernodeOf[rows[below]];
    nextSibling[s] = firstChild[parent];
    firstChild[parent] = s;
  }
  return structure;
}

function emptyStructure(counts: Int32Array, firstColumn: Int32Array): SupernodeStructure {
  const supernodes = firstColumn.length - 1;
  const supernodeOf = new Int32Array(counts.length);
  const rowPointers = new Int32Array(supernodes + 1);
  const panelPointers = new Int32Array(supernodes + 1);
  for (let s = 0; s < supernodes; s++) {
    const first = firstColumn[s];
    const past = firstColumn[s + 1];
    supernodeOf.fill(s, first, past);
    const height = past - first + counts[past - 1] - 1;
    rowPointers[s + 1] = rowPointers[s] + height;
    panelPointers[s + 1] = panelPointers[s] + height * (past - first);
  }
  return { supernodes, supernodeOf, rowPointers, panelPointers, rows: new Int32Array(rowPointers[supernodes]) };
}

function forEachNeighbour({ matrix, order, inverse }: OrderedPattern, k: number, visit: (row: number, entry: number) => void): void {
  const unknown = order[k];
  for (let p = matrix.rowPointers[unknown]; p < matrix.rowPointers[unknown + 1]; p++) visit(inverse[matrix.columns[p]], p);
}

/** Where each entry of the lower triangle of A goes, so that assembling A + σI is one loop. */
function assemblyPlan(pattern: OrderedPattern, firstColumn: Int32Array, structure: SupernodeStructure) {
  const { rows: size, values } = pattern.matrix;
  const [sources, targets] = [new Int32Array(values.length), new Int32Array(values.length)];
  const [pivots, panelRow] = [new Int32Array(size), new Int32Array(size)];
  let [entries, column, place] = [0, 0, 0];
  const addEntry = (row: number, entry: number): void => {
    if (row < column) return;
    sources[entries] = entry;
    targets[entries++] = panelRow[row] + place;
  };
  for (let s = 0; s < structure.supernodes; s++) {
    const first = firstColumn[s];
    const width = firstColumn[s + 1] - first;
    const start = structure.rowPointers[s];
    for (let p = start; p < structure.rowPointers[s + 1]; p++) panelRow[structure.rows[p]] = structure.panelPointers[s] + (p - start) * width;
    for (place = 0; place < width; place++) {
      column = first + place;
      pivots[column] = panelRow[column] + place;
      forEachNeighbour(pattern, column, addEntry);
    }
  }
  return { entrySources: sources.slice(0, entries), entryTargets: targets.slice(0, entries), pivots };
}
