import { ROW } from "./lanes";
import { sineFft } from "./sine-fft";
import { sineProduct } from "./sine-product";

// Plan of a sine transform, in u32: n; 1 if n + 1 is a power of two ≥ 8, else 0; the plan of `sineFft` or `sineProduct`.

// @ts-ignore: decorator
@inline
function eightLines(plan: usize, a: usize, stride: usize, from: usize, x: usize, row: usize, lane: usize, work: usize): void {
  const n = <usize>load<u32>(plan);
  if (load<u32>(plan, 4)) sineFft(plan + 8, n + 1, a, stride, from, x, row, lane, work);
  else sineProduct(plan + 8, n, a, stride, from, x, row, lane, work);
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
  eightLines(plan, tile, ROW, 8, tile, ROW, 8, work);
  scatterLines(tile, n, count, target, row, lane);
}

/**
 * Σ_{j=1}^{n} a_j sin(πjk/(n+1)), k = 1 … n, unscaled, of `lines` lines: entry j of line l at source + (j − 1)·sourceRow + l·sourceLane,
 * entry k of its transform at target + (k − 1)·row + l·lane (bytes). Source and target are the same or do not overlap.
 * `work`: 2(n + 1) rows of eight lanes.
 */
export function sineTransformLines(plan: usize, source: usize, sourceRow: usize, sourceLane: usize, target: usize, row: usize, lane: usize, lines: usize, work: usize): void {
  let l: usize = 0;
  for (; l + 8 <= lines; l += 8) eightLines(plan, source + l * sourceLane, sourceRow, sourceLane, target + l * lane, row, lane, work);
  if (l == lines) return;
  if (source != target && lines > 8) {
    // Some lines once more is faster than a partial group.
    l = lines - 8;
    eightLines(plan, source + l * sourceLane, sourceRow, sourceLane, target + l * lane, row, lane, work);
  } else {
    fewLines(plan, source + l * sourceLane, sourceRow, sourceLane, target + l * lane, row, lane, lines - l, work);
  }
}
