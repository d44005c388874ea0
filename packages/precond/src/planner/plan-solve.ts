import { requireArgument } from "@parakkt/core";
import { distributedChoice } from "../performance/distributed-choice.js";
import { predictOnRanks } from "../performance/predict-ranks.js";
import { measuredCosts } from "./measured-costs.js";
import { completeFacts, type CompleteFacts, type PlanFacts } from "./plan-facts.js";
import { predictedTime } from "./predict-time.js";
import { reducedCondition, reducedIterations } from "./reduced-iterations.js";
import { schurIterations } from "./schur-iterations.js";
import { solveCandidates } from "./solve-candidates.js";
import { describeChoice, type SolveChoice } from "./solve-choice.js";
import type { SolveCosts } from "./solve-costs.js";

/** One way of solving and what it is predicted to take. */
export interface PlannedAlternative extends SolveChoice {
  readonly predictedIterations: number;
  /** On one thread of the machine of the cost table, or on so many ranks of it. */
  readonly predictedSeconds: number;
}

/** The choice of the planner. */
export interface SolvePlan {
  readonly chosen: PlannedAlternative;
  /** The reason in one sentence, with the predicted numbers. */
  readonly why: string;
  /** All that were compared, the chosen one first, in the order of their predicted times. */
  readonly alternatives: readonly PlannedAlternative[];
  /** Where the predicted seconds come from. */
  readonly costs: Pick<SolveCosts, "machine" | "date">;
}

/**
 * Chooses formulation, preconditioner and spatial solver with the least predicted time (docs/theory/cost-model.md). What is fixed stays as it is.
 *
 * A pure function of facts and costs, some milliseconds. Errors: `InvalidArgumentError` for facts that make no sense, or where nothing fits
 * what is fixed (`direct` or `fast-diagonalization` with variable ν, multigrid in 1-D, no preconditioner with gmres).
 */
export function planSolve(given: PlanFacts, costs: SolveCosts = measuredCosts): SolvePlan {
  const facts = completeFacts(given);
  const candidates = solveCandidates(facts);
  requireArgument(candidates.length > 0, () => ({
    what: "fixed choices",
    where: "planSolve",
    expected: "choices that go together",
    got: JSON.stringify(facts.fixed),
    hint: "direct and fast-diagonalization need a constant diffusivity, multigrid two dimensions, gmres a preconditioner.",
  }));
  const iterations = iterationPredictor(facts);
  const predicted = candidates.map((choice): PlannedAlternative => {
    const predictedIterations = iterations(choice);
    return { ...choice, predictedIterations, predictedSeconds: predictedSeconds(choice, facts, { iterations: predictedIterations, costs }) };
  });
  const alternatives = bestCycles(predicted.sort((a, b) => a.predictedSeconds - b.predictedSeconds));
  const { machine, date } = costs;
  return { chosen: alternatives[0], why: reason(alternatives, facts), alternatives, costs: { machine, date } };
}

function predictedSeconds(choice: SolveChoice, facts: CompleteFacts, { iterations, costs }: { iterations: number; costs: SolveCosts }): number {
  if (facts.ranks === 1) {
    const { setUp, iteration, rest } = predictedTime(choice, facts, { iterations, costs });
    return setUp + iterations * iteration + rest;
  }
  const { spatialSolver } = choice;
  const machine = { network: facts.network, costs };
  return predictOnRanks(facts, { distributed: distributedChoice(choice, facts), spatialSolver, iterations }, facts.ranks, machine).seconds;
}

/** The prediction for a candidate; that of `reduced` is the same for all and made once. */
function iterationPredictor(facts: CompleteFacts): (choice: SolveChoice) => number {
  let reduced: number | undefined;
  return ({ formulation, preconditioner, spatialSolver }) => {
    if (formulation === "direct") return 0;
    if (formulation === "reduced") return (reduced ??= reducedIterations(facts));
    const { kind, subdomains = 1 } = preconditioner;
    return schurIterations(facts, { preconditioner: kind, subdomains, cycles: spatialSolver.cycles });
  };
}

/** Of multigrid only the best number of cycles for each preconditioner and precision; all numbers where they are all there is to choose. */
function bestCycles(sorted: readonly PlannedAlternative[]): readonly PlannedAlternative[] {
  const keyOf = ({ formulation, preconditioner, spatialSolver }: PlannedAlternative): string =>
    JSON.stringify([formulation, preconditioner, spatialSolver.kind, spatialSolver.precision]);
  const best = sorted.filter((alternative, i) => sorted.findIndex((other) => keyOf(other) === keyOf(alternative)) === i);
  return best.length === 1 ? sorted : best;
}

function reason([chosen, next]: readonly PlannedAlternative[], facts: CompleteFacts): string {
  const basis = basisOf(chosen, facts);
  const predicted = `predicted ${figures(chosen)}`;
  const compared = next === undefined ? "nothing else fits what is given" : `next best ${describeChoice(next)}, predicted ${figures(next)}`;
  return `${describeChoice(chosen)}: ${basis}${predicted}; ${compared}`;
}

function basisOf({ formulation }: SolveChoice, facts: CompleteFacts): string {
  if (formulation === "direct") return "the diffusivity is constant; ";
  if (formulation !== "reduced") return "";
  return `the condition number of the reduced Hessian is about ${reducedCondition(facts).toPrecision(4)}; `;
}

function figures({ predictedIterations: iterations, predictedSeconds }: PlannedAlternative): string {
  const count = iterations === 0 ? "" : ` in ${iterations} iteration${iterations === 1 ? "" : "s"}`;
  return `${Number(predictedSeconds.toPrecision(2))} s${count}`;
}
