import type { StopReason } from "@parakkt/core";
import type { SolvePlan } from "@parakkt/precond";
import { REPORT_SCHEMA_VERSION } from "../config/config-of-report.js";
import type { ResolvedConfig } from "../config/resolved-config.js";
import type { Objective, SolveCounts, SolveOutcome } from "../solve-job.js";
import { diagnose, type Diagnosis } from "../diagnosis/diagnose.js";
import { DIAGNOSTIC_DIMENSION, REPORTED_DIMENSION, spectrumOf, type Spectrum } from "./spectrum.js";
import { provenance, type Provenance } from "./provenance.js";
import { peakResidentBytes } from "../peak-memory.js";

/** Contents of report.json. */
export interface RunReport {
  readonly schemaVersion: typeof REPORT_SCHEMA_VERSION;
  /** With every default; `parakkt solve report.json` runs it again. */
  readonly config: ResolvedConfig;
  /** Where something was `auto`: what was chosen, why, and what the alternatives were predicted to cost. */
  readonly plan?: SolvePlan;
  readonly reason: StopReason;
  readonly iterations: number;
  readonly residualNorms: readonly number[];
  /** (KKT.2) */
  readonly relativeResidual: number;
  /** Where rounding kept the tolerance from being met: what it alone makes of the residual (FLOOR.1). */
  readonly roundingFloor?: number;
  readonly objective: Objective;
  /** Entries of state, control and adjoint together. */
  readonly unknowns: number;
  /** Of all ranks together. */
  readonly counts: SolveCounts;
  /** On several ranks: what is sequential in time and passes through them one after another, however many there are. */
  readonly serialSweeps?: readonly string[];
  /** With solver.spectrum: what the run saw of the spectrum of the preconditioned operator. */
  readonly spectrum?: Spectrum;
  /** Where it did not converge: possible causes, and what to try next. */
  readonly diagnosis?: Diagnosis;
  /** Seconds. */
  readonly timings: { readonly setup: number; readonly solve: number; readonly output: number; readonly total: number };
  /** Bytes. */
  readonly memory: { readonly peakRss: number };
  readonly provenance: Provenance;
  /** Of the solution, see `solutionDigest`. */
  readonly digest: string;
}

/** What a report is made of. */
export interface ReportParts {
  readonly config: ResolvedConfig;
  readonly plan?: SolvePlan;
  readonly outcome: SolveOutcome;
  readonly ranks: number;
  readonly unknowns: number;
  readonly timings: RunReport["timings"];
  readonly digest: string;
}

/** The report of a finished (or stopped) solve. */
export function runReport({ config, plan, outcome, ranks, unknowns, timings, digest }: ReportParts): RunReport {
  const { reason, iterations, residualNorms, relativeResidual, roundingFloor } = outcome;
  const reported = "spectrum" in config.solver && config.solver.spectrum === true;
  const needed = reported || reason.kind !== "converged";
  const spectrum = needed ? spectrumOf(outcome.projection, reported ? REPORTED_DIMENSION : DIAGNOSTIC_DIMENSION) : undefined;
  const diagnosis = diagnose({ config, reason, iterations, residualNorms, relativeResidual, roundingFloor, spectrum });
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    config,
    ...(plan && { plan }),
    reason,
    iterations,
    residualNorms,
    relativeResidual,
    ...(roundingFloor !== undefined && { roundingFloor }),
    objective: outcome.objective,
    unknowns,
    counts: outcome.counts,
    ...(ranks > 1 && { serialSweeps: serialSweeps(config) }),
    ...(spectrum && reported && { spectrum }),
    ...(diagnosis && { diagnosis }),
    timings,
    memory: { peakRss: peakResidentBytes() },
    provenance: provenance({ backend: config.parallel.backend, ranks, seed: null }),
    digest,
  };
}

/** The report as it stands in report.json; numbers that are not finite become null. */
export function reportText(report: RunReport): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

/** The sweeps over the whole interval that a solve makes. */
export function serialSweeps({ solver, preconditioner }: ResolvedConfig): string[] {
  if (solver.formulation === "reduced") return ["reduced Hessian: a forward and an adjoint integration an iteration", "state and adjoint: one integration each a round"];
  const matching = preconditioner.kind === "matching" ? ["matching: a forward and an adjoint sweep an iteration"] : [];
  const estimates = "subdomains" in preconditioner ? "beside the estimate of the KKT residual where subdomains forget what enters them" : "and one whenever the KKT residual is estimated";
  const recovery = solver.formulation === "schur" ? [`state recovery: one forward integration a round, ${estimates}`] : [];
  return [...matching, ...recovery];
}
