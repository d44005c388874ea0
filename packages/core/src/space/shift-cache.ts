import { requireArgument } from "../errors.js";

/** `create(σ)` called once per shift; later calls return the same object. Errors: `InvalidArgumentError` unless 0 ≤ σ < ∞. */
export function shiftCache<T>(create: (shift: number) => T): (shift: number) => T {
  const known = new Map<number, T>();
  return (shift) => {
    const found = known.get(shift);
    if (found !== undefined) return found;
    requireArgument(Number.isFinite(shift) && shift >= 0, () => ({
      what: "shift",
      where: "SpatialSolver.shifted",
      expected: "a finite number of at least 0",
      got: String(shift),
    }));
    const created = create(shift);
    known.set(shift, created);
    return created;
  };
}
