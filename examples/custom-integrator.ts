/**
 * Bring your own time integrator: advection–diffusion, ∂ₜu + b·∇u − ν∆u = z on the unit square with upwind differences.
 * L is not symmetric and no solver for it is part of the library; a banded LU decomposition is written right here.
 * The two-level preconditioner takes it unchanged, because all that it calls is the `TimeIntegrator` below.
 */
import {
  fgmres,
  schurFormulation,
  solveOptimalControl,
  uniformTimeGrid,
  verifyDiscretization,
  type SolveOptions,
  type TimeIntegrator,
  type TimeStep,
} from "@parakkt/core";
import { twoLevel } from "@parakkt/precond";

export interface AdvectionDiffusion {
  /** Interior points per axis. */
  readonly points: number;
  readonly diffusivity: number;
  /** Both components non-negative: upwind is the left and lower neighbour. */
  readonly velocity: readonly [number, number];
}

/** The five coefficients of L at every interior point; neighbours on the boundary are zero. */
function upwindStencil({ points, diffusivity, velocity: [bx, by] }: AdvectionDiffusion) {
  const h = 1 / (points + 1);
  const d = diffusivity / h ** 2;
  return { center: 4 * d + (bx + by) / h, west: -d - bx / h, east: -d, south: -d - by / h, north: -d };
}

/** Backward Euler for the stencil: (I + τ(L + ρI)) uₙ = uₙ₋₁ + τ zₙ + fₙ. */
export function advectionDiffusionIntegrator(model: AdvectionDiffusion, reaction = 0): TimeIntegrator {
  const n = model.points;
  const stencil = upwindStencil(model);
  const size = n * n;
  const factors = new Map<number, BandedLU>();

  const factorised = (step: TimeStep): BandedLU => {
    const known = factors.get(step.size) ?? bandedLU(n, (i, j) => implicitEntry(step, i, j));
    factors.set(step.size, known);
    return known;
  };
  const implicitEntry = (step: TimeStep, i: number, j: number): number => {
    const { center, west, east, south, north } = stencil;
    if (j === i) return 1 + step.size * (center + reaction);
    if (j === i - 1) return i % n === 0 ? 0 : step.size * west;
    if (j === i + 1) return j % n === 0 ? 0 : step.size * east;
    if (j === i - n) return step.size * south;
    return j === i + n ? step.size * north : 0;
  };
  /** out ← (I + τ(L + ρI)) x, or its transpose, in which the neighbours change sides. */
  const applyImplicit = (step: TimeStep, x: Float64Array, out: Float64Array, transposed: boolean): void => {
    const { center, west, east, south, north } = stencil;
    const [left, right, below, above] = transposed ? [east, west, north, south] : [west, east, south, north];
    for (let i = 0; i < size; i++) {
      let sum = (center + reaction) * x[i]!;
      if (i % n > 0) sum += left * x[i - 1]!;
      if (i % n < n - 1) sum += right * x[i + 1]!;
      if (i >= n) sum += below * x[i - n]!;
      if (i < size - n) sum += above * x[i + n]!;
      out[i] = x[i]! + step.size * sum;
    }
  };
  const timesStep = (step: TimeStep, x: Float64Array, out: Float64Array): void => out.set(x.map((value) => step.size * value));

  return {
    name: "upwind advection–diffusion, backward Euler",
    order: 1,
    stateSize: size,
    controlSize: size,
    controlScale: 1,
    residual(step, previous, current, out) {
      applyImplicit(step, current, out, false);
      for (let i = 0; i < size; i++) out[i]! -= previous[i]!;
    },
    residualAdjoint(step, multiplier, previous, current) {
      applyImplicit(step, multiplier, current, true);
      previous.set(multiplier.map((value) => -value));
    },
    applyControl: timesStep,
    applyControlAdjoint: timesStep,
    step(step, previous, forcing, next) {
      next.set(previous.map((value, i) => value + forcing[i]!));
      factorised(step).solve(next);
    },
    stepAdjoint(step, sensitivity, multiplier, previousSensitivity) {
      multiplier.set(sensitivity);
      factorised(step).solveTransposed(multiplier);
      previousSensitivity.set(multiplier);
    },
    withReaction: (more) => advectionDiffusionIntegrator(model, reaction + more),
  };
}

interface BandedLU {
  solve(x: Float64Array): void;
  solveTransposed(x: Float64Array): void;
}

/** LU without pivoting of a diagonally dominant matrix with `band` diagonals on either side; row i at i(2·band + 1). */
function bandedLU(band: number, entry: (i: number, j: number) => number): BandedLU {
  const size = band * band;
  const width = 2 * band + 1;
  const a = new Float64Array(size * width);
  const at = (i: number, j: number): number => i * width + (j - i + band);
  const rowsBelow = (k: number): number => Math.min(size - 1, k + band);
  for (let i = 0; i < size; i++) for (let j = Math.max(0, i - band); j <= rowsBelow(i); j++) a[at(i, j)] = entry(i, j);
  for (let k = 0; k < size; k++) {
    for (let i = k + 1; i <= rowsBelow(k); i++) {
      const factor = (a[at(i, k)]! /= a[at(k, k)]!);
      if (factor !== 0) for (let j = k + 1; j <= rowsBelow(k); j++) a[at(i, j)]! -= factor * a[at(k, j)]!;
    }
  }
  return {
    solve(x) {
      for (let i = 0; i < size; i++) for (let j = Math.max(0, i - band); j < i; j++) x[i]! -= a[at(i, j)]! * x[j]!;
      for (let i = size - 1; i >= 0; i--) {
        for (let j = i + 1; j <= rowsBelow(i); j++) x[i]! -= a[at(i, j)]! * x[j]!;
        x[i]! /= a[at(i, i)]!;
      }
    },
    solveTransposed(x) {
      for (let i = 0; i < size; i++) {
        x[i]! /= a[at(i, i)]!;
        for (let j = i + 1; j <= rowsBelow(i); j++) x[j]! -= a[at(i, j)]! * x[i]!;
      }
      for (let i = size - 1; i >= 0; i--) for (let j = Math.max(0, i - band); j < i; j++) x[j]! -= a[at(i, j)]! * x[i]!;
    },
  };
}

/** Verifies the integrator and all that is made of it, then steers a blob against the wind with the two-level preconditioner. */
function main(): void {
  const points = 31;
  const integrator = advectionDiffusionIntegrator({ points, diffusivity: 1e-3, velocity: [1, 0.5] });
  const grid = uniformTimeGrid(1, 128);
  const blob = (x: number, y: number): number => Math.exp(-100 * ((x - 0.7) ** 2 + (y - 0.6) ** 2));
  const shape = Float64Array.from({ length: points * points }, (_, i) => blob(((i % points) + 1) / (points + 1), (Math.floor(i / points) + 1) / (points + 1)));
  const initialState = new Float64Array(points * points);
  const problem = { grid, integrator, regularization: 1e-4, initialState, target: (_step: TimeStep, out: Float64Array) => out.set(shape), cellVolume: 1 / (points + 1) ** 2 };
  const options: SolveOptions = {
    formulation: schurFormulation,
    method: fgmres,
    preconditioner: (discretization) => twoLevel(discretization, { combination: "restricted", factor: "dyadic" }),
    decomposition: { subdomains: 16, overlap: 1 },
  };
  for (const { name, verdict, law, figure } of verifyDiscretization(problem, options)) {
    console.log(`${verdict === "failed" ? "FAIL" : "ok  "} ${name}: ${law}${figure === undefined ? "" : `: ${figure.toExponential(1)}`}`);
  }

  const solution = solveOptimalControl(problem, options);
  console.log(`${solution.reason.kind} after ${solution.iterations} iterations, relative KKT residual ${solution.relativeResidual.toExponential(1)}`);
  console.log(`objective ${solution.objective.total.toPrecision(6)}`);
}

if (process.argv[1]?.endsWith("custom-integrator.js")) main();
