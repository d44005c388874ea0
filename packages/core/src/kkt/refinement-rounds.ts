import type { KrylovCounts } from "../krylov/krylov-method.js";
import { projectionOf, projectionValues, type ProjectedOperator } from "../krylov/projected-operator.js";
import type { KeptState, SolveState } from "../krylov/solve-state.js";

/** What the rounds of a certified solve have added up to. */
export interface History {
  iterations: number;
  /** Rounds after the first. */
  refinements: number;
  readonly residualNorms: number[];
  readonly counts: KrylovCounts;
  projection: ProjectedOperator;
}

/** (KKT.2) against the own norm in this round: the largest own norm, and (KKT.2) relative to the reduction since, once it was measured. */
export interface Trust {
  largest: number;
  ratio: number | undefined;
}

/** The rounds so far, and what the next one is asked for. */
export interface Rounds {
  readonly history: History;
  /** (KKT.2) before the round. */
  previous: number;
  /** Factor on what the round is asked for in its own norm. */
  strictness: number;
  readonly trust: Trust;
}

export function firstRound(): Rounds {
  const counts = { operatorApplications: 0, preconditionerApplications: 0, innerProducts: 0, reductions: 0 };
  const projection = { symmetric: true, columns: [] };
  return { history: { iterations: 0, refinements: 0, residualNorms: [], counts, projection }, previous: 1, strictness: 1, trust: untried() };
}

function untried(): Trust {
  return { largest: 0, ratio: undefined };
}

/** One more round. */
export function startRound({ history, trust }: Rounds): void {
  history.refinements++;
  Object.assign(trust, untried());
}

/** The rounds and the state of the method in the present one. The first round iterates on `iterate` itself. */
export function savedRounds({ history, previous, strictness, trust }: Rounds, iterate: Float64Array, { iteration, values, vectors }: SolveState): SolveState {
  const { operatorApplications, preconditionerApplications, innerProducts, reductions } = history.counts;
  return {
    iteration: history.iterations + iteration,
    values: {
      ...values,
      round: [history.refinements, history.iterations, previous, strictness, trust.largest, trust.ratio ?? Number.NaN],
      earlierProjection: projectionValues(history.projection),
      earlierNorms: history.residualNorms,
      earlierCounts: [operatorApplications, preconditionerApplications, innerProducts, reductions],
    },
    vectors: history.refinements > 0 ? [iterate, ...vectors] : vectors,
  };
}

/** The same back; `ofMethod`: what the method goes on from. */
export function keptRounds({ values, load }: KeptState): { rounds: Rounds; ofMethod: KeptState } {
  const { history, trust, ...rest } = firstRound();
  const [refinements, iterations, previous, strictness, largest, ratio] = values["round"];
  Object.assign(history, { refinements, iterations, projection: projectionOf(values["earlierProjection"]) });
  Object.assign(trust, { largest, ratio: Number.isNaN(ratio) ? undefined : ratio });
  const [operatorApplications, preconditionerApplications, innerProducts, reductions] = values["earlierCounts"];
  Object.assign(history.counts, { operatorApplications, preconditionerApplications, innerProducts, reductions });
  for (const norm of values["earlierNorms"]) history.residualNorms.push(norm);
  const first = refinements > 0 ? 1 : 0;
  return { rounds: { ...rest, history, trust, previous, strictness }, ofMethod: { values, load: (index, out) => load(index + first, out) } };
}
