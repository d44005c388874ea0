/** A time grid of a hierarchy and its decomposition; one subdomain: swept as a whole. */
export interface TimeLevel {
  readonly steps: number;
  readonly subdomains: number;
}

/** The finest grid, cut as the user says. */
export interface FinestLevel extends TimeLevel {
  /** κ */
  readonly nodesPerSubdomain: number;
}

/** How the coarse grids are cut. */
export interface CoarseningRule {
  /** m of a coarse grid that is decomposed. */
  readonly stepsPerSubdomain: number;
  /** A grid with no more steps than this is swept as a whole. */
  readonly serialSteps: number;
}

/** All grids, finest first: a coarse one has κ steps a subdomain of the finer one, and is cut into pieces of about m steps while it is long and becomes shorter. */
export function timeLevels({ steps, subdomains, nodesPerSubdomain }: FinestLevel, rule: CoarseningRule): TimeLevel[] {
  const levels: TimeLevel[] = [{ steps, subdomains }];
  let finer = levels[0];
  while (finer.subdomains > 1) {
    const coarser = Math.min(finer.steps, finer.subdomains * nodesPerSubdomain);
    finer = { steps: coarser, subdomains: coarseSubdomains(coarser, { finer: finer.steps, nodesPerSubdomain, rule }) };
    levels.push(finer);
  }
  return levels;
}

function coarseSubdomains(steps: number, { finer, nodesPerSubdomain, rule }: { finer: number; nodesPerSubdomain: number; rule: CoarseningRule }): number {
  if (steps <= rule.serialSteps || steps >= finer) return 1;
  const subdomains = Math.ceil(steps / rule.stepsPerSubdomain);
  return subdomains * nodesPerSubdomain < steps ? subdomains : 1;
}

/** What the critical path depends on beside the grids. */
export interface HierarchyCosts {
  /** δ */
  readonly overlap: number;
  /** Additive levels cost more iterations than restricted ones. */
  readonly combination: "additive" | "restricted";
  /** Λ: what the messages of one decomposed level take, in spatial solves; default 1. */
  readonly latency?: number;
}

/** γ: part of the count that each further level adds (docs/theory/multilevel.md). */
const COUNT_GROWTH = { additive: 0.2, restricted: 0.05 } as const;
const STEPS_PER_SUBDOMAIN = [4, 8, 16, 32, 64] as const;

/**
 * Spatial solves on the critical path of one iteration with one subdomain a rank, on all levels, times the growth of the count:
 *
 *     (1 + γ)^(coarse levels − 1) · ( Σ_decomposed (2(m + 2δ) + Λ) + 2 N_coarsest )          (LEV.1)
 */
export function hierarchyCost(levels: readonly TimeLevel[], { overlap, combination, latency = 1 }: HierarchyCosts): number {
  const solves = levels.reduce((sum, { steps, subdomains }) => sum + (subdomains === 1 ? 2 * steps : 2 * (Math.ceil(steps / subdomains) + 2 * overlap) + latency), 0);
  return (1 + COUNT_GROWTH[combination]) ** Math.max(0, levels.length - 2) * solves;
}

/**
 * The rule of least predicted cost (LEV.1) for a finest grid: m = 4, 8, …, 64 and any number of levels are compared; what is `fixed` stays. It knows N, P and
 * costs, never the number of ranks: the mathematics stays the same on any of them.
 */
export function chooseCoarsening(finest: FinestLevel & HierarchyCosts, fixed: Partial<CoarseningRule> = {}): CoarseningRule {
  const sizes = fixed.stepsPerSubdomain === undefined ? STEPS_PER_SUBDOMAIN : [fixed.stepsPerSubdomain];
  const candidates = sizes.flatMap((stepsPerSubdomain) => {
    const [, ...coarse] = timeLevels(finest, { stepsPerSubdomain, serialSteps: 1 });
    const ends = fixed.serialSteps === undefined ? coarse.map(({ steps }) => steps) : [fixed.serialSteps];
    return ends.map((serialSteps): CoarseningRule => ({ stepsPerSubdomain, serialSteps }));
  });
  const costOf = (rule: CoarseningRule): number => hierarchyCost(timeLevels(finest, rule), finest);
  const whole = { stepsPerSubdomain: sizes[0], serialSteps: fixed.serialSteps ?? finest.steps };
  return candidates.reduce((best, rule) => (costOf(rule) < costOf(best) ? rule : best), candidates[0] ?? whole);
}
