/** What this rank has evaluated, and the longest chain of evaluations that depend on one another, as they happened. */
export interface MgritCounts {
  /** Step functions by level, finest first (of an adjoint march: vector–Jacobian products). */
  readonly evaluations: number[];
  /** Evaluations one after the other if every interval had a worker of its own. */
  span: number;
}

export function zeroCounts(levels: number): MgritCounts {
  return { evaluations: new Array<number>(levels).fill(0), span: 0 };
}
