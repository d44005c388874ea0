import type { Block, CombinationFactors, LaneOperator, Lanes, SolveBlocks, SolveFactors } from "../lane-kernels.js";
import type { KernelMemory } from "./kernel-memory.js";
import type { LaneCycle } from "./multigrid-cycle.js";
import type { WasmExports } from "./wasm-exports.js";

/** What is iterated with: L, a cycle for L + σI, and room for vectors. */
export interface IterationParts {
  readonly wasm: WasmExports;
  readonly memory: KernelMemory;
  readonly operator: LaneOperator;
  readonly cycle: LaneCycle;
}

/** A solve with L + σI that repeats a cycle. Storage: `vectors` blocks for each number of lanes. */
export interface LaneIteration {
  prepare(lanes: Lanes): void;
  solve(lanes: Lanes, factors: SolveFactors, blocks: SolveBlocks): void;
}

type Blocks = readonly Block[];

/** So many blocks for each number of lanes that is prepared. */
function workBlocks(memory: KernelMemory, size: number, count: number): { prepare(lanes: Lanes): void; of(lanes: Lanes): Blocks } {
  const known = new Map<Lanes, Blocks>();
  return {
    prepare(lanes) {
      if (!known.has(lanes)) known.set(lanes, Array.from({ length: count }, () => ({ data: memory.doubles(size * lanes), offset: 0 })));
    },
    of(lanes) {
      const blocks = known.get(lanes);
      if (blocks === undefined) throw new Error(`multigrid: not prepared for ${lanes} lanes`);
      return blocks;
    },
  };
}

const constant = (value: number): Float64Array => new Float64Array(8).fill(value);
const zeros = constant(0);
const ones = constant(1);
const minusOnes = constant(-1);

/** x ← x + B(b − (L + σI)x), `cycles` times from x = 0. */
export function fixedCycles({ wasm, memory, operator, cycle }: IterationParts, cycles: number): LaneIteration {
  const { size } = operator;
  const work = workBlocks(memory, size, 2);
  const unchanged = memory.doubles(8).fill(1);
  const minusShift = new Float64Array(8);
  return {
    prepare: work.prepare,
    solve(lanes, factors, { x, y, out }) {
      const [rhs, residual] = work.of(lanes);
      operator.combine(lanes, { a: factors.rhs, b: zeros, c: factors.neighbour, d: zeros }, { x, y, out: rhs });
      const whole: SolveFactors = { shift: factors.shift, rhs: ones, neighbour: zeros };
      for (let l = 0; l < lanes; l++) minusShift[l] = -factors.shift[l];
      cycle.apply(lanes, whole, { x: rhs, out });
      for (let k = 1; k < cycles; k++) {
        operator.combine(lanes, { a: minusShift, b: minusOnes, c: ones, d: zeros }, { x: out, y: rhs, out: residual });
        cycle.apply(lanes, whole, { x: residual, out: residual });
        wasm.laneDirection(lanes, size, unchanged.byteOffset, address(residual), address(out));
      }
    },
  };
}

/** Residual, relative to the right-hand side, that conjugate gradients aim for. */
const RELATIVE_TOLERANCE = 1e-15;
/** Steps without a smaller residual after which rounding has the last word. */
const PATIENCE = 20;

/** Conjugate gradients with one cycle as preconditioner, to rounding, with scalars of its own in each lane; a lane that is done stands still. */
export function conjugateGradients({ wasm, memory, operator, cycle }: IterationParts): LaneIteration {
  const { size } = operator;
  const work = workBlocks(memory, size, 4);
  const [factors, sums] = [memory.doubles(8), memory.doubles(16)];
  const lane = laneScalars();
  return {
    prepare: work.prepare,
    solve(lanes, given, { x, y, out }) {
      const [r, z, p, q] = work.of(lanes);
      const [rAt, zAt, pAt, qAt, outAt] = [r, z, p, q, out].map(address);
      const shifted: CombinationFactors = { a: given.shift, b: ones, c: zeros, d: zeros };
      const identity: SolveFactors = { shift: given.shift, rhs: ones, neighbour: zeros };
      operator.combine(lanes, { a: given.rhs, b: zeros, c: given.neighbour, d: zeros }, { x, y, out: r });
      operator.combine(lanes, { a: zeros, b: zeros, c: zeros, d: zeros }, { x: r, out });
      p.data.fill(0);
      wasm.laneProducts(lanes, size, rAt, rAt, sums.byteOffset);
      lane.begin(lanes, sums);
      while (lane.active(lanes)) {
        cycle.apply(lanes, identity, { x: r, out: z });
        wasm.laneProducts(lanes, size, rAt, zAt, sums.byteOffset);
        lane.direction(lanes, sums, factors);
        wasm.laneDirection(lanes, size, factors.byteOffset, zAt, pAt);
        operator.combine(lanes, shifted, { x: p, out: q });
        wasm.laneProducts(lanes, size, pAt, qAt, sums.byteOffset);
        lane.step(lanes, sums, factors);
        wasm.laneStep(lanes, size, ...([factors.byteOffset, pAt, qAt, outAt, rAt, sums.byteOffset] as const));
        lane.finish(lanes, sums);
      }
    },
  };
}

function address({ data, offset }: Block): number {
  return data.byteOffset + 8 * offset;
}

interface LaneScalars {
  /** From Σ r·r. */
  begin(lanes: Lanes, sums: Float64Array): void;
  active(lanes: Lanes): boolean;
  /** Factors of the old direction from Σ r·z. */
  direction(lanes: Lanes, sums: Float64Array, factors: Float64Array): void;
  /** Step lengths from Σ p·q, 0 for lanes that are done. */
  step(lanes: Lanes, sums: Float64Array, factors: Float64Array): void;
  /** From the new Σ r·r. */
  finish(lanes: Lanes, sums: Float64Array): void;
}

/** The scalars of conjugate gradients lane by lane. */
function laneScalars(): LaneScalars {
  const [goal, norm, energy, previous, smallest, rising] = Array.from({ length: 6 }, () => new Float64Array(8));
  /** Of the even and of the odd dofs. */
  const sumOf = (lanes: Lanes, sums: Float64Array, l: number): number => sums[l] + sums[lanes + l];
  const running = (l: number): boolean => rising[l] < PATIENCE && norm[l] > goal[l];
  const spread = (lanes: Lanes, factors: Float64Array): void => void (lanes === 1 && (factors[1] = factors[0]));
  return {
    begin(lanes, sums) {
      for (let l = 0; l < lanes; l++) {
        norm[l] = sumOf(lanes, sums, l);
        goal[l] = RELATIVE_TOLERANCE ** 2 * norm[l];
      }
      previous.fill(1);
      smallest.fill(Infinity);
      rising.fill(0);
    },
    active(lanes) {
      for (let l = 0; l < lanes; l++) if (running(l)) return true;
      return false;
    },
    direction(lanes, sums, factors) {
      for (let l = 0; l < lanes; l++) {
        energy[l] = sumOf(lanes, sums, l);
        factors[l] = running(l) ? energy[l] / previous[l] : 0;
      }
      spread(lanes, factors);
    },
    step(lanes, sums, factors) {
      for (let l = 0; l < lanes; l++) factors[l] = running(l) ? energy[l] / sumOf(lanes, sums, l) : 0;
      spread(lanes, factors);
    },
    finish(lanes, sums) {
      for (let l = 0; l < lanes; l++) {
        if (!running(l)) continue;
        norm[l] = sumOf(lanes, sums, l);
        rising[l] = energy[l] < smallest[l] ? 0 : rising[l] + 1;
        smallest[l] = Math.min(smallest[l], energy[l]);
        previous[l] = energy[l];
      }
    },
  };
}
