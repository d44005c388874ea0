/** One law that a discretization, a solver or a solution must obey: the figure found against the largest that is allowed. */
export interface VerificationCheck {
  /** What is checked, in a few words. */
  readonly name: string;
  /** The law, with its formula. */
  readonly law: string;
  /** `undefined` where the law does not apply. */
  readonly figure: number | undefined;
  readonly tolerance: number;
  readonly verdict: "passed" | "failed" | "not applicable";
  /** What the figure says; of a failed check what it points to. */
  readonly reason: string;
}

/** What is known of a check before it is made. */
export interface CheckedLaw {
  readonly name: string;
  readonly law: string;
  readonly tolerance: number;
  /** Said of a figure within the tolerance. */
  readonly holds: string;
  /** Said of a figure that is not. */
  readonly points: string;
}

/** The verdict on a figure; one that is not a number fails. */
export function verdictOn({ name, law, tolerance, holds, points }: CheckedLaw, figure: number): VerificationCheck {
  const passed = figure <= tolerance;
  return { name, law, figure, tolerance, verdict: passed ? "passed" : "failed", reason: passed ? holds : points };
}

/** A law that has nothing to say here, and why. */
export function notApplicable({ name, law, tolerance }: Pick<CheckedLaw, "name" | "law" | "tolerance">, reason: string): VerificationCheck {
  return { name, law, figure: undefined, tolerance, verdict: "not applicable", reason };
}
