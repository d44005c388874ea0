import { One } from "./specialise";

// The coarsest level: LDLᵀ of the band of A + σM, in doubles, two lanes at a time. Record i of a factor: L(i, i − w) … L(i, i − 1), 1/D(i), w the
// width of the band, zeros left of the first column.

/** Entry of the factors of two lanes. */
// @ts-ignore: decorator
@inline
function both(first: usize, second: usize): v128 {
  return v128.load64_lane(second, v128.load64_zero(first), 1);
}

/** Solves in place: x[unknown][2] in doubles, with `width` pairs of zeros before it. */
export function solveBand(unknowns: usize, width: usize, first: usize, second: usize, x: usize): void {
  const record = (width + 1) * 8, band = width * 8, end = unknowns * record;
  let xi = x;
  for (let i: usize = 0; i < end; i += record, xi += 16) {
    let sum = v128.load(xi);
    for (let k: usize = 0, y = xi - width * 16; k < band; k += 8, y += 16) {
      sum = f64x2.sub(sum, f64x2.mul(both(first + i + k, second + i + k), v128.load(y)));
    }
    v128.store(xi, sum);
  }
  for (let i: usize = 0; i < end; i += record, x += 16) v128.store(x, f64x2.mul(both(first + i + band, second + i + band), v128.load(x)));
  for (let i = end; i > 0; ) {
    i -= record;
    xi -= 16;
    const value = v128.load(xi);
    for (let k: usize = 0, y = xi - width * 16; k < band; k += 8, y += 16) {
      v128.store(y, f64x2.sub(v128.load(y), f64x2.mul(both(first + i + k, second + i + k), value)));
    }
  }
}
