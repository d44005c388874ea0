import type { StopReason } from "@parakkt/core";
import type { FieldSetting, PreconditionerSettings, ResolvedConfig } from "./config/resolved-config.js";
import { stepCount } from "./config/resolved-config.js";
import { countNoun } from "./count-noun.js";
import { formatBytes } from "./memory-budget.js";
import type { Spectrum } from "./output/spectrum.js";
import type { RunReport } from "./output/report.js";
import { formatSeconds } from "./progress-line.js";

/** What was solved, how, how well, and where the results lie, for people. */
export function summarize(report: RunReport, runDirectory: string): string {
  const { config } = report;
  const rows: readonly (readonly [string, string])[] = [
    ["result", describeConvergence(report)],
    ["problem", describeProblem(config, report.unknowns)],
    ["method", describeMethod(config)],
    ...(report.plan ? [["chosen", report.plan.why] as const] : []),
    ["objective", describeObjective(report)],
    ["work", describeWork(report)],
    ...(report.spectrum ? [["spectrum", describeSpectrum(report.spectrum)] as const] : []),
    ["time", describeTimings(report)],
    ...(report.serialSweeps?.length ? [["serial", `in time, so no faster on more ranks: ${report.serialSweeps.join("; ")}`] as const] : []),
    ["written to", runDirectory],
  ];
  return rows.map(([name, text]) => `${name.padEnd(12)}${text}`).join("\n");
}

function describeConvergence(report: RunReport): string {
  const { iterations, relativeResidual, config } = report;
  const residual = `relative KKT residual ${exponential(relativeResidual)} (tolerance ${exponential(config.solver.relativeTolerance)})`;
  return `${describeReason(report)} after ${countNoun(iterations, "iteration")}, ${residual}`;
}

/** Why a run ended, in words; for a failure with what was seen. */
export function describeReason({ reason, relativeResidual, config }: Pick<RunReport, "reason" | "relativeResidual" | "config">): string {
  switch (reason.kind) {
    case "converged":
      return reason.by === "direct" ? "solved directly" : `converged (${reason.by})`;
    case "stopped":
      return `stopped before convergence (${describeStop(reason.by, { attained: relativeResidual, asked: config.solver.relativeTolerance })})`;
    case "failed":
      return `failed (${reason.by} in iteration ${reason.iteration}: ${reason.evidence})`;
  }
}

function describeStop(by: (StopReason & { kind: "stopped" })["by"], { attained, asked }: { attained: number; asked: number }): string {
  if (by === "observer") return "interrupted";
  return by === "attainable-accuracy" ? `rounding floor reached: asked ${exponential(asked)}, attainable about ${exponential(attained)}` : by;
}

/** Size, steps and data of a problem in one line. */
export function describeProblem({ problem }: ResolvedConfig, unknowns: number): string {
  const { domain, time } = problem;
  const final = "nodes" in time ? time.nodes.at(-1)! : time.final;
  const steps = `${countNoun(stepCount(time), "nodes" in time ? "unequal step" : "step")} to t = ${final}`;
  const numbers = `regularization ${problem.regularization}, diffusivity ${describeField(problem.diffusivity)}`;
  return `${domain.cells.length}-D, ${domain.cells.join(" x ")} cells, ${steps}; ${countNoun(unknowns, "unknown")}; ${numbers}`;
}

function describeField(field: FieldSetting): string {
  return typeof field === "object" ? field.file : String(field);
}

/** How it is solved in one line. */
export function describeMethod({ solver, preconditioner, spatialSolver }: ResolvedConfig): string {
  if (solver.formulation === "direct") return "direct (sine transforms in space, tridiagonal systems in time)";
  const cycles = "cycles" in spatialSolver ? describeCycles(spatialSolver) : "";
  return `${solver.formulation}, ${solver.method}; ${describePreconditioner(preconditioner)}; ${spatialSolver.kind}${cycles}`;
}

function describeCycles({ cycles, precision }: { cycles: number; precision: string }): string {
  return ` with ${countNoun(cycles, "cycle")} in ${precision} precision`;
}

function describePreconditioner(preconditioner: PreconditionerSettings): string {
  if (preconditioner.kind === "none") return "no preconditioner";
  if (preconditioner.kind === "matching" || preconditioner.kind === "time-diagonalization") return `${preconditioner.kind} (${preconditioner.local})`;
  if (preconditioner.kind === "overlapping-matching") {
    return `${preconditioner.kind}, ${countNoun(preconditioner.subdomains, "subdomain")}, overlap ${preconditioner.overlap}, ${preconditioner.local}`;
  }
  const { kind, combination, subdomains, overlap, local } = preconditioner;
  return `${kind} ${combination}, ${countNoun(subdomains, "subdomain")}, overlap ${overlap}, ${local}`;
}

function describeSpectrum({ smallest, largest, condition, dimension }: Spectrum): string {
  const [from, to, quotient] = [smallest, largest, condition].map((value) => value.toPrecision(4));
  return `${countNoun(dimension, "Ritz value")} from ${from} to ${to}, condition at least ${quotient}`;
}

function describeObjective({ objective }: RunReport): string {
  const digits = (value: number | null): string => value?.toExponential(8) ?? "not finite";
  return `${digits(objective.total)} = tracking ${digits(objective.tracking)} + control ${digits(objective.control)}`;
}

function describeWork({ counts }: RunReport): string {
  const { spatialSolves, operatorApplications, preconditionerApplications } = counts;
  const applications = `${operatorApplications} operator and ${preconditionerApplications} preconditioner applications`;
  return `${countNoun(spatialSolves, "spatial solve")}, ${applications}`;
}

function describeTimings({ timings, memory }: RunReport): string {
  const [setup, solve, output] = [timings.setup, timings.solve, timings.output].map(formatSeconds);
  return `setup ${setup}, solve ${solve}, output ${output}; peak memory ${formatBytes(memory.peakRss)}`;
}

function exponential(value: number | null): string {
  return value === null ? "not finite" : value.toExponential(1);
}
