import { launchedRanks } from "@parakkt/parallel";
import { chooseCoarsening, forgettingSteps, type CoarseningRule, type SolveChoice } from "@parakkt/precond";
import { availableParallelism } from "node:os";
import type {
  KrylovName,
  LocalSolve,
  ParallelSettings,
  PreconditionerSettings,
  ProblemSettings,
  ResolvedConfig,
  SolverSettings,
  SpatialSolverSettings,
  SubdomainSettings,
} from "./resolved-config.js";
import { stepCount } from "./resolved-config.js";
import type { ConfigInput } from "./schema.js";

/** What defaults depend on beside the config's own keys. */
export interface DefaultFacts {
  /** The diffusivity is one number everywhere. */
  readonly constantDiffusivity: boolean;
  /** Name of the config file without its ending: default name of the run directory. */
  readonly name: string;
  /** What the planner chose, where something is `auto`; what is given goes before. */
  readonly choice?: SolveChoice;
}

/** Fills in every default. The result holds only keys that have an effect; it is meaningful if the cross-checks find nothing. */
export function resolveDefaults(input: ConfigInput, facts: DefaultFacts): ResolvedConfig {
  const problem = resolveProblem(input.problem);
  const { choice } = facts;
  const solver = resolveSolver(input.solver ?? {}, choice?.formulation ?? (facts.constantDiffusivity ? "direct" : "schur"));
  const constant = solver.formulation === "direct" || facts.constantDiffusivity;
  return {
    problem,
    integrator: { kind: input.integrator?.kind ?? "backward-euler" },
    solver,
    preconditioner: resolvePreconditioner(chosenPreconditioner(input, choice), solver, problem),
    spatialSolver: resolveSpatialSolver(input.spatialSolver ?? {}, choice?.spatialSolver ?? { kind: constant ? "fast-diagonalization" : "cholesky" }),
    parallel: resolveParallel(input.parallel ?? {}),
    output: {
      directory: input.output?.directory ?? `runs/${facts.name}`,
      fields: [...new Set(input.output?.fields ?? (["npy"] as const))],
      ...resolveCheckpoint(input.output?.checkpoint, solver),
    },
    budget: { memory: input.budget?.memory ?? "auto" },
  };
}

function resolveProblem(problem: ConfigInput["problem"]): ProblemSettings {
  const axes = problem.domain?.cells?.length ?? problem.domain?.extent?.length ?? 2;
  const { final = 1, steps = 256, nodes } = problem.time ?? {};
  return {
    domain: {
      extent: problem.domain?.extent ?? new Array<number>(axes).fill(1),
      cells: problem.domain?.cells ?? new Array<number>(axes).fill(64),
    },
    time: nodes === undefined ? { final, steps } : { nodes },
    diffusivity: problem.diffusivity ?? 1,
    parameters: problem.parameters ?? {},
    source: problem.source ?? 0,
    controlScale: problem.controlScale ?? 1,
    initialState: problem.initialState ?? 0,
    target: problem.target ?? 0,
    regularization: problem.regularization ?? 1e-4,
  };
}

/** Only a solve that iterates has anything to write down. */
function resolveCheckpoint(given: NonNullable<ConfigInput["output"]>["checkpoint"], { formulation }: SolverSettings): Pick<ResolvedConfig["output"], "checkpoint"> {
  const { everyIterations, everySeconds } = given ?? {};
  if (formulation === "direct" || (everyIterations === undefined && everySeconds === undefined)) return {};
  return { checkpoint: { ...(everyIterations !== undefined && { everyIterations }), ...(everySeconds !== undefined && { everySeconds }) } };
}

/** The Krylov method of a formulation when none is named. */
export const DEFAULT_METHOD: Readonly<Record<"schur" | "full-space" | "reduced", KrylovName>> = {
  schur: "cg",
  "full-space": "fgmres",
  reduced: "cg",
};

/** `automatic`: what `auto` stands for. */
function resolveSolver(solver: NonNullable<ConfigInput["solver"]>, automatic: SolverSettings["formulation"]): SolverSettings {
  const { formulation: asked = "schur" } = solver;
  const formulation = asked === "auto" ? automatic : asked;
  const tolerances = { relativeTolerance: solver.relativeTolerance ?? 1e-8, absoluteTolerance: solver.absoluteTolerance ?? 0 };
  if (formulation === "direct") return { formulation, ...tolerances };
  return {
    formulation,
    method: solver.method ?? DEFAULT_METHOD[formulation],
    ...tolerances,
    maxIterations: solver.maxIterations ?? 200,
    restart: solver.restart ?? 30,
    stagnationWindow: solver.stagnationWindow ?? 50,
    ...(solver.spectrum === true && { spectrum: true }),
    ...(solver.timeLimit === undefined ? {} : { timeLimit: solver.timeLimit }),
  };
}

/** The largest power of two up to steps/8, at least 1. */
export function defaultSubdomains(steps: number): number {
  return 2 ** Math.max(0, Math.floor(Math.log2(steps / 8)));
}

/** The section as given, with formulation auto completed by what the planner chose. */
function chosenPreconditioner(input: ConfigInput, choice: SolveChoice | undefined): NonNullable<ConfigInput["preconditioner"]> {
  const given = input.preconditioner ?? {};
  if (input.solver?.formulation !== "auto" || choice === undefined) return given;
  return { ...given, ...choice.preconditioner };
}

function resolvePreconditioner(given: NonNullable<ConfigInput["preconditioner"]>, solver: SolverSettings, problem: ProblemSettings): PreconditionerSettings {
  const resolved = resolveKind(given, solver, problem);
  return resolved.kind !== "none" && given.reaction === "classical" ? { ...resolved, reaction: given.reaction } : resolved;
}

function resolveKind(
  given: NonNullable<ConfigInput["preconditioner"]>,
  solver: SolverSettings,
  problem: ProblemSettings,
): PreconditionerSettings {
  const steps = stepCount(problem.time);
  const iterative = solver.formulation === "schur" || solver.formulation === "full-space";
  const kind = iterative ? (given.kind ?? "two-level") : "none";
  if (kind === "none") return { kind };
  const local = given.local ?? "tapered";
  if (kind === "matching") return { kind, local };
  if (kind === "time-diagonalization") return { kind, local: local === "tapered-exact" ? local : "tapered" };
  if (kind === "overlapping-matching") return resolveWindows({ ...given, local }, problem);
  const symmetricOnly = !("method" in solver) || solver.method === "cg" || solver.method === "minres";
  const subdomains = given.subdomains ?? defaultSubdomains(steps);
  const shared: SubdomainSettings = {
    subdomains,
    overlap: given.overlap ?? (subdomains > 1 ? 1 : 0),
    local,
    combination: given.combination ?? (symmetricOnly ? "additive" : "restricted"),
  };
  if (kind === "one-level") return { kind, ...shared };
  const nodesPerSubdomain = given.coarse?.nodesPerSubdomain ?? 1;
  if (kind !== "multilevel") return { kind: "two-level", ...shared, coarse: { nodesPerSubdomain } };
  return { kind, ...shared, coarse: { nodesPerSubdomain, ...chooseCoarsening({ steps, nodesPerSubdomain, ...shared }, fixedCoarsening(given.coarse)) } };
}

/** Lanes of a vector kernel: more subdomains make the windows no cheaper on one rank. */
const MOST_WINDOWS = 8;

function resolveWindows({ subdomains: asked, overlap, local }: NonNullable<ConfigInput["preconditioner"]> & { local: LocalSolve }, { time, regularization, controlScale }: ProblemSettings): PreconditionerSettings {
  const steps = stepCount(time);
  const subdomains = asked ?? Math.min(MOST_WINDOWS, defaultSubdomains(steps));
  const longest = "nodes" in time ? Math.max(...time.nodes.slice(1).map((end, k) => end - time.nodes[k])) : time.final / steps;
  const forgetting = forgettingSteps((longest * Math.abs(controlScale)) / Math.sqrt(regularization));
  return { kind: "overlapping-matching", subdomains, overlap: overlap ?? (subdomains > 1 ? Math.min(forgetting, Math.floor(steps / subdomains)) : 0), local };
}

/** What is not left to `auto`. */
function fixedCoarsening({ serialSteps = "auto", stepsPerSubdomain = "auto" }: NonNullable<ConfigInput["preconditioner"]>["coarse"] = {}): Partial<CoarseningRule> {
  return { ...(serialSteps === "auto" ? {} : { serialSteps }), ...(stepsPerSubdomain === "auto" ? {} : { stepsPerSubdomain }) };
}

function resolveParallel({ backend = "auto", threads, timeout }: NonNullable<ConfigInput["parallel"]>): ParallelSettings {
  const patience = timeout === undefined ? {} : { timeout };
  const automatic = threads !== undefined ? "threads" : launchedRanks() ? "mpi" : "serial";
  const chosen = backend === "auto" ? automatic : backend;
  return chosen === "threads" ? { backend: chosen, threads: threads ?? availableParallelism(), ...patience } : { backend: chosen, ...patience };
}

/** `automatic`: what `auto` stands for; it decides about cycles and precision too where it says multigrid. */
function resolveSpatialSolver(given: NonNullable<ConfigInput["spatialSolver"]>, automatic: SolveChoice["spatialSolver"]): SpatialSolverSettings {
  const { kind: asked = "auto", cycles, precision } = given;
  const kind = asked === "auto" ? automatic.kind : asked;
  if (kind === "cholesky") return { kind, ...((precision ?? automatic.precision) === "single" && { precision: "single" }) };
  if (kind !== "multigrid") return { kind };
  return { kind, cycles: cycles ?? automatic.cycles ?? 2, precision: precision ?? automatic.precision ?? "double" };
}
