import { bandFactor, bandMatrix } from "../band-factor.js";
import { boxStencilOfCross, boxStencilOfMatrix } from "../box-stencil.js";
import type { Block, Lanes, SolveBlocks, SolveFactors } from "../lane-kernels.js";
import type { MultigridData } from "../multigrid-data.js";
import { variableStencil } from "../stencil-shape.js";
import { cyclePlan, PlanWord, type CycleLanes, type CyclePlan } from "./multigrid-plan.js";
import { levelTables, type RealMemory } from "./multigrid-tables.js";
import type { WasmExports } from "./wasm-exports.js";

/** One V(1,1)-cycle B on blocks. */
export interface LaneCycle {
  prepare(lanes: Lanes, shifts: readonly number[]): void;
  /** out ← B(αx + βy) */
  apply(lanes: Lanes, factors: SolveFactors, blocks: SolveBlocks): void;
}

/** Storage: the tables of the levels; for each number of lanes the work space; for each shift a factor of the coarsest matrix. */
export function simdCycle(wasm: WasmExports, memory: RealMemory, data: MultigridData): LaneCycle {
  const tables = data.levels.map((_, l) => levelTables(memory, data, l));
  const coarsest = data.levels.at(-1)!;
  const band = bandMatrix(coarsest.points, coarsest.matrix === undefined ? boxStencilOfCross(variableStencil(data.finest)) : boxStencilOfMatrix(coarsest.points, coarsest.matrix));
  const plans = new Map<CycleLanes, CyclePlan>();
  const factorOf = new Map<number, number>();
  return {
    prepare(lanes, shifts) {
      const width = cycleLanes(lanes);
      if (!plans.has(width)) plans.set(width, cyclePlan(memory, width, { dimensions: data.finest.points.length, tables, coarsest: band }));
      for (const shift of shifts) {
        if (factorOf.has(shift)) continue;
        const factor = memory.memory.doubles(band.rows.length);
        factor.set(bandFactor(band, coarsest.mass, shift));
        factorOf.set(shift, factor.byteOffset);
      }
    },
    apply(lanes, factors, blocks) {
      const width = cycleLanes(lanes);
      const plan = plans.get(width);
      if (plan === undefined) throw new Error(`multigrid: not prepared for ${lanes} lanes`);
      plan.words[PlanWord.laneStride] = 8 * lanes;
      for (let first = 0; first < lanes; first += width) {
        setLanes(plan, { width, first, factors, factorOf });
        if (blocks.y === undefined) plan.factors.fill(0, width, 2 * width);
        setBlocks(plan.words, first, blocks);
        wasm.multigridCycle(plan.words.byteOffset, width, memory.real === 4);
      }
    },
  };
}

function cycleLanes(lanes: Lanes): CycleLanes {
  return lanes === 2 ? 1 : lanes;
}

interface LaneRange {
  readonly width: CycleLanes;
  readonly first: number;
  readonly factors: SolveFactors;
  /** Address of the coarsest factor of each shift. */
  readonly factorOf: ReadonlyMap<number, number>;
}

function setLanes({ words, factors, shifts, sizes, scales }: CyclePlan, { width, first, factors: given, factorOf }: LaneRange): void {
  for (let l = 0; l < width; l++) {
    const shift = given.shift[first + l];
    const factor = factorOf.get(shift);
    if (factor === undefined) throw new Error(`multigrid: not prepared for the shift ${shift}`);
    words[PlanWord.factorOfLane + l] = factor;
    factors[l] = given.rhs[first + l];
    factors[width + l] = given.neighbour[first + l];
    shifts[l] = shift;
  }
  if (width === 1) shifts.fill(shifts[0]);
  sizes.fill(0);
  scales.fill(1);
}

function setBlocks(words: Uint32Array, lane: number, { x, y, out }: SolveBlocks): void {
  words[PlanWord.x] = address(x, lane);
  words[PlanWord.y] = address(y ?? x, lane);
  words[PlanWord.out] = address(out, lane);
}

function address({ data, offset }: Block, lane: number): number {
  return data.byteOffset + 8 * (offset + lane);
}
