export { matchingRows, type MatchingFactorKind, type MatchingFactorOptions } from "./matching-factor.js";
export { matching } from "./matching.js";
export { forgettingSteps, overlappingMatching } from "./overlapping-matching.js";
export { subdomainSolves, type SubdomainSolves } from "./subdomain-solves.js";
export { coarseNodes, coarseCorrection, type CoarseCorrection, type CoarseLevel } from "./coarse-correction.js";
export { passesThroughRanks, type CoarseInverse, type Meanwhile } from "./coarse-matching.js";
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
export { frequencyBlocks, frequencyShift, timeDiagonalization, type FrequencyShifts } from "./time-diagonalization.js";
export { chooseCoarsening, hierarchyCost, timeLevels, type CoarseningRule, type FinestLevel, type HierarchyCosts, type TimeLevel } from "./level-hierarchy.js";
export { kktBlockElimination } from "./kkt-block-elimination.js";
export { kktBlockDiagonal } from "./kkt-block-diagonal.js";
export { planSolve, type PlannedAlternative, type SolvePlan } from "./planner/plan-solve.js";
export type {
  DiffusivityFacts,
  FixedChoices,
  PlanFacts,
  PlannedFormulation,
  PlannedPreconditioner,
  PlannedSpatialSolver,
} from "./planner/plan-facts.js";
export { describeChoice, type PreconditionerChoice, type SolveChoice, type SpatialSolverChoice } from "./planner/solve-choice.js";
export { measuredCosts } from "./planner/measured-costs.js";
export type { CholeskyCosts, CostCurve, CycleCosts, GridCosts, LaneCosts, MethodCosts, MultigridCosts, SchurCosts, SolveCosts, SolverCosts } from "./planner/solve-costs.js";
export { communicationSeconds, networkNamed, networks, type Communication, type Network } from "./performance/network.js";
export { distributedLevels, ownedSteps, sweptSteps, type DistributedLevel, type DistributedSolve } from "./performance/distributed-solve.js";
export { predictOnRanks, type Limit, type Machine, type RankPrediction, type RankedSolve } from "./performance/predict-ranks.js";
export { distributedChoice } from "./performance/distributed-choice.js";
export { communicationTotals, iterationCommunication } from "./performance/iteration-communication.js";
export { iterationSolves } from "./performance/iteration-solves.js";
