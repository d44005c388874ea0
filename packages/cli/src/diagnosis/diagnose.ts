import type { StopReason } from "@parakkt/core";
import { stepCount, type IterativeSolverSettings, type ResolvedConfig } from "../config/resolved-config.js";
import { countNoun } from "../count-noun.js";
import type { Spectrum } from "../output/spectrum.js";

/** What a run shows that did not converge. */
export interface RunEvidence {
  readonly config: ResolvedConfig;
  readonly reason: StopReason;
  readonly iterations: number;
  readonly residualNorms: readonly number[];
  /** (KKT.2) */
  readonly relativeResidual: number;
  /** (FLOOR.1), where the residual has come down to it. */
  readonly roundingFloor?: number | undefined;
  readonly spectrum?: Spectrum | undefined;
}

/** A possible cause with what speaks for it, and the options of `solve` that would tell. */
export interface Cause {
  readonly cause: string;
  readonly evidence: string;
  /** From 0 to 1: how much speaks for it. */
  readonly weight: number;
  /** What to add to the command, as in "--set solver.maxIterations=400"; empty where another command is asked for. */
  readonly options: string;
}

/** Why a run did not converge: causes, the likeliest first, and one thing to try next. */
export interface Diagnosis {
  readonly causes: readonly Cause[];
  /** `solve` with the options of the first cause, or `verify`. */
  readonly next: { readonly command: "solve" | "verify"; readonly options: string };
}

type Suspicion = (run: RunEvidence & { readonly solver: IterativeSolverSettings }) => Cause | undefined;

/** `undefined` for a run that converged, and for one that the user stopped. */
export function diagnose(run: RunEvidence): Diagnosis | undefined {
  const { reason, config } = run;
  if (reason.kind === "converged" || (reason.kind === "stopped" && reason.by === "observer")) return undefined;
  const { solver } = config;
  const suspicions = solver.formulation === "direct" ? [] : allSuspicions.flatMap((suspect) => suspect({ ...run, solver }) ?? []);
  const stagnant = reason.kind === "failed" && reason.by === "stagnation";
  const unexplained = suspicions.length === 0 || (reason.kind === "failed" && !(stagnant && hasFixedCycles(config)));
  const causes = [...suspicions, ...(unexplained ? lastResort(run) : [])].sort((a, b) => b.weight - a.weight);
  const [{ options }] = causes as [Cause, ...Cause[]];
  return { causes, next: { command: options === "" ? "verify" : "solve", options } };
}

const exponential = (value: number): string => value.toExponential(1);

/** Mean factor an iteration over the last half of the history. */
function recentRate({ residualNorms }: RunEvidence): number {
  const last = residualNorms.length - 1;
  const half = Math.floor(last / 2);
  return last === half ? 1 : (residualNorms[last]! / residualNorms[half]!) ** (1 / (last - half));
}

const NEARLY = 0.97;

/** Still falling when it was stopped: more iterations, as many as the rate asks for. */
function moreIterations(run: RunEvidence & { solver: IterativeSolverSettings }): Cause | undefined {
  const { reason, solver, relativeResidual, iterations } = run;
  if (reason.kind !== "stopped" || reason.by === "attainable-accuracy") return undefined;
  if (reason.by !== "max-iterations") return { cause: `the run was stopped from outside (${reason.by})`, evidence: `after ${countNoun(iterations, "iteration")}`, weight: 1, options: run.config.output.checkpoint ? "--resume" : "--time-limit 3600" };
  const rate = recentRate(run);
  if (!(rate < NEARLY)) return undefined;
  const missing = Math.ceil((1.3 * Math.log(solver.relativeTolerance / relativeResidual)) / Math.log(rate));
  const asked = Math.max(iterations + 10, Math.ceil((iterations + missing) / 10) * 10);
  const evidence = `the residual falls by a factor ${rate.toFixed(2)} an iteration and would need about ${Math.max(1, missing)} more`;
  const goOn = run.config.output.checkpoint ? " --resume" : "";
  return { cause: "too few iterations are allowed", evidence, weight: rate < 0.8 ? 0.9 : 0.7, options: `--set solver.maxIterations=${asked}${goOn}` };
}

/** The residual ended where rounding does. */
function belowRounding({ reason, solver, relativeResidual, roundingFloor }: RunEvidence & { solver: IterativeSolverSettings }): Cause | undefined {
  const ended = reason.kind === "stopped" && reason.by === "attainable-accuracy";
  const stagnant = reason.kind === "failed" && reason.by === "stagnation" && relativeResidual < 1e3 * solver.relativeTolerance;
  if (!ended && !stagnant) return undefined;
  const reachable = 2 * relativeResidual;
  const seen = roundingFloor === undefined ? "while the recursion goes on falling" : `and the last bits of u and λ alone are worth ${exponential(roundingFloor)} of it`;
  const evidence = `the recomputed residual stays at ${exponential(relativeResidual)}, ${(relativeResidual / solver.relativeTolerance).toPrecision(2)} times the tolerance, ${seen}`;
  if (!(reachable < 1)) return undefined;
  return { cause: "the tolerance is below what double precision attains for this problem", evidence, weight: ended ? 0.95 : 0.6, options: `--set solver.relativeTolerance=${exponential(reachable)}` };
}

/** GMRES forgets its basis too often. */
function shortRestart({ solver, iterations, reason, ...run }: RunEvidence & { solver: IterativeSolverSettings }): Cause | undefined {
  if (!solver.method.endsWith("gmres") || iterations <= solver.restart || reason.kind === "failed" && reason.by !== "stagnation") return undefined;
  const rate = recentRate({ ...run, solver, iterations, reason } as RunEvidence);
  const evidence = `${iterations} iterations in cycles of ${solver.restart}; the last half falls by ${rate.toFixed(3)} an iteration`;
  return { cause: "the restart is too short", evidence, weight: rate > NEARLY ? 0.85 : 0.5, options: `--set solver.restart=${Math.min(4 * solver.restart, 2 * iterations)}` };
}

/** The spectrum is wide. */
function weakPreconditioner({ spectrum, config, solver, reason }: RunEvidence & { solver: IterativeSolverSettings }): Cause | undefined {
  const { kind } = config.preconditioner;
  const slow = reason.kind === "failed" ? reason.by === "stagnation" : reason.kind === "stopped" && reason.by === "max-iterations";
  if (!slow || !spectrum || !(spectrum.condition > 20)) return undefined;
  const evidence = `Ritz values from ${exponential(spectrum.smallest)} to ${exponential(spectrum.largest)}: condition at least ${exponential(spectrum.condition)} with ${kind === "none" ? "no preconditioner" : kind}`;
  if (kind === "none" || kind === "one-level") {
    const formulation = solver.formulation === "reduced" ? "--set solver.formulation=schur " : "";
    return { cause: "the preconditioner leaves a wide spectrum", evidence, weight: 0.88, options: `${formulation}--set preconditioner.kind=two-level` };
  }
  if (config.spatialSolver.kind === "multigrid") return undefined;
  const steps = stepCount(config.problem.time);
  const subdomains = "subdomains" in config.preconditioner ? config.preconditioner.subdomains : 1;
  const more = Math.min(steps, 2 * subdomains);
  return { cause: "subdomains of many steps need more coarse nodes", evidence, weight: 0.6, options: more > subdomains ? `--set preconditioner.subdomains=${more}` : "--set preconditioner.kind=matching" };
}

function hasFixedCycles({ preconditioner, spatialSolver }: ResolvedConfig): boolean {
  return "cycles" in spatialSolver && preconditioner.kind !== "none";
}

/** V-cycles stand for exact spatial solves. */
function inexactSpatialSolves({ config, reason, spectrum }: RunEvidence): Cause | undefined {
  const { spatialSolver } = config;
  if (!("cycles" in spatialSolver) || !hasFixedCycles(config)) return undefined;
  const stagnant = reason.kind === "failed" && reason.by === "stagnation";
  const indefinite = reason.kind === "failed" && reason.by === "indefinite-preconditioner";
  if (!indefinite && !stagnant && !(spectrum && spectrum.condition > 20)) return undefined;
  const { cycles, precision } = spatialSolver;
  const evidence = `${countNoun(cycles, "V-cycle")} in ${precision} precision a solve${indefinite ? "; the preconditioner is not positive definite" : ""}`;
  const options = precision === "single" ? "--set spatialSolver.precision=double" : `--set spatialSolver.cycles=${stagnant ? 4 * cycles : cycles + 2}`;
  return { cause: "the spatial solves of the preconditioner are not accurate enough", evidence, weight: indefinite ? 0.9 : stagnant ? 0.84 : 0.75, options };
}

const allSuspicions: readonly Suspicion[] = [moreIterations, belowRounding, shortRestart, weakPreconditioner, inexactSpatialSolves];

/** What remains: the failure as it was seen, to be looked into with `verify`. */
function lastResort({ reason, iterations, relativeResidual }: RunEvidence): Cause[] {
  if (reason.kind === "converged") return [];
  if (reason.kind === "stopped") {
    const evidence = `after ${countNoun(iterations, "iteration")} the relative KKT residual is ${exponential(relativeResidual)}`;
    return [{ cause: "operators or preconditioner do not fit together", evidence, weight: 0.2, options: "" }];
  }
  const causes: Record<typeof reason.by, string> = {
    "non-finite": "data or coefficients overflow, or an operator produces numbers that are not finite",
    breakdown: "an operator is singular to working precision",
    stagnation: "operators or preconditioner do not fit together",
    "indefinite-operator": "the operator is not positive definite: its adjoint is wrong, or spatial solves are inexact",
    "indefinite-preconditioner": "the preconditioner is not positive definite",
  };
  return [{ cause: causes[reason.by], evidence: `${reason.evidence} (iteration ${reason.iteration})`, weight: reason.by === "stagnation" ? 0.3 : 0.8, options: "" }];
}
