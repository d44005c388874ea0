// Blocks [dof][lane] to lanes one behind the other, [lane][dof], and back, for an even number of lanes: two lanes and two dofs at a time.

/** Dofs a piece: it stays in the first-level cache while its lanes are visited two by two. */
const PIECE: usize = 64;

/** out[lane·size + dof] ← x[dof·lanes + lane] */
export function separateLanes(lanes: usize, size: usize, x: usize, out: usize): void {
  const row = 8 * lanes;
  for (let first: usize = 0; first < size; first += PIECE) {
    const count = min(PIECE, size - first);
    for (let lane: usize = 0; lane < lanes; lane += 2) {
      let p = x + first * row + 8 * lane, a = out + 8 * (lane * size + first), b = a + 8 * size;
      for (const end = a + 8 * (count & ~1); a < end; a += 16, b += 16, p += 2 * row) {
        const one = v128.load(p), other = v128.load(p + row);
        v128.store(a, v128.shuffle<f64>(one, other, 0, 2));
        v128.store(b, v128.shuffle<f64>(one, other, 1, 3));
      }
      if (count & 1) {
        store<f64>(a, load<f64>(p));
        store<f64>(b, load<f64>(p, 8));
      }
    }
  }
}

/** out[dof·lanes + lane] ← x[lane·size + dof] */
export function joinLanes(lanes: usize, size: usize, x: usize, out: usize): void {
  const row = 8 * lanes;
  for (let first: usize = 0; first < size; first += PIECE) {
    const count = min(PIECE, size - first);
    for (let lane: usize = 0; lane < lanes; lane += 2) {
      let p = out + first * row + 8 * lane, a = x + 8 * (lane * size + first), b = a + 8 * size;
      for (const end = a + 8 * (count & ~1); a < end; a += 16, b += 16, p += 2 * row) {
        const one = v128.load(a), other = v128.load(b);
        v128.store(p, v128.shuffle<f64>(one, other, 0, 2));
        v128.store(p + row, v128.shuffle<f64>(one, other, 1, 3));
      }
      if (count & 1) {
        store<f64>(p, load<f64>(a));
        store<f64>(p, load<f64>(b), 8);
      }
    }
  }
}
