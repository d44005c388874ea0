// Blocks [dof][lane] to lanes one behind the other, [lane][dof], and back, for an even number of lanes: two lanes and two dofs at a time.

/** Dofs a piece: it stays in the first-level cache while its lanes are visited two by two. */
const PIECE: usize = 64;

/** to, to + step ← the transpose of the two vectors at from, from + distance */
// @ts-ignore: decorator
@inline
function transposeTwo(from: usize, distance: usize, to: usize, step: usize): void {
  const one = v128.load(from), other = v128.load(from + distance);
  v128.store(to, v128.shuffle<f64>(one, other, 0, 2));
  v128.store(to + step, v128.shuffle<f64>(one, other, 1, 3));
}

/** block ← lanes where `join`, a constant, else lanes ← block. */
// @ts-ignore: decorator
@inline
function transpose(join: bool, count: usize, size: usize, block: usize, lanes: usize): void {
  const row = 8 * count, lane = 8 * size;
  for (let first: usize = 0; first < size; first += PIECE) {
    const dofs = min(PIECE, size - first);
    for (let l: usize = 0; l < count; l += 2) {
      let p = block + first * row + 8 * l, a = lanes + l * lane + 8 * first;
      for (const end = a + 8 * (dofs & ~1); a < end; a += 16, p += 2 * row) {
        if (join) transposeTwo(a, lane, p, row);
        else transposeTwo(p, row, a, lane);
      }
      if (!(dofs & 1)) continue;
      store<f64>(join ? p : a, load<f64>(join ? a : p));
      store<f64>(join ? p + 8 : a + lane, load<f64>(join ? a + lane : p + 8));
    }
  }
}

/** out[lane·size + dof] ← x[dof·lanes + lane] */
export function separateLanes(lanes: usize, size: usize, x: usize, out: usize): void {
  transpose(false, lanes, size, x, out);
}

/** out[dof·lanes + lane] ← x[lane·size + dof] */
export function joinLanes(lanes: usize, size: usize, x: usize, out: usize): void {
  transpose(true, lanes, size, out, x);
}
