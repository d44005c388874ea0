import { add, mul, splat } from "./lanes";

// C ← α A B + β C on row-major or transposed operands: an entry (i, j) is at i·row + j·column bytes. C's columns are adjacent.
// Every entry of C is the sum of its products in the order of the inner index, in parts of DEPTH, whatever path computes it: rows of C
// have the same bits in whatever matrix they come. β = 0 does not read C.

/** Rows and columns of a tile that is kept in registers. */
const TILE: usize = 4;
/** Inner entries whose sum is added to C at once. */
const DEPTH: usize = 256;
/** Rows of A and columns of B that are packed at once: 128 KiB and 1 MiB. */
const ROWS: usize = 64;
const COLUMNS: usize = 512;
/** Products of at most so many multiplications are not packed. */
const SMALL: usize = 40000;

/** Doubles of work space: packed A, packed B, a tile. */
export function matrixProductWork(): usize {
  return DEPTH * (ROWS + COLUMNS) + TILE * TILE;
}

export function matrixProduct(m: usize, n: usize, k: usize, a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, bColumn: usize, c: usize, cRow: usize, alpha: f64, beta: f64, work: usize): void {
  if (k == 0) return scaleRows(m, n, c, cRow, beta);
  const packed = m * n * k > SMALL;
  for (let p: usize = 0; p < k; p += DEPTH) {
    const depth = min(DEPTH, k - p), factor = p == 0 ? beta : 1;
    if (packed) packedProduct(m, n, depth, a + p * aColumn, aRow, aColumn, b + p * bRow, bRow, bColumn, c, cRow, alpha, factor, work);
    else directProduct(m, n, depth, a + p * aColumn, aRow, aColumn, b + p * bRow, bRow, bColumn, c, cRow, alpha, factor, work);
  }
}

/** The same product for `count` triples of matrices, whose addresses the table holds as u32: a, b, c of each. */
export function matrixProducts(count: usize, table: usize, m: usize, n: usize, k: usize, aRow: usize, aColumn: usize, bRow: usize, bColumn: usize, cRow: usize, alpha: f64, beta: f64, work: usize): void {
  for (const end = table + 12 * count; table != end; table += 12) {
    matrixProduct(m, n, k, <usize>load<u32>(table), aRow, aColumn, <usize>load<u32>(table, 4), bRow, bColumn, <usize>load<u32>(table, 8), cRow, alpha, beta, work);
  }
}

function scaleRows(m: usize, n: usize, c: usize, cRow: usize, beta: f64): void {
  for (let i: usize = 0; i < m; i++, c += cRow) {
    for (let j: usize = 0; j < n; j++) store<f64>(c + 8 * j, beta == 0 ? 0 : beta * load<f64>(c + 8 * j));
  }
}

function packedProduct(m: usize, n: usize, depth: usize, a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, bColumn: usize, c: usize, cRow: usize, alpha: f64, beta: f64, work: usize): void {
  const packedA = work, packedB = work + 8 * DEPTH * ROWS, scratch = packedB + 8 * DEPTH * COLUMNS;
  for (let j: usize = 0; j < n; j += COLUMNS) {
    const columns = min(COLUMNS, n - j);
    packPanels(columns, depth, b + j * bColumn, bColumn, bRow, packedB);
    for (let i: usize = 0; i < m; i += ROWS) {
      const rows = min(ROWS, m - i);
      packPanels(rows, depth, a + i * aRow, aRow, aColumn, packedA);
      packedTiles(rows, columns, depth, packedA, packedB, c + i * cRow + 8 * j, cRow, alpha, beta, scratch);
    }
  }
}

/** Panels of four lines side by side, [panel][depth][4]; lines that do not exist are zero. A line is `line` bytes from the next, its entries `entry` bytes. */
function packPanels(lines: usize, depth: usize, from: usize, line: usize, entry: usize, to: usize): void {
  for (let l: usize = 0; l < lines; l += TILE) {
    const count = min(TILE, lines - l);
    if (count == TILE) {
      for (let p: usize = 0, x = from; p < depth; p++, x += entry, to += 32) {
        store<f64>(to, load<f64>(x));
        store<f64>(to, load<f64>(x + line), 8);
        store<f64>(to, load<f64>(x + 2 * line), 16);
        store<f64>(to, load<f64>(x + 3 * line), 24);
      }
    } else {
      for (let p: usize = 0, x = from; p < depth; p++, x += entry, to += 32) {
        for (let q: usize = 0; q < TILE; q++) store<f64>(to + 8 * q, q < count ? load<f64>(x + q * line) : 0);
      }
    }
    from += TILE * line;
  }
}

function packedTiles(m: usize, n: usize, depth: usize, a: usize, b: usize, c: usize, cRow: usize, alpha: f64, beta: f64, scratch: usize): void {
  const panel = 32 * depth;
  for (let j: usize = 0; j < n; j += TILE, b += panel) {
    let panelA = a;
    for (let i: usize = 0; i < m; i += TILE, panelA += panel) {
      packedTile(depth, panelA, b, c + i * cRow + 8 * j, cRow, min(TILE, m - i), min(TILE, n - j), alpha, beta, scratch);
    }
  }
}

function packedTile(depth: usize, a: usize, b: usize, c: usize, cRow: usize, rows: usize, columns: usize, alpha: f64, beta: f64, scratch: usize): void {
  let c00 = splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  for (const end = a + 32 * depth; a != end; a += 32, b += 32) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    const a0 = v128.load64_splat(a);
    c00 = add(c00, mul(a0, b0));
    c01 = add(c01, mul(a0, b1));
    const a1 = v128.load64_splat(a, 8);
    c10 = add(c10, mul(a1, b0));
    c11 = add(c11, mul(a1, b1));
    const a2 = v128.load64_splat(a, 16);
    c20 = add(c20, mul(a2, b0));
    c21 = add(c21, mul(a2, b1));
    const a3 = v128.load64_splat(a, 24);
    c30 = add(c30, mul(a3, b0));
    c31 = add(c31, mul(a3, b1));
  }
  updateTile(c, cRow, rows, columns, alpha, beta, scratch, c00, c01, c10, c11, c20, c21, c30, c31);
}

function directProduct(m: usize, n: usize, depth: usize, a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, bColumn: usize, c: usize, cRow: usize, alpha: f64, beta: f64, work: usize): void {
  const scratch = work;
  for (let j: usize = 0; j < n; j += TILE) {
    const columns = min(TILE, n - j);
    const adjacent = bColumn == 8 && columns == TILE;
    for (let i: usize = 0; i < m; i += TILE) {
      const tileA = a + i * aRow, tileB = b + j * bColumn, tileC = c + i * cRow + 8 * j, rows = min(TILE, m - i);
      if (adjacent) adjacentTile(depth, tileA, aRow, aColumn, tileB, bRow, tileC, cRow, rows, alpha, beta, scratch);
      else stridedTile(depth, tileA, aRow, aColumn, tileB, bRow, bColumn, tileC, cRow, rows, columns, alpha, beta, scratch);
    }
  }
}

/** Rows that do not exist repeat the last one. */
function adjacentTile(depth: usize, a0: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, c: usize, cRow: usize, rows: usize, alpha: f64, beta: f64, scratch: usize): void {
  let a1 = a0 + min(1, rows - 1) * aRow, a2 = a0 + min(2, rows - 1) * aRow, a3 = a0 + min(3, rows - 1) * aRow;
  let c00 = splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  for (const end = b + depth * bRow; b != end; b += bRow, a0 += aColumn, a1 += aColumn, a2 += aColumn, a3 += aColumn) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    const x0 = v128.load64_splat(a0), x1 = v128.load64_splat(a1), x2 = v128.load64_splat(a2), x3 = v128.load64_splat(a3);
    c00 = add(c00, mul(x0, b0));
    c01 = add(c01, mul(x0, b1));
    c10 = add(c10, mul(x1, b0));
    c11 = add(c11, mul(x1, b1));
    c20 = add(c20, mul(x2, b0));
    c21 = add(c21, mul(x2, b1));
    c30 = add(c30, mul(x3, b0));
    c31 = add(c31, mul(x3, b1));
  }
  updateTile(c, cRow, rows, TILE, alpha, beta, scratch, c00, c01, c10, c11, c20, c21, c30, c31);
}

/** The same where columns of B are apart or fewer than four: those that do not exist repeat the last one. */
function stridedTile(depth: usize, a0: usize, aRow: usize, aColumn: usize, b0: usize, bRow: usize, bColumn: usize, c: usize, cRow: usize, rows: usize, columns: usize, alpha: f64, beta: f64, scratch: usize): void {
  let a1 = a0 + min(1, rows - 1) * aRow, a2 = a0 + min(2, rows - 1) * aRow, a3 = a0 + min(3, rows - 1) * aRow;
  let b1 = b0 + min(1, columns - 1) * bColumn, b2 = b0 + min(2, columns - 1) * bColumn, b3 = b0 + min(3, columns - 1) * bColumn;
  let c00 = splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  for (let p: usize = 0; p < depth; p++) {
    const y0 = v128.load64_lane(b1, v128.load64_zero(b0), 1), y1 = v128.load64_lane(b3, v128.load64_zero(b2), 1);
    const x0 = v128.load64_splat(a0), x1 = v128.load64_splat(a1), x2 = v128.load64_splat(a2), x3 = v128.load64_splat(a3);
    c00 = add(c00, mul(x0, y0));
    c01 = add(c01, mul(x0, y1));
    c10 = add(c10, mul(x1, y0));
    c11 = add(c11, mul(x1, y1));
    c20 = add(c20, mul(x2, y0));
    c21 = add(c21, mul(x2, y1));
    c30 = add(c30, mul(x3, y0));
    c31 = add(c31, mul(x3, y1));
    a0 += aColumn;
    a1 += aColumn;
    a2 += aColumn;
    a3 += aColumn;
    b0 += bRow;
    b1 += bRow;
    b2 += bRow;
    b3 += bRow;
  }
  updateTile(c, cRow, rows, columns, alpha, beta, scratch, c00, c01, c10, c11, c20, c21, c30, c31);
}

/** Four entries of C ← α sum + β C. */
// @ts-ignore: decorator
@inline
function updateRow(c: usize, sum0: v128, sum1: v128, alpha: f64, beta: f64): void {
  let value0 = mul(splat(alpha), sum0), value1 = mul(splat(alpha), sum1);
  if (beta != 0) {
    value0 = add(value0, mul(splat(beta), v128.load(c)));
    value1 = add(value1, mul(splat(beta), v128.load(c, 16)));
  }
  v128.store(c, value0);
  v128.store(c, value1, 16);
}

/** C ← α sums + β C on a tile, of which `rows` and `columns` exist. */
// @ts-ignore: decorator
@inline
function updateTile(c: usize, cRow: usize, rows: usize, columns: usize, alpha: f64, beta: f64, scratch: usize, c00: v128, c01: v128, c10: v128, c11: v128, c20: v128, c21: v128, c30: v128, c31: v128): void {
  if (rows == TILE && columns == TILE) {
    updateRow(c, c00, c01, alpha, beta);
    updateRow(c + cRow, c10, c11, alpha, beta);
    updateRow(c + 2 * cRow, c20, c21, alpha, beta);
    updateRow(c + 3 * cRow, c30, c31, alpha, beta);
    return;
  }
  v128.store(scratch, c00);
  v128.store(scratch, c01, 16);
  v128.store(scratch, c10, 32);
  v128.store(scratch, c11, 48);
  v128.store(scratch, c20, 64);
  v128.store(scratch, c21, 80);
  v128.store(scratch, c30, 96);
  v128.store(scratch, c31, 112);
  updateEdge(scratch, c, cRow, rows, columns, alpha, beta);
}

/** The entries of a tile that exist, C ← α sum + β C. */
function updateEdge(scratch: usize, c: usize, cRow: usize, rows: usize, columns: usize, alpha: f64, beta: f64): void {
  for (let i: usize = 0; i < rows; i++, scratch += 32, c += cRow) {
    for (let j: usize = 0; j < columns; j++) {
      const value = alpha * load<f64>(scratch + 8 * j);
      store<f64>(c + 8 * j, beta != 0 ? value + beta * load<f64>(c + 8 * j) : value);
    }
  }
}
