import type { StopReason } from "@parakkt/core";
import type { SolvePlan } from "@parakkt/precond";
import { REPORT_SCHEMA_VERSION } from "../config/config-of-report.js";
import type { ResolvedConfig } from "../config/resolved-config.js";
import type { Objective, SolveCounts, SolveOutcome } from "../solve-job.js";
import { provenance, type Provenance } from "./provenance.js";

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
  readonly objective: Objective;
  /** Entries of state, control and adjoint together. */
  readonly unknowns: number;
  readonly counts: SolveCounts;
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
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    config,
    ...(plan && { plan }),
    reason: outcome.reason,
    iterations: outcome.iterations,
    residualNorms: outcome.residualNorms,
    relativeResidual: outcome.relativeResidual,
    objective: outcome.objective,
    unknowns,
    counts: outcome.counts,
    timings,
    memory: { peakRss: process.resourceUsage().maxRSS * 1024 },
    provenance: provenance({ backend: config.parallel.backend, ranks, seed: null }),
    digest,
  };
}

/** The report as it stands in report.json; numbers that are not finite become null. */
export function reportText(report: RunReport): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
