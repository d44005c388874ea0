import { backwardSingle, forwardSingle } from "./cholesky-columns";
import { backwardLanes, forwardLanes } from "./cholesky-lanes";
import { backwardOneLane, forwardOneLane } from "./cholesky-one-lane";
import { Four, No, One, Two, Yes, yes } from "./specialise";
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

// A machine function for each T and number of vectors V, so that the engine makes fast code of those that are called and of no others.

function forward<T, V, Alone>(pattern: usize, from: usize, to: usize, panels: usize, work: usize): void {
  const firstColumn = word(pattern, 0), rowPointers = word(pattern, 1), panelPointers = word(pattern, 2), rowNumbers = word(pattern, 3);
  const row = yes<Alone>() ? sizeof<T>() : 16 * sizeof<V>();
  for (let s = from; s < to; s++) {
    const first = word(firstColumn, s), w = word(firstColumn, s + 1) - first;
    const start = word(rowPointers, s), h = word(rowPointers, s + 1) - start;
    const panel = panels + word(panelPointers, s) * sizeof<T>(), own = work + first * row, rows = rowNumbers + 4 * start;
    if (yes<Alone>()) forwardOneLane<T>(w, h, panel, own, work, rows);
    else if (sizeof<T>() == 4) forwardSingle(<i32>sizeof<V>(), w, h, panel, own, work, rows);
    else forwardLanes(<i32>sizeof<V>(), w, h, panel, own, work, rows);
  }
}

function backward<T, V, Alone>(pattern: usize, from: usize, to: usize, panels: usize, work: usize): void {
  const firstColumn = word(pattern, 0), rowPointers = word(pattern, 1), panelPointers = word(pattern, 2), rowNumbers = word(pattern, 3);
  const row = yes<Alone>() ? sizeof<T>() : 16 * sizeof<V>();
  for (let s = to; s > from; ) {
    s--;
    const first = word(firstColumn, s), w = word(firstColumn, s + 1) - first;
    const start = word(rowPointers, s), h = word(rowPointers, s + 1) - start;
    const panel = panels + word(panelPointers, s) * sizeof<T>(), own = work + first * row, rows = rowNumbers + 4 * start;
    if (yes<Alone>()) backwardOneLane<T>(w, h, panel, own, work, rows);
    else if (sizeof<T>() == 4) backwardSingle(<i32>sizeof<V>(), w, h, panel, own, work, rows);
    else backwardLanes(<i32>sizeof<V>(), w, h, panel, own, work, rows);
  }
}

/** work ← L⁻¹ work */
export function solveForward(pattern: usize, from: usize, to: usize, panels: usize, work: usize, vectors: i32): void {
  if (vectors == 4) forward<f64, Four, No>(pattern, from, to, panels, work);
  else if (vectors == 2) forward<f64, Two, No>(pattern, from, to, panels, work);
  else if (vectors == 1) forward<f64, One, No>(pattern, from, to, panels, work);
  else forward<f64, One, Yes>(pattern, from, to, panels, work);
}

/** work ← L⁻ᵀ work */
export function solveBackward(pattern: usize, from: usize, to: usize, panels: usize, work: usize, vectors: i32): void {
  if (vectors == 4) backward<f64, Four, No>(pattern, from, to, panels, work);
  else if (vectors == 2) backward<f64, Two, No>(pattern, from, to, panels, work);
  else if (vectors == 1) backward<f64, One, No>(pattern, from, to, panels, work);
  else backward<f64, One, Yes>(pattern, from, to, panels, work);
}

/** `solveForward` in single precision. */
export function solveForwardSingle(pattern: usize, from: usize, to: usize, panels: usize, work: usize, vectors: i32): void {
  if (vectors == 2) forward<f32, Two, No>(pattern, from, to, panels, work);
  else if (vectors == 1) forward<f32, One, No>(pattern, from, to, panels, work);
  else forward<f32, One, Yes>(pattern, from, to, panels, work);
}

/** `solveBackward` in single precision. */
export function solveBackwardSingle(pattern: usize, from: usize, to: usize, panels: usize, work: usize, vectors: i32): void {
  if (vectors == 2) backward<f32, Two, No>(pattern, from, to, panels, work);
  else if (vectors == 1) backward<f32, One, No>(pattern, from, to, panels, work);
  else backward<f32, One, Yes>(pattern, from, to, panels, work);
}
