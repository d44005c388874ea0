import type { LaneOperator, SolveChain } from "@parakkt/kernels";
import type { LaneIntegrator } from "./lane-integrator.js";
import type { TimeIntegrator } from "./time-integrator.js";

/** Number of spatial solves: implicit steps taken, forward and adjoint. */
export interface SolveCounter {
  spatialSolves: number;
}

/** The same integrator, also under any reaction, with every `step` and `stepAdjoint` counted. */
export function countingIntegrator(integrator: TimeIntegrator, counter: SolveCounter): TimeIntegrator {
  const { name, order, stateSize, controlSize, controlScale, exact = true } = integrator;
  return {
    name,
    order,
    stateSize,
    controlSize,
    controlScale,
    get slowestDecay() {
      return integrator.slowestDecay ?? 0;
    },
    exact,
    residual: (...args) => integrator.residual(...args),
    residualAdjoint: (...args) => integrator.residualAdjoint(...args),
    applyControl: (...args) => integrator.applyControl(...args),
    applyControlAdjoint: (...args) => integrator.applyControlAdjoint(...args),
    step(step, previous, forcing, next) {
      counter.spatialSolves++;
      integrator.step(step, previous, forcing, next);
    },
    stepAdjoint(step, sensitivity, multiplier, previousSensitivity) {
      counter.spatialSolves++;
      integrator.stepAdjoint(step, sensitivity, multiplier, previousSensitivity);
    },
    lanes(kernels) {
      const lanes = integrator.lanes?.(kernels);
      return lanes && countingLanes(lanes, counter);
    },
    withReaction: (reaction) => countingIntegrator(integrator.withReaction(reaction), counter),
  };
}

/** The same with every solve counted; a lane with α = β = 0 is idle and does not count. */
function countingLanes(integrator: LaneIntegrator, counter: SolveCounter): LaneIntegrator {
  const { solver, operator } = integrator;
  const count = (rhs: Float64Array | undefined, neighbour: Float64Array): void => {
    for (let l = 0; l < neighbour.length; l++) if ((rhs && rhs[l] !== 0) || neighbour[l] !== 0) counter.spatialSolves++;
  };
  return {
    ...integrator,
    operator: { ...operator, ...countingConjugateGradients(operator, counter) },
    solver: {
      size: solver.size,
      prepare: (lanes, shifts) => solver.prepare(lanes, shifts),
      solve(lanes, factors, blocks) {
        count(factors.rhs, factors.neighbour);
        solver.solve(lanes, factors, blocks);
      },
      ...(solver.chain && { chain: (lanes) => countedChain(solver.chain?.(lanes), count) }),
    },
  };
}

function countedChain(chain: SolveChain | undefined, count: (rhs: Float64Array | undefined, neighbour: Float64Array) => void): SolveChain | undefined {
  return (
    chain && {
      ...chain,
      solve(factors, blocks, ...[coupled, products]) {
        count(factors.rhs, factors.neighbour);
        chain.solve(factors, blocks, coupled, products);
      },
      solveKept(factors, kept, coupled) {
        count(kept && factors.rhs, factors.neighbour);
        chain.solveKept(factors, kept, coupled);
      },
    }
  );
}

/** An application of M⁻¹ is two solves a step, one in `turn` and one in `advance`. */
function countingConjugateGradients({ conjugateGradients }: LaneOperator, counter: SolveCounter): Pick<LaneOperator, "conjugateGradients"> {
  if (!conjugateGradients) return {};
  return {
    conjugateGradients(rows) {
      const fused = conjugateGradients(rows);
      const counted = <A extends unknown[]>(run: (...args: A) => void) => (...args: A): void => {
        counter.spatialSolves += rows.length;
        run(...args);
      };
      return { ...fused, begin: counted(fused.begin), turn: counted(fused.turn), advance: counted(fused.advance) };
    },
  };
}
