import {
  cosineFrequency,
  requireDiagonalizableTime,
  requireName,
  sweepOver,
  timeTransform,
  type LaneGroup,
  type Preconditioner,
  type SpaceTimeDiscretization,
  type Sweep,
  type SweepLane,
  type SweepRow,
} from "@parakkt/core";
import { reactionRate } from "./matching.js";

/**
 * `exact`: each frequency has its own shift. `shared`: shifts are rounded to a geometric progression of ratio √2, so that a solver that factors
 * needs about 2 log₂ N factors in place of N; the bounds of the spectrum widen by at most a factor √2 each.
 */
export type FrequencyShifts = "exact" | "shared";

/**
 * Diagonalization in time (DIA.1), (DIA.2): M⁻¹ = (V⊗I) blkdiag( τ (A + (√(sin²θₖ + c²) − cos θₖ) I)⁻² ) (V⊗I), V the cosine transform along
 * time. No coarse level: all frequencies are independent. spec(M⁻¹S) ⊂ [½, 2].
 *
 * A preconditioner of S on `discretization`; 2N spatial solves and two transforms, each two all-to-alls on several ranks.
 * Errors: `InvalidArgumentError` for unequal steps or an operator that depends on time. Reference: [Wu2020].
 */
export function timeDiagonalization(discretization: SpaceTimeDiscretization, shifts: FrequencyShifts = "exact"): Preconditioner {
  const { stateLayout, communicator, arena } = discretization;
  const transform = timeTransform(stateLayout, communicator, arena);
  const blocks = frequencyBlocks(discretization, shifts);
  const frequencies = arena.allocate(stateLayout.length);
  return {
    ...blocks,
    apply(residual, correction) {
      frequencies.set(residual);
      transform.apply(frequencies);
      blocks.apply(frequencies, correction);
      transform.apply(correction);
    },
  };
}

/**
 * The same in the cosine basis: a preconditioner of `frequencySchurFormulation`, without any transform or communication.
 * 2N spatial solves, all independent. Storage: that of the sweeps.
 */
export function frequencyBlocks(discretization: SpaceTimeDiscretization, shifts: FrequencyShifts = "exact"): Preconditioner {
  requireDiagonalizableTime(discretization, "timeDiagonalization");
  requireName(shifts, ["exact", "shared"], { what: "frequency shifts", where: "timeDiagonalization" });
  const { stateLayout } = discretization;
  const rowOf = frequencyRows(discretization, shifts);
  const sweeps = stateLayout.groups.map((group): Sweep => sweepOver(discretization, frequencyLanes(discretization, group, rowOf)));
  return {
    size: stateLayout.length,
    stationary: true,
    symmetric: true,
    apply(residual, correction) {
      for (const sweep of sweeps) {
        sweep.forward(residual, correction);
        sweep.adjoint(correction);
      }
    },
  };
}

/** βₖ = 1 + √(sin²θₖ + c²) − cos θₖ > 0: the block of frequency k is (βₖ I + τL)² (DIA.2). */
export function frequencyShift(steps: number, k: number, c: number): number {
  const theta = cosineFrequency(steps, k);
  return 2 * Math.sin(theta / 2) ** 2 + Math.hypot(Math.sin(theta), c);
}

/** A solve with A + (β − 1) I is a step with reaction (β − 1)/τ, coupled to nothing; two of them scaled by √τ each. */
function frequencyRows(discretization: SpaceTimeDiscretization, shifts: FrequencyShifts): (k: number) => SweepRow {
  const { grid } = discretization.partition;
  const step = grid.step(1);
  const c = reactionRate(discretization) * step.size;
  return (k) => {
    const exact = frequencyShift(grid.steps, k, c);
    const shift = shifts === "exact" ? exact : 2 ** (Math.round(2 * Math.log2(exact)) / 2);
    return { step, reaction: (shift - 1) / step.size, scale: Math.sqrt(step.size), coupling: 0, adjointCoupling: 0 };
  };
}

function frequencyLanes({ stateLayout: { dofs } }: SpaceTimeDiscretization, { ranges, lanes, offset, rows }: LaneGroup, rowOf: (k: number) => SweepRow): SweepLane[] {
  return ranges.map(({ first, last }, lane) => ({
    rows: Array.from({ length: rows }, (_, row) => (first + row <= last ? rowOf(first + row) : undefined)),
    offsets: Array.from({ length: rows }, (_, row) => offset + row * dofs * lanes + lane),
    strides: Array.from({ length: rows }, () => lanes),
  }));
}
