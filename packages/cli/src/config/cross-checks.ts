import { timeGrid } from "@parakkt/core";
import { launchedRanks } from "@parakkt/parallel";
import type { ConfigPath } from "./config-tree.js";
import { DEFAULT_METHOD } from "./resolve-defaults.js";
import { stepCount, type ResolvedConfig } from "./resolved-config.js";
import type { ConfigInput } from "./schema.js";

/** The config as given and as resolved, for rules that tie several keys together. */
export interface CheckedConfig {
  readonly input: ConfigInput;
  readonly resolved: ResolvedConfig;
  readonly constantDiffusivity: boolean;
}

/** A combination that cannot work: where to point, why, and what works instead. */
export interface Finding {
  readonly at: string | ConfigPath;
  /** Other keys that the finding rests on; it is left out when one of them is flawed itself. */
  readonly because?: readonly string[];
  readonly what: string;
  readonly hint: string;
}

const ascending = (nodes: readonly number[]): boolean => nodes[0] === 0 && nodes.every((t, n) => n === 0 || t > nodes[n - 1]);

type Rule = (config: CheckedConfig) => Finding | undefined;

const METHODS: Readonly<Record<"schur" | "full-space" | "reduced", readonly string[]>> = {
  schur: ["cg", "minres", "gmres", "fgmres"],
  "full-space": ["fgmres", "gmres", "minres"],
  reduced: ["cg"],
};

const METHOD_REASONS: Readonly<Record<string, string>> = {
  "full-space": "the KKT matrix is indefinite",
  reduced: "the reduced Hessian is symmetric positive definite and cg suffices",
};

/** Rules about the method and the preconditioner. */
const solverRules: readonly Rule[] = [
  function methodFitsFormulation({ input }) {
    const { formulation = "schur", method } = input.solver ?? {};
    if (formulation === "direct" || formulation === "auto" || method === undefined || METHODS[formulation].includes(method)) return undefined;
    const what = `${method} cannot be used with formulation ${formulation}: ${METHOD_REASONS[formulation]}`;
    return { at: "solver.method", because: ["solver.formulation"], what, hint: METHODS[formulation].join(", ") };
  },
  function symmetricMethodNeedsAdditive({ input }) {
    const { formulation = "schur", method } = input.solver ?? {};
    const { kind = "two-level", combination } = input.preconditioner ?? {};
    const divided = kind === "one-level" || kind === "two-level" || kind === "multilevel";
    if (combination !== "restricted" || !divided || formulation === "direct" || formulation === "reduced") return undefined;
    const used = method ?? DEFAULT_METHOD[formulation === "auto" ? "schur" : formulation];
    if (used !== "cg" && used !== "minres") return undefined;
    const what = `the restricted combination is not symmetric, and ${used} needs a symmetric preconditioner`;
    return { at: "preconditioner.combination", because: ["solver", "preconditioner.kind"], what, hint: "combination: additive, or method: gmres" };
  },
  function reducedIsUnpreconditioned({ input }) {
    const kind = input.preconditioner?.kind ?? "none";
    if (input.solver?.formulation !== "reduced" || kind === "none") return undefined;
    const what = `formulation reduced runs without a preconditioner, got ${kind}`;
    return { at: "preconditioner.kind", because: ["solver.formulation"], what, hint: "kind: none, or formulation: schur" };
  },
  function autoFindsAFormulation({ input }) {
    const { formulation, method = "cg" } = input.solver ?? {};
    if (formulation !== "auto" || method === "cg" || input.preconditioner?.kind !== "none") return undefined;
    const what = `without a preconditioner auto chooses between direct and reduced, neither of which takes ${method}`;
    return { at: "solver.method", because: ["solver.formulation", "preconditioner.kind"], what, hint: "leave out method, or preconditioner.kind" };
  },
  function timeDiagonalizationNeedsEqualSteps({ input, resolved }) {
    const { time } = resolved.problem;
    if (input.preconditioner?.kind !== "time-diagonalization" || !("nodes" in time) || !ascending(time.nodes) || timeGrid(time.nodes).uniform) return undefined;
    const what = "time-diagonalization transforms along time, which needs steps of equal size";
    return { at: "preconditioner.kind", because: ["problem.time"], what, hint: "kind: two-level, or equal steps by final and steps" };
  },
  function timeDiagonalizationIsNotClassical({ input }) {
    if (input.preconditioner?.kind !== "time-diagonalization" || input.preconditioner.local !== "matching") return undefined;
    const what = "time-diagonalization has no classical form of its blocks";
    return { at: "preconditioner.local", because: ["preconditioner.kind"], what, hint: "local: tapered" };
  },
  function someToleranceIsPositive({ resolved: { solver } }) {
    if (solver.relativeTolerance > 0 || solver.absoluteTolerance > 0) return undefined;
    const what = "both tolerances are 0, which no iteration can reach";
    return { at: "solver.relativeTolerance", because: ["solver.absoluteTolerance"], what, hint: "relativeTolerance: 1.0e-8" };
  },
  function directNeedsConstantDiffusivity({ resolved, constantDiffusivity }) {
    if (resolved.solver.formulation !== "direct" || constantDiffusivity) return undefined;
    const what = "formulation direct uses sine transforms in space, which need a constant diffusivity";
    return { at: "solver.formulation", because: ["problem.diffusivity"], what, hint: "formulation: schur, or one number as diffusivity" };
  },
];

/** Rules about the subdomains in time. */
const subdomainRules: readonly Rule[] = [
  function subdomainsFitSteps({ input, resolved }) {
    const steps = stepCount(resolved.problem.time);
    const subdomains = input.preconditioner?.subdomains ?? 1;
    if (subdomains <= steps) return undefined;
    const what = `expected ${steps === 1 ? "1 subdomain" : `1 to ${steps} subdomains`} (the number of time steps), got ${subdomains}`;
    return { at: "preconditioner.subdomains", because: ["problem.time"], what, hint: "fewer subdomains, or more steps" };
  },
  function overlapFitsSubdomain({ resolved }) {
    if (!("overlap" in resolved.preconditioner)) return undefined;
    const { overlap, subdomains } = resolved.preconditioner;
    const shortest = Math.floor(stepCount(resolved.problem.time) / subdomains);
    if (shortest < 1 || overlap <= shortest) return undefined;
    const what = `expected an overlap of 0 to ${shortest} (steps of the shortest subdomain), got ${overlap}`;
    return { at: "preconditioner.overlap", because: ["preconditioner.subdomains", "problem.time"], what, hint: "overlap: 1, or fewer subdomains" };
  },
  function coarseNodesFitSubdomain({ resolved }) {
    if (!("coarse" in resolved.preconditioner)) return undefined;
    const { coarse, subdomains } = resolved.preconditioner;
    const shortest = Math.floor(stepCount(resolved.problem.time) / subdomains);
    if (shortest < 1 || coarse.nodesPerSubdomain <= shortest) return undefined;
    const what = `expected 1 to ${shortest} coarse nodes per subdomain (its steps), got ${coarse.nodesPerSubdomain}`;
    const because = ["preconditioner.subdomains", "problem.time"];
    return { at: "preconditioner.coarse.nodesPerSubdomain", because, what, hint: "nodesPerSubdomain: 1, or fewer subdomains" };
  },
];

/** Rules about space and the way of computing. */
const spaceRules: readonly Rule[] = [
  function fastDiagonalizationNeedsConstantDiffusivity({ resolved, constantDiffusivity }) {
    const direct = resolved.solver.formulation === "direct";
    if (resolved.spatialSolver.kind !== "fast-diagonalization" || constantDiffusivity || direct) return undefined;
    const what = "fast-diagonalization needs a constant diffusivity";
    return { at: "spatialSolver.kind", because: ["problem.diffusivity"], what, hint: "kind: auto, cholesky or multigrid" };
  },
  function multigridNeedsTwoDimensions({ resolved }) {
    if (resolved.spatialSolver.kind !== "multigrid" || resolved.problem.domain.cells.length > 1) return undefined;
    const what = "multigrid is for 2 and 3 dimensions; in 1 dimension cholesky is exact at the same cost";
    return { at: "spatialSolver.kind", because: ["problem.domain"], what, hint: "kind: auto or cholesky" };
  },
  function cyclesBelongToMultigrid({ input }) {
    return belongsToMultigrid(input, "cycles", "cycles belong to multigrid; # solves exactly");
  },
  function precisionBelongsToMultigridAndCholesky({ input }) {
    if (input.spatialSolver?.kind === "cholesky") return undefined;
    return belongsToMultigrid(input, "precision", "a choice of precision belongs to multigrid and cholesky; # solves in double precision");
  },
  function threadsBelongToThreads({ input }) {
    const { backend = "auto", threads } = input.parallel ?? {};
    if (threads === undefined || backend === "auto" || backend === "threads") return undefined;
    const what = `a number of threads does not belong to the backend ${backend}`;
    return { at: "parallel.threads", because: ["parallel.backend"], what, hint: backend === "mpi" ? "mpirun -n 4 parakkt solve CONFIG" : "backend: threads" };
  },
  function launchedRanksRunMpi({ resolved: { parallel } }) {
    const launched = launchedRanks();
    if (launched === undefined || launched.size === 1 || parallel.backend === "mpi") return undefined;
    const what = `${launched.launcher} started ${launched.size} ranks, but the backend is ${parallel.backend}`;
    return { at: "parallel.backend", because: ["parallel.threads"], what, hint: "backend: mpi, or start the program by itself" };
  },
  function everyRankHasASubdomain({ resolved }) {
    const ranks = rankCount(resolved.parallel);
    const steps = stepCount(resolved.problem.time);
    if (ranks <= steps) return undefined;
    const what = `expected 1 to ${steps} ranks (the number of time steps), got ${ranks}`;
    return { at: "parallel.threads", because: ["problem.time"], what, hint: "fewer ranks, or more steps" };
  },
];

/** A key of multigrid beside another kind of spatial solver, which stands for # in the words. */
function belongsToMultigrid({ spatialSolver = {} }: ConfigInput, key: "cycles" | "precision", words: string): Finding | undefined {
  const { kind = "auto" } = spatialSolver;
  if (spatialSolver[key] === undefined || kind === "auto" || kind === "multigrid") return undefined;
  const hint = `remove ${key}, or kind: multigrid`;
  return { at: `spatialSolver.${key}`, because: ["spatialSolver.kind"], what: words.replace("#", kind), hint };
}

/** Number of ranks that a solve runs on. */
export function rankCount(parallel: ResolvedConfig["parallel"]): number {
  if (parallel.backend === "threads") return parallel.threads;
  return parallel.backend === "mpi" ? (launchedRanks()?.size ?? 1) : 1;
}

const rules: readonly Rule[] = [...solverRules, ...subdomainRules, ...spaceRules];

/** All combinations that cannot work. */
export function crossCheck(config: CheckedConfig): Finding[] {
  return rules.map((rule) => rule(config)).filter((finding) => finding !== undefined);
}

/** "solver.method" as a path. */
export function splitKey(key: string | ConfigPath): ConfigPath {
  return typeof key === "string" ? key.split(".") : key;
}
