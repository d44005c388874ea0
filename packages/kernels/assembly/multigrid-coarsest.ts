import { emitLine, formLine } from "./multigrid-blocks";
import { LINES, PLANES, POINTS, SOLUTION, VECTOR_LINE, VECTOR_PLANE, blockLine, rightLine, word } from "./multigrid-plan";
import { cellBytes, packed } from "./multigrid-vectors";

// The coarsest level: LDLᵀ of the band of A + σM, in doubles, two lanes at a time. Record i of a factor: L(i, i − w) … L(i, i − 1), 1/D(i), w the
// width of the band, zeros left of the first column.

/** Entry of the factors of two lanes. */
// @ts-ignore: decorator
@inline
function both(first: usize, second: usize): v128 {
  return v128.load64_lane(second, v128.load64_zero(first), 1);
}

/** Solves in place: x[unknown][2] in doubles, with `width` pairs of zeros before it. */
function solveBand(unknowns: usize, width: usize, first: usize, second: usize, x: usize): void {
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

/** Lanes l and l + 1 of the coarsest vector to the work space [unknown][2], or back. With one lane the second one is the same. */
function moveLanes<T, K>(plan: usize, level: usize, l: usize, back: bool): void {
  const second: usize = packed<K>() ? 0 : sizeof<T>(), n = word(level, POINTS);
  let x = word(plan, 14) + word(plan, 13) * 16;
  if (!back) memory.fill(word(plan, 14), 0, word(plan, 13) * 16);
  for (let t: usize = 0, planes = word(level, PLANES); t < planes; t++) {
    for (let y: usize = 0, lines = word(level, LINES); y < lines; y++) {
      let b = word(level, SOLUTION) + t * word(level, VECTOR_PLANE) + y * word(level, VECTOR_LINE) + l * sizeof<T>();
      for (const end = b + n * cellBytes<T, K>(); b < end; b += cellBytes<T, K>(), x += 16) {
        if (back) {
          store<T>(b, <T>load<f64>(x));
          if (second) store<T>(b + second, <T>load<f64>(x, 8));
        } else {
          store<f64>(x, <f64>load<T>(b));
          store<f64>(x, <f64>load<T>(b + second), 8);
        }
      }
    }
  }
}

export function solveCoarsest<T, K>(plan: usize, level: usize): void {
  const width = word(plan, 13), x = word(plan, 14) + width * 16;
  for (let l: usize = 0; l < sizeof<K>(); l += 2) {
    moveLanes<T, K>(plan, level, l, false);
    solveBand(word(plan, 12), width, word(plan, 16 + l), word(plan, packed<K>() ? 16 : 17 + l), x);
    moveLanes<T, K>(plan, level, l, true);
  }
}

/** Where the one level is the finest and the coarsest: forms the right-hand side, or writes the solution. */
export function moveBlock<T, K>(plan: usize, level: usize, back: bool): void {
  const n = word(level, POINTS), lines = word(level, LINES), stride = word(plan, 5);
  for (let t: usize = 0, planes = word(level, PLANES); t < planes; t++) {
    for (let y: usize = 0; y < lines; y++) {
      const b = rightLine(level, t, y), start = blockLine(plan, level, t, y);
      if (back) emitLine<T, K>(n, word(plan, 9), stride, b, word(plan, 4) + start);
      else formLine<T, K>(n, word(plan, 6), stride, word(plan, 2) + start, word(plan, 3) + start, b);
    }
  }
}
