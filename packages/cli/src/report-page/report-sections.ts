import { describeChoice } from "@parakkt/precond";
import { formatBytes } from "../memory-budget.js";
import type { RunReport } from "../output/report.js";
import { formatSeconds } from "../progress-line.js";
import { describeMethod, describeProblem, describeReason } from "../summary.js";
import { convergencePlot } from "./convergence-plot.js";
import { escapeHtml, htmlTable } from "./html.js";

/** A heading and what stands under it, as HTML; an empty body leaves the section out. */
export interface PageSection {
  readonly title: string;
  readonly body: string;
}

const exponential = (value: number | null): string => value?.toExponential(2) ?? "not finite";

/** How it ended, in words. */
export function verdictSection(report: RunReport): PageSection {
  const { reason, relativeResidual, config, objective, iterations, unknowns } = report;
  const reached = (relativeResidual as number | null) !== null && relativeResidual <= config.solver.relativeTolerance;
  const good = reason.kind === "converged" && reached;
  const verdicts = [
    ["Converged", reason.kind === "converged" ? "yes" : "no", describeReason(report)],
    ["KKT residual", reached ? "within the tolerance" : "above the tolerance", `${exponential(relativeResidual)}, tolerance ${exponential(config.solver.relativeTolerance)}, recomputed from the solution`],
  ];
  const figures = [
    ["Problem", describeProblem(config, unknowns)],
    ["Method", describeMethod(config)],
    ["Iterations", String(iterations)],
    ["Objective", `${exponential(objective.total)} = tracking ${exponential(objective.tracking)} + control ${exponential(objective.control)}`],
  ];
  const words = good ? "Converged." : `Not converged: ${describeReason(report)}.`;
  return { title: "Result", body: `<p class="verdict ${good ? "good" : "bad"}">${escapeHtml(words)}</p>${htmlTable(["check", "verdict", "evidence"], verdicts)}${htmlTable(undefined, figures)}` };
}

/** The residual over the iterations. */
export function convergenceSection({ residualNorms, config, iterations, relativeResidual }: RunReport): PageSection {
  const plot = convergencePlot(residualNorms, config.solver.relativeTolerance, relativeResidual);
  const words = "Curve: the norm that the Krylov method itself measures, relative to its first. Square: the relative KKT residual of the solution, which the tolerance is for; it may lie far from the curve.";
  const body = plot === "" ? `<p>${iterations === 0 ? "Solved without iterating." : "Too few iterations for a plot."}</p>` : `${plot}<p class="soft">${words}</p>`;
  return { title: "Convergence", body };
}

/** Why it did not converge, the likeliest cause first. */
export function diagnosisSection({ diagnosis }: RunReport): PageSection {
  if (diagnosis === undefined) return { title: "Diagnosis", body: "" };
  const rows = diagnosis.causes.map(({ cause, evidence, options }) => [cause, evidence, options]);
  const { command, options } = diagnosis.next;
  return { title: "Diagnosis", body: `${htmlTable(["possible cause", "evidence", "to try"], rows)}<p>Next: <code>${escapeHtml(`parakkt ${command} report.json ${options}`.trim())}</code></p>` };
}

/** What the run saw of the spectrum of the preconditioned operator. */
export function spectrumSection({ spectrum }: RunReport): PageSection {
  if (spectrum === undefined) return { title: "Spectrum", body: "" };
  const { dimension, smallest, largest, condition } = spectrum;
  const rows = ([["dimension of the Krylov space", String(dimension)], ["smallest Ritz value", smallest.toPrecision(4)], ["largest Ritz value", largest.toPrecision(4)], ["quotient", condition.toPrecision(4)]] as const).map(([name, number]) => [name, { number }]);
  return { title: "Spectrum", body: htmlTable(undefined, rows) };
}

/** Where the time went. */
export function timeSection({ timings, counts, memory }: RunReport): PageSection {
  const { setup, solve, output, total } = timings;
  const parts = [["data and set-up", setup], ["solve", solve], ["output", output], ["start and rest", Math.max(0, total - setup - solve - output)]] as const;
  const sum = parts.reduce((all, [, seconds]) => all + seconds, 0) || 1;
  let x = 0;
  const bars = parts.map(([, seconds], k) => {
    const width = (640 * seconds) / sum;
    x += width;
    return `<rect class="part${k}" x="${(x - width).toFixed(1)}" y="0" width="${width.toFixed(1)}" height="28"/>`;
  });
  const rows = parts.map(([name, seconds], k) => `<tr><td><span class="key part${k}"></span>${name}</td><td class="number">${formatSeconds(seconds)}</td><td class="number">${((100 * seconds) / sum).toFixed(0)} %</td></tr>`);
  const work = [
    ["spatial solves", counts.spatialSolves],
    ["operator applications", counts.operatorApplications],
    ["preconditioner applications", counts.preconditionerApplications],
    ["inner products", counts.innerProducts],
    ["messages", counts.messages],
  ] as const;
  const table = htmlTable(undefined, [...work.map(([name, count]) => [name, { number: count.toLocaleString("en-US") }]), ["peak memory", { number: formatBytes(memory.peakRss) }]]);
  return { title: "Where the time went", body: `<svg viewBox="0 0 640 28" role="img" aria-label="Shares of the time">${bars.join("")}</svg><table><tbody>${rows.join("")}</tbody></table>${table}` };
}

/** What `auto` chose and why. */
export function planSection({ plan }: RunReport): PageSection {
  if (plan === undefined) return { title: "Plan", body: "" };
  const rows = plan.alternatives.slice(0, 8).map((alternative) => [
    describeChoice(alternative),
    { number: String(alternative.predictedIterations) },
    { number: formatSeconds(alternative.predictedSeconds) },
  ]);
  return { title: "Plan", body: `<p>Chosen: ${escapeHtml(plan.why)}</p>${htmlTable(["compared", { number: "iterations" }, { number: "seconds" }], rows)}` };
}

/** The config with every default, ready to be run again. */
export function configSection({ config }: RunReport): PageSection {
  return { title: "Config", body: `<p class="soft">With every default; <code>parakkt solve report.json</code> runs it again.</p><pre>${escapeHtml(JSON.stringify(config, undefined, 2))}</pre>` };
}

/** What the numbers were made with. */
export function provenanceSection({ provenance, digest }: RunReport): PageSection {
  const rows = [...Object.entries(provenance), ["digest", digest]].filter(([, value]) => value !== null).map(([name, value]) => [String(name), typeof value === "object" ? JSON.stringify(value) : String(value)]);
  return { title: "Provenance", body: htmlTable(undefined, rows) };
}
