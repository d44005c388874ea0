import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { RunReport } from "../output/report.js";
import { PAGE_MARK } from "../output/run-directory.js";
import { fieldSection } from "./field-section.js";
import { escapeHtml } from "./html.js";
import { configSection, convergenceSection, diagnosisSection, planSection, provenanceSection, spectrumSection, timeSection, verdictSection, type PageSection } from "./report-sections.js";
import type { FieldSample } from "./sample-fields.js";

const asset = (name: string): string => readFileSync(fileURLToPath(new URL(`../../page/${name}`, import.meta.url)), "utf8");
const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/**
 * One HTML file that needs nothing else: no request is allowed by its policy, its one script and style are named by their hashes, and every text
 * of the report is escaped.
 */
export function reportPage(report: RunReport, name: string, fields: FieldSample | undefined): string {
  const [style, script] = [asset("report.css"), asset("viewer.js")];
  const policy = `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf(style)}; base-uri 'none'; form-action 'none'`;
  const sections: readonly PageSection[] = [
    verdictSection(report),
    { title: "Fields over time", body: fields === undefined ? `<p>${withoutFields(report)}</p>` : fieldSection(fields) },
    diagnosisSection(report),
    convergenceSection(report),
    spectrumSection(report),
    timeSection(report),
    planSection(report),
    configSection(report),
    provenanceSection(report),
  ];
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    PAGE_MARK,
    `<title>${escapeHtml(name)} – ParaKKT</title>`,
    `<style>${style}</style>`,
    "</head>",
    "<body>",
    `<h1>${escapeHtml(name)}</h1>`,
    '<p class="soft">Optimal control of the heat equation, solved by ParaKKT</p>',
    ...sections.filter(({ body }) => body !== "").map(({ title, body }) => `<section><h2>${title}</h2>\n${body}\n</section>`),
    ...(fields === undefined ? [] : [`<script>${script}</script>`]),
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

/** Why there are no pictures: never written as NPY, or gone since. */
function withoutFields({ config }: RunReport): string {
  return config.output.fields.includes("npy")
    ? "The fields are not shown: of state.npy, target.npy and control.npy, which the run wrote, not all are there any more. Solve again to see them here."
    : "The fields are not shown: they were not written as NPY files. Solve with output.fields: [npy] to see them here.";
}
