import { projectionRecord, type ProjectedOperator } from "./projected-operator.js";

/**
 * The Lanczos matrix that conjugate gradients build without saying so, from their steps αₖ and ratios βₖ = ρₖ/ρₖ₋₁ [Saad2003] section 6.7.3:
 * Tₖₖ = 1/αₖ + βₖ/αₖ₋₁, Tₖ₊₁ₖ = √βₖ₊₁/αₖ.
 */
export interface LanczosRecord {
  begin(): void;
  /** αₖ and βₖ of an iteration, β₀ = 0. */
  append(step: number, ratio: number): void;
  reset(): void;
  longest(): ProjectedOperator;
  values(): number[];
  restore(values: readonly number[]): void;
}

export function lanczosRecord(): LanczosRecord {
  const columns = projectionRecord(true);
  let previousStep = Infinity;
  let count = 0;
  return {
    begin() {
      columns.begin();
      previousStep = Infinity;
      count = 0;
    },
    append(step, ratio) {
      const coupling = Math.sqrt(ratio) / previousStep;
      columns.extend(coupling);
      const diagonal = 1 / step + ratio / previousStep;
      columns.append(count > 0 ? [coupling, diagonal] : [diagonal]);
      previousStep = step;
      count++;
    },
    reset: columns.reset,
    longest: columns.longest,
    values: () => [previousStep, count, ...columns.values()],
    restore(values) {
      [previousStep, count] = values;
      columns.restore(values.slice(2));
    },
  };
}
