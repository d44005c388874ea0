import { add, mul, splat, sub } from "./lanes";
import { subtractRows } from "./panel-rows";

// Numeric Cholesky factorisation by supernodes, left-looking: the earlier supernodes are subtracted from a panel, then it is factored itself,
// four columns at a time. Panels hold A + σI at first, row by row, w doubles a row; the diagonal of L becomes its reciprocal; the upper
// triangles of the diagonal blocks are undefined.
//
// Pattern, in u32: addresses of firstColumn, rowPointers, panelPointers, rows, supernodeOf; then of work space: the address of each row in the
// current panel; the lists of finished supernodes (first and next, −1 at the end) by the supernode of their next untreated row; that row of
// each; a tile of 16 doubles followed by a packed block of 4 doubles a column.

/** Bytes of a row of four doubles. */
const FOUR: usize = 32;
const TILE: usize = 4 * FOUR;
const NONE: usize = 0xffffffff;

// @ts-ignore: decorator
@inline
function word(table: usize, index: usize): usize {
  return <usize>load<u32>(table + 4 * index);
}

// @ts-ignore: decorator
@inline
function setWord(table: usize, index: usize, value: usize): void {
  store<u32>(table + 4 * index, <u32>value);
}

/** packed[t] ← entries t of `count` ≤ 4 panel rows, zeros in place of the others. */
function pack(a: usize, stride: usize, count: usize, columns: usize, packed: usize): void {
  if (count == 4) {
    for (const end = a + 8 * columns; a < end; a += 8, packed += FOUR) {
      v128.store(packed, v128.load64_lane(a + stride, v128.load64_zero(a), 1));
      v128.store(packed, v128.load64_lane(a + 3 * stride, v128.load64_zero(a + 2 * stride), 1), 16);
    }
    return;
  }
  for (const end = a + 8 * columns; a < end; a += 8, packed += FOUR) {
    v128.store(packed, splat(0));
    v128.store(packed, splat(0), 16);
    for (let r: usize = 0; r < count; r++) store<f64>(packed + 8 * r, load<f64>(a + r * stride));
  }
}

/** tile ← −(four panel rows)(packed) of `rows` ≤ 4 rows from a on. */
function tileProduct(a: usize, stride: usize, rows: usize, columns: usize, tile: usize): void {
  const b = rows > 1 ? a + stride : a, c = rows > 2 ? b + stride : b, d = rows > 3 ? c + stride : c;
  memory.fill(tile, 0, TILE);
  for (let v: usize = 0; v < FOUR; v += 16) subtractRows(1, FOUR, a, b, c, d, tile + TILE + v, columns, tile + v, tile + FOUR + v, tile + 2 * FOUR + v, tile + 3 * FOUR + v);
}

// @ts-ignore: decorator
@inline
function subtractWhole(a: usize, stride: usize, packed: usize, columns: usize, ta: usize, tb: usize, tc: usize, td: usize): void {
  subtractRows(2, FOUR, a, a + stride, a + 2 * stride, a + 3 * stride, packed, columns, ta, tb, tc, td);
}

/** Current panel −= (rows `from` … of supernode d)(rows `from` … to − 1 of d)ᵀ, where those are columns of the panel. */
function subtractSupernode(pattern: usize, panels: usize, d: usize, from: usize, to: usize, firstColumn: usize): void {
  const columns = word(word(pattern, 0), d + 1) - word(word(pattern, 0), d), stride = 8 * columns;
  const start = word(word(pattern, 1), d), past = word(word(pattern, 1), d + 1);
  const rows = word(pattern, 3), panelRow = word(pattern, 5), tile = word(pattern, 9), packed = tile + TILE;
  const origin = panels + 8 * word(word(pattern, 2), d) - start * stride;
  for (let k = from; k < to; k += 4) {
    const count = min(<usize>4, to - k), column = 8 * (word(rows, k) - firstColumn);
    pack(origin + k * stride, stride, count, columns, packed);
    let i = k;
    if (count == 4 && word(rows, k + 3) - word(rows, k) == 3) {
      for (; i + 4 <= past; i += 4) {
        const ta = word(panelRow, word(rows, i)) + column, tb = word(panelRow, word(rows, i + 1)) + column;
        const tc = word(panelRow, word(rows, i + 2)) + column, td = word(panelRow, word(rows, i + 3)) + column;
        subtractWhole(origin + i * stride, stride, packed, columns, ta, tb, tc, td);
      }
    }
    for (; i < past; i += 4) {
      const height = min(<usize>4, past - i);
      tileProduct(origin + i * stride, stride, height, columns, tile);
      for (let c: usize = 0; c < count; c++) {
        const at = 8 * (word(rows, k + c) - firstColumn);
        for (let r: usize = 0; r < height; r++) {
          const target = word(panelRow, word(rows, i + r)) + at;
          store<f64>(target, load<f64>(target) + load<f64>(tile + r * FOUR + 8 * c));
        }
      }
    }
  }
}

/** Hands supernode d on to the supernode of its next untreated row. */
// @ts-ignore: decorator
@inline
function enqueue(pattern: usize, d: usize, next: usize): void {
  setWord(word(pattern, 8), d, next);
  if (next == word(word(pattern, 1), d + 1)) return;
  const target = word(word(pattern, 4), word(word(pattern, 3), next));
  setWord(word(pattern, 7), d, word(word(pattern, 6), target));
  setWord(word(pattern, 6), target, d);
}

function subtractEarlier(pattern: usize, panels: usize, s: usize): void {
  const rows = word(pattern, 3), panelRow = word(pattern, 5);
  const first = word(word(pattern, 0), s), past = word(word(pattern, 0), s + 1);
  let address = panels + 8 * word(word(pattern, 2), s);
  const end = word(word(pattern, 1), s + 1);
  for (let p = word(word(pattern, 1), s); p < end; p++, address += 8 * (past - first)) setWord(panelRow, word(rows, p), address);
  for (let d = word(word(pattern, 6), s); d != NONE; ) {
    const next = word(word(pattern, 7), d), from = word(word(pattern, 8), d), last = word(word(pattern, 1), d + 1);
    let to = from;
    while (to < last && word(rows, to) < past) to++;
    subtractSupernode(pattern, panels, d, from, to, first);
    enqueue(pattern, d, to);
    d = next;
  }
}

/** Factors the triangle of `count` ≤ 4 rows at l; hands back the row of a pivot that is not positive, or −1. */
function factorTriangle(l: usize, stride: usize, count: usize): i32 {
  for (let i: usize = 0; i < count; i++) {
    const row = l + i * stride;
    let pivot = load<f64>(row + 8 * i);
    for (let j: usize = 0; j < i; j++) {
      const other = l + j * stride;
      let sum = load<f64>(row + 8 * j);
      for (let t: usize = 0; t < j; t++) sum -= load<f64>(row + 8 * t) * load<f64>(other + 8 * t);
      sum *= load<f64>(other + 8 * j);
      store<f64>(row + 8 * j, sum);
      pivot -= sum * sum;
    }
    if (!(pivot > 0)) {
      store<f64>(row + 8 * i, pivot);
      return <i32>i;
    }
    store<f64>(row + 8 * i, 1 / Math.sqrt(pivot));
  }
  return -1;
}

/** Rows a and b of four columns ← rows · T⁻ᵀ for the triangle T at l; a = b is one row. */
// @ts-ignore: decorator
@inline
function divideRows(a: usize, b: usize, l: usize, stride: usize): void {
  const l1 = l + stride, l2 = l1 + stride, l3 = l2 + stride;
  const a0 = v128.load(a), a1 = v128.load(a, 16), b0 = v128.load(b), b1 = v128.load(b, 16);
  const x0 = mul(v128.shuffle<f64>(a0, b0, 0, 2), v128.load64_splat(l));
  const x1 = mul(sub(v128.shuffle<f64>(a0, b0, 1, 3), mul(x0, v128.load64_splat(l1))), v128.load64_splat(l1, 8));
  const s2 = add(mul(x0, v128.load64_splat(l2)), mul(x1, v128.load64_splat(l2, 8)));
  const x2 = mul(sub(v128.shuffle<f64>(a1, b1, 0, 2), s2), v128.load64_splat(l2, 16));
  const s3 = add(add(mul(x0, v128.load64_splat(l3)), mul(x1, v128.load64_splat(l3, 8))), mul(x2, v128.load64_splat(l3, 16)));
  const x3 = mul(sub(v128.shuffle<f64>(a1, b1, 1, 3), s3), v128.load64_splat(l3, 24));
  v128.store(a, v128.shuffle<f64>(x0, x1, 0, 2));
  v128.store(a, v128.shuffle<f64>(x2, x3, 0, 2), 16);
  v128.store(b, v128.shuffle<f64>(x0, x1, 1, 3));
  v128.store(b, v128.shuffle<f64>(x2, x3, 1, 3), 16);
}

/** Rows from a up to `end` of `count` columns ← rows · T⁻ᵀ. */
// @ts-ignore: decorator
@inline
function divideAll(a: usize, end: usize, l: usize, stride: usize, count: usize): void {
  if (count == 4) {
    for (; a < end; a += 2 * stride) divideRows(a, a + stride < end ? a + stride : a, l, stride);
    return;
  }
  for (; a < end; a += stride) {
    for (let j: usize = 0; j < count; j++) {
      let sum = load<f64>(a + 8 * j);
      for (let t: usize = 0; t < j; t++) sum -= load<f64>(a + 8 * t) * load<f64>(l + j * stride + 8 * t);
      store<f64>(a + 8 * j, sum * load<f64>(l + j * stride + 8 * j));
    }
  }
}

/** The dense panel of w columns and h rows; hands back the column of a pivot that is not positive, or −1. */
function factorPanel(panel: usize, w: usize, h: usize, tile: usize): i32 {
  const stride = 8 * w, end = panel + h * stride;
  for (let q: usize = 0; q < w; q += 4) {
    const count = min(<usize>4, w - q), top = panel + q * stride, column = 8 * q;
    if (q > 0) {
      pack(top, stride, count, q, tile + TILE);
      let a = top;
      if (count == 4) {
        for (; a + 4 * stride <= end; a += 4 * stride) {
          const c = a + column;
          subtractWhole(a, stride, tile + TILE, q, c, c + stride, c + 2 * stride, c + 3 * stride);
        }
      }
      for (; a < end; a += 4 * stride) {
        const height = min(<usize>4, (end - a) / stride);
        tileProduct(a, stride, height, q, tile);
        for (let r: usize = 0; r < height; r++) {
          const target = a + r * stride + column;
          for (let c: usize = 0; c < count; c++) store<f64>(target + 8 * c, load<f64>(target + 8 * c) + load<f64>(tile + r * FOUR + 8 * c));
        }
      }
    }
    const rejected = factorTriangle(top + column, stride, count);
    if (rejected >= 0) return <i32>q + rejected;
    divideAll(top + count * stride + column, end, top + column, stride, count);
  }
  return -1;
}

/** Factors supernodes from … to − 1; hands back the position of a pivot that is not positive, its value left in its place, or −1. */
export function factoriseSupernodes(pattern: usize, from: usize, to: usize, panels: usize): i32 {
  for (let s = from; s < to; s++) {
    const first = word(word(pattern, 0), s), w = word(word(pattern, 0), s + 1) - first;
    const start = word(word(pattern, 1), s), h = word(word(pattern, 1), s + 1) - start;
    subtractEarlier(pattern, panels, s);
    const rejected = factorPanel(panels + 8 * word(word(pattern, 2), s), w, h, word(pattern, 9));
    if (rejected >= 0) return <i32>first + rejected;
    enqueue(pattern, s, start + w);
  }
  return -1;
}

/** target ← source, rounded to f32. */
export function roundPanels(source: usize, length: usize, target: usize): void {
  for (const end = source + 8 * length; source < end; source += 8, target += 4) store<f32>(target, <f32>load<f64>(source));
}
