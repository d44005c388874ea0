/** Elimination tree and nonzeros of the columns of L. */
export interface EliminationTree {
  /** −1 at a root. */
  readonly parent: Int32Array;
  /** Diagonal included. */
  readonly nonzeros: Int32Array;
}

/** Columns grouped into supernodes: supernode s owns columns[firstColumn[s] … firstColumn[s+1] − 1]. */
export interface SupernodeColumns {
  readonly columns: Int32Array;
  readonly firstColumn: Int32Array;
}

/** What a supernode and a row below it cost in a solve, in entries of the factor: a flat optimum over 1 to 8 lanes, n = 63 to 255 and 3-D. */
const SUPERNODE_COST = 8;
const ROW_COST = 1.5;

/**
 * Groups the columns of L into supernodes, bottom-up: a child joins its parent where the zeros that must then be stored cost less than the
 * supernode and the rows that are saved. Columns come out in an order with the same fill: every column after its descendants.
 *
 * A child of width w and height h (own columns included) below a parent of height H: its columns become w + H entries high. Cost: O(columns).
 */
export function amalgamatedSupernodes({ parent, nonzeros }: EliminationTree): SupernodeColumns {
  const size = parent.length;
  const width = new Int32Array(size).fill(1);
  const height = Int32Array.from(nonzeros);
  const top = Int32Array.from({ length: size }, (_, j) => j);
  const children = childLists(parent);
  for (let j = 0; j < size; j++) {
    const zeros = (c: number): number => width[c] * (width[c] + height[j] - height[c]);
    const ofColumn = children(j);
    if (ofColumn.length > 1) ofColumn.sort((a, b) => zeros(a) - zeros(b));
    for (const c of ofColumn) {
      if (zeros(c) > SUPERNODE_COST + ROW_COST * (height[c] - width[c])) continue;
      width[j] += width[c];
      height[j] += width[c];
      top[c] = j;
    }
  }
  for (let j = size - 1; j >= 0; j--) top[j] = top[top[j]];
  return grouped(top, width);
}

function childLists(parent: Int32Array): (j: number) => number[] {
  const first = new Int32Array(parent.length).fill(-1);
  const next = new Int32Array(parent.length).fill(-1);
  for (let j = parent.length - 1; j >= 0; j--) {
    if (parent[j] < 0) continue;
    next[j] = first[parent[j]];
    first[parent[j]] = j;
  }
  return (j) => {
    const list: number[] = [];
    for (let c = first[j]; c >= 0; c = next[c]) list.push(c);
    return list;
  };
}

/** Supernodes by their last column, the columns of each in ascending order: `top` of a column is the last one of its supernode. */
function grouped(top: Int32Array, width: Int32Array): SupernodeColumns {
  const firstColumn: number[] = [];
  const position = new Int32Array(top.length);
  let end = 0;
  for (let j = 0; j < top.length; j++) {
    if (top[j] !== j) continue;
    firstColumn.push(end);
    position[j] = end;
    end += width[j];
  }
  const columns = new Int32Array(top.length);
  for (let j = 0; j < top.length; j++) columns[position[top[j]]++] = j;
  return { columns, firstColumn: Int32Array.from([...firstColumn, end]) };
}
