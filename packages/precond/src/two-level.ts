import { requireArgument, requireName, schurComplement, subtract, type LinearOperator, type Preconditioner, type SpaceTimeDiscretization } from "@parakkt/core";
import { coarseCorrection, type CoarseCorrection, type CoarseLevel } from "./coarse-correction.js";
import { coarseMatching } from "./coarse-matching.js";
import { timeLevels, type CoarseningRule, type TimeLevel } from "./level-hierarchy.js";
import { matching } from "./matching.js";
import { requireMatchingFactor, type MatchingFactorKind } from "./matching-factor.js";
import { subdomainSolves, type SubdomainSolves } from "./subdomain-solves.js";

/** `additive`: symmetric positive definite, for any Krylov method; `restricted`: fewer iterations, for GMRES and FGMRES. */
export type Combination = "additive" | "restricted";

export interface DecompositionOptions {
  readonly combination: Combination;
  /** The matching factor of the local, coarse and whole-interval sweeps. */
  readonly factor: MatchingFactorKind;
}

export interface TwoLevelOptions extends DecompositionOptions {
  /** κ, default 1. */
  readonly nodesPerSubdomain?: number;
}

export interface MultilevelOptions extends TwoLevelOptions, Partial<CoarseningRule> {}

/** Overlapping subdomains in time without a coarse grid: for comparison, its iteration count grows with P. */
export function oneLevel(discretization: SpaceTimeDiscretization, options: DecompositionOptions): Preconditioner {
  requireNames(options, "oneLevel");
  return decomposition(discretization, options, undefined);
}

/**
 * Two-level time-domain decomposition of S (TL.1), (TL.2): independent sweeps over overlapping time subdomains and one sweep
 * over a coarse time grid. For m steps a subdomain the condition of M⁻¹S has a bound that contains neither N nor P, mesh,
 * diffusivity or regularization; it grows like √(m/δ), so long subdomains want more coarse nodes (m/κ about 16).
 *
 * A preconditioner of S on `discretization`; P = 1 is `matching` on the whole interval. An application costs 2 Σᵢ (mᵢ + 2δ) + 2κP
 * spatial solves; restricted also applies S once. Storage for N steps of n dofs: P(m + 2δ)n local states, (4G + 2)n for the sweeps
 * of G lane groups, (2κP + 36)n for the coarse level; restricted N n and the work of S more.
 */
export function twoLevel(discretization: SpaceTimeDiscretization, options: TwoLevelOptions): Preconditioner {
  requireNames(options, "twoLevel");
  return decomposition(discretization, options, {
    nodesPerSubdomain: options.nodesPerSubdomain ?? 1,
    subdomainsOf: () => 1,
    inverse: (coarse) => coarseMatching(coarse, options.factor),
    overlapped: isAdditive(options),
  });
}

/**
 * The same with the coarse problem itself decomposed, level by level (TL.3), as `timeLevels` says: default pieces of as many steps as on the finest level,
 * until there are at most 64 steps; `chooseCoarsening` finds what takes least time.
 */
export function multilevel(discretization: SpaceTimeDiscretization, options: MultilevelOptions): Preconditioner {
  requireNames(options, "multilevel");
  const { grid, subdomains } = discretization.partition;
  const nodesPerSubdomain = options.nodesPerSubdomain ?? 1;
  const { stepsPerSubdomain = grid.steps / subdomains, serialSteps = 64 } = options;
  const levels = timeLevels({ steps: grid.steps, subdomains, nodesPerSubdomain }, { stepsPerSubdomain, serialSteps });
  return decomposedLevels(discretization, { ...options, nodesPerSubdomain }, levels);
}

function decomposedLevels(discretization: SpaceTimeDiscretization, options: DecompositionOptions & { nodesPerSubdomain: number }, [, ...coarser]: readonly TimeLevel[]): Preconditioner {
  return decomposition(discretization, options, {
    nodesPerSubdomain: options.nodesPerSubdomain,
    subdomainsOf: () => coarser[0].subdomains,
    inverse: (coarse) => (coarser[0].subdomains === 1 ? coarseMatching(coarse, options.factor) : decomposedLevels(coarse, options, coarser)),
    overlapped: isAdditive(options),
  });
}

function decomposition(discretization: SpaceTimeDiscretization, options: DecompositionOptions, level: CoarseLevel | undefined): Preconditioner {
  const { partition, stateLayout, arena } = discretization;
  if (partition.subdomains === 1) return matching(discretization, options.factor);
  const local = subdomainSolves(discretization, options.factor);
  const coarse = level === undefined ? zeroCorrection : coarseCorrection(discretization, level);
  const apply =
    isAdditive(options)
      ? additive(local, coarse)
      : restricted(local, coarse, { schur: schurComplement(discretization), remaining: arena.allocate(stateLayout.length) });
  return { size: stateLayout.length, stationary: true, symmetric: isAdditive(options), apply };
}

const isAdditive = ({ combination }: DecompositionOptions): boolean => combination === "additive";

function requireNames(options: DecompositionOptions | undefined, where: string): void {
  requireArgument(options !== undefined, () => ({
    what: "options",
    where,
    expected: "{ combination, factor } behind the discretization",
    got: "undefined",
    hint: `A solver wants a function: (discretization) => ${where}(discretization, options).`,
  }));
  const { combination, factor } = options;
  requireName(combination, ["additive", "restricted"], { what: "combination", where });
  requireMatchingFactor(factor, where);
}

type Apply = Preconditioner["apply"];

const zeroCorrection: CoarseCorrection = { restrict() {}, solve() {}, prolong: (out) => void out.fill(0) };

/** y = P S₀⁻¹ Pᵀ r + Σᵢ Rᵢᵀ Sᵢ⁻¹ Rᵢ r   (TL.1), the local solves in between the turns of this rank in the coarse sweeps. */
function additive(local: SubdomainSolves, coarse: CoarseCorrection): Apply {
  return (r, y) => {
    coarse.restrict(r);
    local.begin(r);
    coarse.solve(local.advance);
    local.advance(1);
    coarse.prolong(y);
    local.addExtended(y);
  };
}

/** y = P S₀⁻¹ Pᵀ r;  y += Σᵢ R̃ᵢᵀ Sᵢ⁻¹ Rᵢ (r − S y)   (TL.2) */
function restricted(local: SubdomainSolves, coarse: CoarseCorrection, { schur, remaining }: { schur: LinearOperator; remaining: Float64Array }): Apply {
  return (r, y) => {
    coarse.restrict(r);
    coarse.solve();
    coarse.prolong(y);
    schur.apply(y, remaining);
    subtract(r, remaining, remaining);
    local.begin(remaining);
    local.advance(1);
    local.addOwned(y);
  };
}
