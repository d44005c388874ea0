import { boxGrid, diffusivityProfile, InvalidArgumentError, timeGrid, type BoxGrid, type PointFunction } from "@parakkt/core";
import { networkNamed, planSolve, type DiffusivityFacts, type FixedChoices, type PlanFacts, type PlannedAlternative, type SolvePlan } from "@parakkt/precond";
import { DataError } from "../data/data-error.js";
import { loadField } from "../data/load-field.js";
import { ConfigError } from "./config-problem.js";
import { rankCount } from "./cross-checks.js";
import { stepCount, type ResolvedConfig } from "./resolved-config.js";
import type { ConfigInput } from "./schema.js";

/** A config that is sound but for what `auto` stands for. */
export interface PlanRequest {
  readonly input: ConfigInput;
  /** With any choice in place of `auto`. */
  readonly draft: ResolvedConfig;
  readonly constantDiffusivity: boolean;
  readonly directory: string;
  readonly allowPath: boolean;
}

/** Chooses what is left open, or nothing where nothing is: the formulation, a spatial solver for a variable diffusivity, or the cycles of multigrid in a preconditioner. */
export function planChoice(request: PlanRequest): SolvePlan | undefined {
  const { draft, input } = request;
  if (input.solver?.formulation !== "auto" && (draft.solver.formulation === "direct" || !(choosesSpatialSolver(request) || choosesCycles(request)))) return undefined;
  return planSolve(requestFacts(request));
}

function choosesSpatialSolver({ input, constantDiffusivity }: PlanRequest): boolean {
  return (input.spatialSolver?.kind ?? "auto") === "auto" && !constantDiffusivity;
}

/** How many are enough depends on the jumps of ν (COST.4). */
function choosesCycles({ input: { spatialSolver = {} }, draft }: PlanRequest): boolean {
  return spatialSolver.kind === "multigrid" && spatialSolver.cycles === undefined && draft.preconditioner.kind !== "none";
}

/** The problem, what is fixed, and the ranks, as the planner wants them. */
export function requestFacts(request: PlanRequest): PlanFacts {
  return {
    ...planFacts(request, fixedChoices(request)),
    // Only the whole choice knows ranks: a spatial solver left to auto must be the same on any number of them.
    ...ranksOf(request.draft),
    ...(request.input.solver?.formulation !== "auto" && { ranks: 1 }),
  };
}

function ranksOf({ parallel }: ResolvedConfig): Pick<PlanFacts, "ranks" | "network"> {
  return { ranks: rankCount(parallel), network: networkNamed(parallel.backend === "mpi" ? "mpi" : "shared-memory") };
}

/** What the config is predicted to take when everything stays as it is; `undefined` where the cost model does not know the combination. */
export function planAsConfigured(request: Omit<PlanRequest, "input">): PlannedAlternative | undefined {
  const { solver, preconditioner, spatialSolver } = request.draft;
  const { kind, cycles, precision } = { cycles: undefined, precision: undefined, ...spatialSolver };
  const fixed: FixedChoices = {
    formulation: solver.formulation,
    ...("method" in solver && { method: solver.method }),
    ...(solver.formulation !== "direct" && { preconditioner: preconditioner.kind }),
    ...("subdomains" in preconditioner && { subdomains: preconditioner.subdomains }),
    ...(preconditioner.kind === "overlapping-matching" && { overlap: preconditioner.overlap }),
    spatialSolver: kind,
    ...(cycles !== undefined && { cycles }),
    ...(precision !== undefined && { precision }),
  };
  try {
    return planSolve({ ...planFacts(request, fixed), ...ranksOf(request.draft) }).chosen;
  } catch (error) {
    if (error instanceof InvalidArgumentError) return undefined;
    throw error;
  }
}

function planFacts(request: Omit<PlanRequest, "input">, fixed: FixedChoices): PlanFacts {
  const { draft } = request;
  const { domain, time, regularization, controlScale } = draft.problem;
  const grid = boxGrid(domain);
  return {
    points: grid.points,
    extent: grid.extent,
    steps: stepCount(time),
    duration: "nodes" in time ? time.nodes.at(-1)! : time.final,
    equalSteps: !("nodes" in time) || timeGrid(time.nodes).uniform,
    regularization,
    controlScale,
    diffusivity: factsOfDiffusivity(request, grid),
    relativeTolerance: draft.solver.relativeTolerance,
    fixed,
  };
}

/** With formulation auto only what is written in the config is fixed, otherwise also its defaults. */
function fixedChoices(request: PlanRequest): FixedChoices {
  const { input, draft } = request;
  const { solver = {}, preconditioner = {}, spatialSolver = {} } = input;
  const automatic = solver.formulation === "auto";
  const { kind, subdomains } = automatic ? preconditioner : { subdomains: undefined, ...draft.preconditioner };
  const { kind: space = "auto", cycles } = spatialSolver;
  const precision = spatialSolver.precision ?? (!automatic && choosesCycles(request) ? "double" : undefined);
  return {
    ...(automatic ? {} : { formulation: draft.solver.formulation }),
    ...(solver.method === undefined ? {} : { method: solver.method }),
    ...(kind === undefined ? {} : { preconditioner: kind }),
    ...(subdomains === undefined ? {} : { subdomains }),
    ...(space === "auto" ? {} : { spatialSolver: space }),
    ...(cycles === undefined ? {} : { cycles }),
    ...(precision === undefined ? {} : { precision }),
  };
}

/** A value that is no diffusivity counts as 1: the mistake is reported with its place when all data are read. */
const sound = (value: number): number => (value > 0 && Number.isFinite(value) ? value : 1);

function factsOfDiffusivity(request: Omit<PlanRequest, "input">, grid: BoxGrid): DiffusivityFacts {
  const source = diffusivitySource(request, grid);
  if (source?.kind === "values") return variable(diffusivityProfile(grid, source.values.map(sound)));
  if (source?.kind !== "formula") return variable(diffusivityProfile(grid, 1));
  const { formula } = source;
  const point = new Float64Array(4);
  if (request.constantDiffusivity) return diffusivityProfile(grid, formula.evaluate(point));
  const at: PointFunction = (...coordinates) => {
    point.set(coordinates);
    return sound(formula.evaluate(point));
  };
  return diffusivityProfile(grid, at);
}

/** Values that happen to be all the same do not make a field a constant (`constantDiffusivity`). */
function variable({ constant: _constant, ...facts }: DiffusivityFacts): DiffusivityFacts {
  return facts;
}

function diffusivitySource({ draft, directory, allowPath }: Omit<PlanRequest, "input">, grid: BoxGrid) {
  try {
    return loadField({ key: "diffusivity", config: draft, directory, allowPath, grid, set: "all-nodes" });
  } catch (error) {
    if (error instanceof DataError || error instanceof ConfigError) return undefined;
    throw error;
  }
}
