import type { UpdateRecord } from "@parakkt/layers";
import { PAGE_MARK } from "../output/run-directory.js";
import { formatSeconds } from "../progress-line.js";
import { escapeHtml } from "../report-page/html.js";
import { renderSvg } from "../study/render-plot.js";
import { trainingPlots } from "./training-plots.js";
import type { TrainingReport } from "./training-report.js";
import { counted, describeRunReason, describeValidation, serialSince } from "./training-summary.js";

/** One HTML file without scripts and remote parts: plots, model of the speed-up, timings, config. */
export async function trainingPage(report: TrainingReport, updates: readonly UpdateRecord[]): Promise<string> {
  const figures = await Promise.all(
    trainingPlots(report, updates).map(async ({ title, about, spec }) => `<figure><figcaption><b>${escapeHtml(title)}</b>: ${escapeHtml(about)}</figcaption>${await renderSvg(spec)}</figure>`),
  );
  const last = report.epochs.at(-1);
  const since = serialSince(report);
  const facts: [string, string][] = [
    ["ended", describeRunReason(report.reason)],
    ["network", `${report.config.network.kind}, ${report.layers} layers, ${report.parameters} parameters`],
    ["updates", `${report.updates} in ${counted(report.epochs.length, "epoch")}, ${formatSeconds(report.timings.training)} (measured, ${counted(report.provenance.ranks, "rank")})`],
    ...(last ? [["at the end", `training loss ${last.trainingLoss.toPrecision(4)}, ${describeValidation(last)}`] as [string, string]] : []),
    ["solves that broke down", `${report.fallbacks}, propagated serially`],
    ...(since === undefined ? [] : [["propagation", `serial since update ${since}: the iteration did not converge`] as [string, string]]),
    ["parameters", `SHA-256 ${report.digest}`],
    ["made with", `parakkt ${report.provenance.version}, Node ${report.provenance.node}, ${report.provenance.platform}`],
  ];
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`,
    PAGE_MARK,
    '<meta name="viewport" content="width=device-width">',
    `<title>Training: ${escapeHtml(report.config.data.kind)}</title>`,
    `<style>${STYLE}</style></head><body>`,
    `<h1>Training: ${escapeHtml(report.config.data.kind)}</h1>`,
    table(facts),
    `<div class="plots">${figures.join("\n")}</div>`,
    modelTable(report),
    `<h2>Config</h2><pre>${escapeHtml(JSON.stringify(report.config, undefined, 2))}</pre>`,
    "</body></html>",
    "",
  ].join("\n");
}

const STYLE = "body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#222}table{border-collapse:collapse}td,th{padding:.2rem .8rem .2rem 0;text-align:left;vertical-align:top}td{overflow-wrap:anywhere}svg{max-width:100%;height:auto}.plots{display:flex;flex-wrap:wrap;gap:1.5rem}figure{margin:0;max-width:100%}pre{background:#f5f5f5;padding:1rem;overflow:auto}";

function table(rows: readonly [string, string][]): string {
  return `<table>${rows.map(([name, value]) => `<tr><th>${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`).join("")}</table>`;
}

function modelTable({ modelled, timings }: TrainingReport): string {
  if (modelled === undefined) return "";
  const rows = modelled.workers.map(({ workers, forward, backward, speedup }) => `<tr><td>${workers ?? "one an interval"}</td><td>${forward}</td><td>${backward}</td><td>${speedup.toFixed(2)}</td></tr>`);
  return [
    "<h2>Layers that follow one another in an update</h2>",
    `<p>${escapeHtml(modelled.label)}. Measured here: ${escapeHtml(formatSeconds(timings.perUpdate))} an update. Serial: ${modelled.serial.forward} forward, ${modelled.serial.backward} backward.</p>`,
    `<table><tr><th>workers</th><th>forward</th><th>backward</th><th>modelled speed-up</th></tr>${rows.join("")}</table>`,
  ].join("\n");
}
