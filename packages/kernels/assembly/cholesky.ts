import { backwardLanes, forwardLanes } from "./cholesky-lanes";
import { backwardOneLane, forwardOneLane } from "./cholesky-one-lane";
export { factoriseSupernodes, roundPanels } from "./cholesky-factor";
export { chainAdvance, chainKept, chainLanes, chainSquares, keepBlock } from "./cholesky-chain";
export { gatherLanes, gatherLanesSingle, scatterLanes, scatterLanesSingle } from "./cholesky-permutation";

// Triangular solves with a supernodal Cholesky factor, for the supernodes from … to − 1. The pattern, in u32: addresses of firstColumn,
// rowPointers, panelPointers and rows, all as u32. Panels and right-hand sides are T = f64 or f32, the diagonal of L is replaced by its
// reciprocal. `vectors`: 0 for one right-hand side, else vectors a row of a block [row][lane] (1, 2; with f64 also 4).

// @ts-ignore: decorator
@inline
function word(table: usize, index: usize): usize {
  return <usize>load<u32>(table + 4 * index);
}

// @ts-ignore: decorator
@inline
function forward<T>(vectors: i32, pattern: usize, from: usize, to: usize, panels: usize, work: usize): void {
  const firstColumn = word(pattern, 0), rowPointers = word(pattern, 1), panelPointers = word(pattern, 2), rowNumbers = word(pattern, 3);
  const row = vectors ? <usize>vectors * 16 : sizeof<T>();
  for (let s = from; s < to; s++) {
    const first = word(firstColumn, s), w = word(firstColumn, s + 1) - first;
    const start = word(rowPointers, s), h = word(rowPointers, s + 1) - start;
    const panel = panels + word(panelPointers, s) * sizeof<T>(), own = work + first * row, rows = rowNumbers + 4 * start;
    if (vectors) forwardLanes<T>(vectors, w, h, panel, own, work, rows);
    else forwardOneLane<T>(w, h, panel, own, work, rows);
  }
}

// @ts-ignore: decorator
@inline
function backward<T>(vectors: i32, pattern: usize, from: usize, to: usize, panels: usize, work: usize): void {
  const firstColumn = word(pattern, 0), rowPointers = word(pattern, 1), panelPointers = word(pattern, 2), rowNumbers = word(pattern, 3);
  const row = vectors ? <usize>vectors * 16 : sizeof<T>();
  for (let s = to; s > from; ) {
    s--;
    const first = word(firstColumn, s), w = word(firstColumn, s + 1) - first;
    const start = word(rowPointers, s), h = word(rowPointers, s + 1) - start;
    const panel = panels + word(panelPointers, s) * sizeof<T>(), own = work + first * row, rows = rowNumbers + 4 * start;
    if (vectors) backwardLanes<T>(vectors, w, h, panel, own, work, rows);
    else backwardOneLane<T>(w, h, panel, own, work, rows);
  }
}

/** work ← L⁻¹ work */
export function solveForward(pattern: usize, from: usize, to: usize, panels: usize, work: usize, vectors: i32): void {
  if (vectors == 4) forward<f64>(4, pattern, from, to, panels, work);
  else if (vectors == 2) forward<f64>(2, pattern, from, to, panels, work);
  else if (vectors == 1) forward<f64>(1, pattern, from, to, panels, work);
  else forward<f64>(0, pattern, from, to, panels, work);
}

/** work ← L⁻ᵀ work */
export function solveBackward(pattern: usize, from: usize, to: usize, panels: usize, work: usize, vectors: i32): void {
  if (vectors == 4) backward<f64>(4, pattern, from, to, panels, work);
  else if (vectors == 2) backward<f64>(2, pattern, from, to, panels, work);
  else if (vectors == 1) backward<f64>(1, pattern, from, to, panels, work);
  else backward<f64>(0, pattern, from, to, panels, work);
}

/** `solveForward` in single precision. */
export function solveForwardSingle(pattern: usize, from: usize, to: usize, panels: usize, work: usize, vectors: i32): void {
  if (vectors == 2) forward<f32>(2, pattern, from, to, panels, work);
  else if (vectors == 1) forward<f32>(1, pattern, from, to, panels, work);
  else forward<f32>(0, pattern, from, to, panels, work);
}

/** `solveBackward` in single precision. */
export function solveBackwardSingle(pattern: usize, from: usize, to: usize, panels: usize, work: usize, vectors: i32): void {
  if (vectors == 2) backward<f32>(2, pattern, from, to, panels, work);
  else if (vectors == 1) backward<f32>(1, pattern, from, to, panels, work);
  else backward<f32>(0, pattern, from, to, panels, work);
}
