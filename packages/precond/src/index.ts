export { matchingRows, type MatchingFactorKind, type MatchingFactorOptions } from "./matching-factor.js";
export { matching } from "./matching.js";
export { subdomainSolves, type SubdomainSolves } from "./subdomain-solves.js";
export { coarseNodes, coarseCorrection, type CoarseCorrection, type CoarseLevel } from "./coarse-correction.js";
export { prolongation, type Prolongation } from "./prolongation.js";
export {
  multilevel,
  oneLevel,
  twoLevel,
  type Combination,
  type DecompositionOptions,
  type MultilevelOptions,
  type TwoLevelOptions,
} from "./two-level.js";
export { kktBlockElimination } from "./kkt-block-elimination.js";
export { kktBlockDiagonal } from "./kkt-block-diagonal.js";
