import { bandFactor, bandMatrix, solveBandFactor, type BandMatrix } from "../band-factor.js";
import { boxStencilOfCross, boxStencilOfMatrix } from "../box-stencil.js";
import type { Block, Lanes, LaneSolver, SolveBlocks, SolveFactors } from "../lane-kernels.js";
import type { MultigridData, MultigridOptions } from "../multigrid-data.js";
import { variableStencil } from "../stencil-shape.js";
import { interpolated, plainLevel, residualOf, restrict, type PlainLevel } from "./plain-multigrid-level.js";

/** Damping of the Jacobi smoother. */
const DAMPING = 0.8;
/** Residual, relative to the right-hand side, that conjugate gradients aim for. */
const RELATIVE_TOLERANCE = 1e-15;
/** Steps without a smaller residual after which rounding has the last word. */
const PATIENCE = 20;

/** Lane after lane, always in double precision. Storage: on each level three vectors and those of the interpolation; four vectors; a factor a shift. */
export function plainMultigrid(data: MultigridData, { cycles }: MultigridOptions): LaneSolver {
  const levels = data.levels.map((level) => plainLevel(data, level));
  const coarsest = data.levels.at(-1)!;
  const band = bandMatrix(coarsest.points, coarsest.matrix === undefined ? boxStencilOfCross(variableStencil(data.finest)) : boxStencilOfMatrix(coarsest.points, coarsest.matrix));
  const factors = new Map<number, Float64Array>();
  const size = levels[0].rhs.length;
  const [rhs, solution, direction, image] = Array.from({ length: 4 }, () => new Float64Array(size));
  return {
    size,
    prepare(_lanes, shifts) {
      for (const shift of shifts) if (!factors.has(shift)) factors.set(shift, bandFactor(band, coarsest.mass, shift));
    },
    solve(lanes, given, blocks) {
      for (let lane = 0; lane < lanes; lane++) {
        const shift = given.shift[lane];
        const factor = factors.get(shift);
        if (factor === undefined) throw new Error(`multigrid: not prepared for the shift ${shift}`);
        const system: ShiftedSystem = { levels, shift, band, factor };
        gather({ lanes, lane, factors: given }, blocks, rhs);
        if (cycles === undefined) conjugateGradients(system, { residual: rhs, solution, direction, image });
        else fixedCycles(system, cycles, { rhs, solution, residual: image });
        scatter({ lanes, lane }, solution, blocks.out);
      }
    },
  };
}

/** rhs ← αx + βy of one lane */
function gather({ lanes, lane, factors }: { lanes: Lanes; lane: number; factors: SolveFactors }, { x, y }: SolveBlocks, rhs: Float64Array): void {
  const [alpha, beta] = [factors.rhs[lane], factors.neighbour[lane]];
  for (let i = 0, at = lane; i < rhs.length; i++, at += lanes) {
    rhs[i] = alpha * x.data[x.offset + at] + (y === undefined ? 0 : beta * y.data[y.offset + at]);
  }
}

function scatter({ lanes, lane }: { lanes: Lanes; lane: number }, solution: Float64Array, { data, offset }: Block): void {
  for (let i = 0, at = offset + lane; i < solution.length; i++, at += lanes) data[at] = solution[i];
}

/** (L + σI) x = b and what a cycle for it needs. */
interface ShiftedSystem {
  readonly levels: readonly PlainLevel[];
  readonly shift: number;
  readonly band: BandMatrix;
  readonly factor: Float64Array;
}

/** z ← B r by one V(1,1)-cycle; z may be r. */
function cycle({ levels, shift, band, factor }: ShiftedSystem, r: Float64Array, z: Float64Array): void {
  const last = levels.length - 1;
  levels[0].rhs.set(r);
  for (let l = 0; l < last; l++) descend(levels[l], levels[l + 1], shift);
  levels[last].solution.set(levels[last].rhs);
  solveBandFactor(band, factor, levels[last].solution);
  for (let l = last - 1; l >= 0; l--) ascend(levels[l], levels[l + 1], shift);
  z.set(levels[0].solution);
}

/** First smoothing step from zero, then restricts the residual. */
function descend(level: PlainLevel, coarse: PlainLevel, shift: number): void {
  const { rhs, solution, residual, mass, smootherDiagonal } = level;
  for (let i = 0; i < solution.length; i++) solution[i] = (DAMPING * rhs[i]) / (smootherDiagonal[i] + shift * mass[i]);
  residualOf(level, shift, solution, { b: rhs, out: residual });
  restrict(level, residual, coarse.rhs);
}

/** Adds the interpolated correction, then the second smoothing step. */
function ascend(level: PlainLevel, coarse: PlainLevel, shift: number): void {
  const { rhs, solution, residual, mass, smootherDiagonal } = level;
  const correction = interpolated(level, coarse.solution);
  for (let i = 0; i < solution.length; i++) solution[i] += correction[i];
  residualOf(level, shift, solution, { b: rhs, out: residual });
  for (let i = 0; i < solution.length; i++) solution[i] += (DAMPING * residual[i]) / (smootherDiagonal[i] + shift * mass[i]);
}

/** x ← x + B(b − (L + σI)x), `cycles` times from x = 0. */
function fixedCycles(system: ShiftedSystem, cycles: number, { rhs, solution, residual }: Record<"rhs" | "solution" | "residual", Float64Array>): void {
  cycle(system, rhs, solution);
  for (let k = 1; k < cycles; k++) {
    residualOf(system.levels[0], system.shift, solution, { b: rhs, out: residual });
    cycle(system, residual, residual);
    for (let i = 0; i < rhs.length; i++) solution[i] += residual[i];
  }
}

interface GradientVectors {
  readonly residual: Float64Array;
  readonly solution: Float64Array;
  readonly direction: Float64Array;
  readonly image: Float64Array;
}

/** Conjugate gradients with one cycle as preconditioner, to rounding; `residual` is the right-hand side at first, and what is not finite stays so. */
function conjugateGradients(system: ShiftedSystem, { residual: r, solution, direction: p, image }: GradientVectors): void {
  for (let i = 0; i < r.length; i++) solution[i] = 0 * r[i];
  p.fill(0);
  let norm = dot(r, r);
  const goal = RELATIVE_TOLERANCE ** 2 * norm;
  let smallest = Infinity;
  let previous = 1;
  for (let rising = 0; rising < PATIENCE && norm > goal; ) {
    cycle(system, r, image);
    const energy = dot(r, image);
    for (let i = 0; i < p.length; i++) p[i] = image[i] + (energy / previous) * p[i];
    residualOf(system.levels[0], system.shift, p, { out: image });
    const step = -energy / dot(p, image);
    norm = 0;
    for (let i = 0; i < p.length; i++) {
      solution[i] += step * p[i];
      r[i] += step * image[i];
      norm += r[i] * r[i];
    }
    previous = energy;
    rising = energy < smallest ? 0 : rising + 1;
    smallest = Math.min(smallest, energy);
  }
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}
