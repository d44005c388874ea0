import { requireArgument } from "../errors.js";
import type { TimeStep } from "./time-step.js";

/** Nodes 0 = t₀ < t₁ < … < t_N = T and the N steps between them. */
export interface TimeGrid {
  /** N */
  readonly steps: number;
  /** T − t₀ */
  readonly duration: number;
  /** All τₙ equal. */
  readonly uniform: boolean;
  /** tₙ, n = 0 … N */
  time(n: number): number;
  /** Step n = 1 … N, ending at tₙ. */
  step(n: number): TimeStep;
  /**
   * The grid whose step k runs over the fine steps nodes[k] … nodes[k+1] − 1, the last one to the end.
   * `nodes`: ascending fine step indices, the first one 1.
   */
  coarsen(nodes: readonly number[]): TimeGrid;
}

/** N equal steps of size τ = T/N (backward Euler's grid of OBJ.1). */
export function uniformTimeGrid(final: number, steps: number): TimeGrid {
  requireArgument(Number.isInteger(steps) && steps >= 1, () => ({
    what: "number of time steps",
    where: "uniformTimeGrid",
    expected: "a whole number of at least 1",
    got: String(steps),
  }));
  requireArgument(Number.isFinite(final) && final > 0, () => ({
    what: "final time",
    where: "uniformTimeGrid",
    expected: "a positive finite number",
    got: String(final),
  }));
  const times = Float64Array.from({ length: steps + 1 }, (_, n) => (n * final) / steps);
  return timeGridOf(times, equalSteps(times, final / steps));
}

/** The grid with the given nodes t₀ < t₁ < … < t_N. */
export function timeGrid(times: ArrayLike<number>): TimeGrid {
  const nodes = Float64Array.from(times);
  requireArgument(nodes.length >= 2, () => ({
    what: "number of time nodes",
    where: "timeGrid",
    expected: "at least 2",
    got: String(nodes.length),
  }));
  const sizes = Float64Array.from({ length: nodes.length - 1 }, (_, k) => nodes[k + 1] - nodes[k]);
  for (let k = 0; k < sizes.length; k++) {
    requireArgument(sizes[k] > 0 && Number.isFinite(sizes[k]), () => ({
      what: `size of step ${k + 1}`,
      where: "timeGrid",
      expected: "ascending finite nodes",
      got: `${nodes[k]} then ${nodes[k + 1]}`,
    }));
  }
  return timeGridOf(nodes, stepsFrom(nodes, sizes));
}

function equalSteps(times: Float64Array, size: number): TimeStep[] {
  return stepsFrom(times, new Float64Array(times.length - 1).fill(size));
}

function stepsFrom(times: Float64Array, sizes: Float64Array): TimeStep[] {
  return Array.from(sizes, (size, k) => ({ index: k + 1, start: times[k], end: times[k + 1], size }));
}

function timeGridOf(times: Float64Array, steps: readonly TimeStep[]): TimeGrid {
  const first = steps[0].size;
  return {
    steps: steps.length,
    duration: times[steps.length] - times[0],
    uniform: steps.every((step) => step.size === first),
    time: (n) => times[n],
    step: (n) => steps[n - 1],
    coarsen: (nodes) => coarsenedGrid(times, steps, nodes),
  };
}

/** Coarse sizes are sums of fine sizes, so that equal intervals of a uniform grid give a uniform coarse grid bit for bit. */
function coarsenedGrid(times: Float64Array, steps: readonly TimeStep[], nodes: readonly number[]): TimeGrid {
  const ascending = nodes.every((n, k) => Number.isInteger(n) && (k === 0 || n > nodes[k - 1]));
  requireArgument(nodes[0] === 1 && ascending && nodes[nodes.length - 1] <= steps.length, () => ({
    what: "coarse nodes",
    where: "TimeGrid.coarsen",
    expected: `ascending whole step indices from 1 to at most ${steps.length}`,
    got: `[${nodes.slice(0, 8).join(", ")}${nodes.length > 8 ? ", …" : ""}]`,
  }));
  const starts = nodes.map((n) => n - 1);
  const bounds = Float64Array.from([...starts.map((n) => times[n]), times[steps.length]]);
  const sizes = Float64Array.from(nodes, (from, k) => {
    const past = nodes[k + 1] ?? steps.length + 1;
    let size = 0;
    for (let n = from; n < past; n++) size += steps[n - 1].size;
    return size;
  });
  return timeGridOf(bounds, stepsFrom(bounds, sizes));
}
