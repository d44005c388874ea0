import { timeTransform } from "../space-time/time-transform.js";
import type { FormulationFactory } from "./formulation.js";
import { frequencySchurComplement } from "./frequency-schur-complement.js";
import { schurFormulation } from "./schur-formulation.js";
import { zeroIterate } from "./zero-iterate.js";

/**
 * `schurFormulation` in the cosine basis of time: Ŝ λ̂ = (V⊗I)(J ũ − b), λ = (V⊗I) λ̂ (DIA.1). The iteration itself never transforms; its
 * preconditioner is one of Ŝ (`frequencyBlocks` of precond). V is orthonormal, so that norms are those of S.
 *
 * Transforms: the right-hand side, the candidate, and each measurement of (KKT.2). Storage: that of `schur`, one state series more and the transform.
 */
export const frequencySchurFormulation: FormulationFactory = (discretization, problem) => {
  const inTime = schurFormulation(discretization, problem);
  const { stateLayout, communicator, arena } = discretization;
  const transform = timeTransform(stateLayout, communicator, arena);
  const iterate = zeroIterate(arena, stateLayout.length);
  return {
    name: "schur",
    operator: frequencySchurComplement(discretization),
    space: inTime.space,
    iterate,
    candidate: inTime.candidate,
    series: inTime.series,
    reset() {
      inTime.reset();
      iterate.fill(0);
    },
    defect() {
      const defect = inTime.defect();
      transform.apply(defect);
      return defect;
    },
    acceptableShare: inTime.acceptableShare!,
    expectedResidual: inTime.expectedResidual!,
    relativeResidual(residual, work) {
      if (work !== residual) work.set(residual);
      transform.apply(work);
      return inTime.relativeResidual!(work, work);
    },
    complete() {
      inTime.iterate.set(iterate);
      transform.apply(inTime.iterate);
      inTime.complete();
    },
  };
};
