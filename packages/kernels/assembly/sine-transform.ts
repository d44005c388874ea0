import { IMAGINARY, ROW } from "./lanes";
import { sineFft } from "./sine-fft";
import { sineProduct } from "./sine-product";

// Plan of a sine transform, in u32: n; 1 if n + 1 is a power of two ≥ 8, else 0; the plan of `sineFft` or `sineProduct`.

// @ts-ignore: decorator
@inline
function eightLines(plan: usize, a: usize, stride: usize, from: usize, fromHalf: usize, x: usize, row: usize, lane: usize, half: usize, work: usize): void {
  const n = <usize>load<u32>(plan);
  if (load<u32>(plan, 4)) sineFft(plan + 8, n + 1, a, stride, from, fromHalf, x, row, lane, half, work);
  else sineProduct(plan + 8, n, a, stride, from, fromHalf, x, row, lane, half, work);
}

/** `count` ≤ 8 lines to and from rows of eight lanes: entry j of line l at `lines` + j·row + l·lane. */
function gatherLines(lines: usize, row: usize, lane: usize, count: usize, n: usize, tile: usize): void {
  for (let j: usize = 0; j < n; j++) {
    for (let l: usize = 0; l < 8; l++) store<f64>(tile + j * ROW + 8 * l, l < count ? load<f64>(lines + j * row + l * lane) : 0);
  }
}

function scatterLines(tile: usize, n: usize, count: usize, lines: usize, row: usize, lane: usize): void {
  for (let j: usize = 0; j < n; j++) {
    for (let l: usize = 0; l < count; l++) store<f64>(lines + j * row + l * lane, load<f64>(tile + j * ROW + 8 * l));
  }
}

/** `count` < 8 lines, by way of rows of eight lanes. Source and target may be the same. */
function fewLines(plan: usize, source: usize, sourceRow: usize, sourceLane: usize, target: usize, row: usize, lane: usize, count: usize, work: usize): void {
  const n = <usize>load<u32>(plan);
  const tile = work + (n + 1) * ROW;
  gatherLines(source, sourceRow, sourceLane, count, n, tile);
  eightLines(plan, tile, ROW, 8, IMAGINARY, tile, ROW, 8, IMAGINARY, work);
  scatterLines(tile, n, count, target, row, lane);
}

/**
 * Σ_{j=1}^{n} a_j sin(πjk/(n+1)), k = 1 … n, unscaled, of `lines` lines: entry j of line l at source + (j − 1)·sourceRow + l·sourceLane,
 * entry k of its transform at target + (k − 1)·row + l·lane (bytes). Source and target are the same or do not overlap.
 * `work`: 2(n + 1) rows of eight lanes.
 */
export function sineTransformLines(plan: usize, source: usize, sourceRow: usize, sourceLane: usize, target: usize, row: usize, lane: usize, lines: usize, work: usize): void {
  let l: usize = 0;
  for (; l + 8 <= lines; l += 8) eightLines(plan, source + l * sourceLane, sourceRow, sourceLane, IMAGINARY, target + l * lane, row, lane, IMAGINARY, work);
  if (l == lines) return;
  if (source != target && lines > 8) {
    // Some lines once more is faster than a partial group.
    l = lines - 8;
    eightLines(plan, source + l * sourceLane, sourceRow, sourceLane, IMAGINARY, target + l * lane, row, lane, IMAGINARY, work);
  } else {
    fewLines(plan, source + l * sourceLane, sourceRow, sourceLane, target + l * lane, row, lane, lines - l, work);
  }
}

/**
 * The same of `lines` lines of four lanes each: entry j of lane i of line l at source + (j − 1)·sourceRow + l·sourceLine + 8i. Lines l and l + 4 go
 * together, so that a lane meets itself only and has the bits that it has alone.
 * A multiple of eight lines, or more than eight and source and target do not overlap.
 */
export function sineTransformLanes(plan: usize, source: usize, sourceRow: usize, sourceLine: usize, target: usize, row: usize, line: usize, lines: usize, work: usize): void {
  for (let l: usize = 0; l < lines; l += 8) {
    const first = min(l, lines - 8);
    for (let i = first; i < first + 4; i++) {
      eightLines(plan, source + i * sourceLine, sourceRow, 8, 4 * sourceLine, target + i * line, row, 8, 4 * line, work);
    }
  }
}
