/** What a mistake must say: what is wrong, where, what was expected against what was got, and what to try. */
export interface MistakeReport {
  readonly what: string;
  readonly where: string;
  readonly expected: string;
  readonly got: string;
  readonly hint?: string;
}

/** A caller's mistake, found before any computation. Numerical outcomes are values (`StopReason`), never exceptions. */
export class InvalidArgumentError extends Error {
  override readonly name = "InvalidArgumentError";

  constructor(readonly report: MistakeReport) {
    const { what, where, expected, got, hint } = report;
    super(`${where}: ${what}: expected ${expected}, got ${got}${hint === undefined ? "" : `. ${hint}`}`);
  }
}

/** Throws `InvalidArgumentError` unless `condition` holds. */
export function requireArgument(condition: boolean, report: () => MistakeReport): asserts condition {
  if (!condition) throw new InvalidArgumentError(report());
}

/**
 * Throws `InvalidArgumentError` unless an option is one of its names: types do not hold in plain JavaScript, where a misspelt name would be taken for another one.
 */
export function requireName<Name extends string>(value: unknown, names: readonly Name[], place: Pick<MistakeReport, "what" | "where">): asserts value is Name {
  requireArgument(names.some((name) => name === value), () => ({
    ...place,
    expected: `one of ${names.map((name) => `"${name}"`).join(", ")}`,
    got: typeof value === "string" ? `"${value}"` : typeof value,
  }));
}

/** A number that should have been finite: which operator made it, at which time step and degree of freedom. */
export class NonFiniteError extends Error {
  override readonly name = "NonFiniteError";

  constructor(
    readonly operator: string,
    readonly step: number,
    readonly index: number,
  ) {
    super(`${operator}: non-finite value at time step ${step}, degree of freedom ${index}`);
  }
}
