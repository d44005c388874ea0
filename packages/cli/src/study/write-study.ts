import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { countNoun } from "../count-noun.js";
import { guarded, writeAtomically } from "../output/atomic-file.js";
import type { StudyFit } from "./fits.js";
import { renderPlot } from "./render-plot.js";
import type { StudyPlot } from "./plots.js";
import { csvText, parquetBytes, studyColumns } from "./study-columns.js";
import { STUDY_FILES } from "./study-directory.js";
import { cellTable, methodTable, type Agreement, type TableSource, type TextTable } from "./study-table.js";
import { latexTable, markdownTable } from "./table-formats.js";

/** What a study found, ready to be written. */
export interface StudyFindings extends TableSource {
  readonly fits: readonly StudyFit[];
  readonly agreement: Agreement;
  readonly plots: readonly StudyPlot[];
  readonly title: string;
}

/** Writes tables, fits and plots. What was there from an earlier run of the study is replaced. */
export async function writeStudy(directory: string, findings: StudyFindings): Promise<void> {
  const columns = studyColumns(findings);
  const tables = textTables(findings);
  const parquet = await parquetBytes(columns);
  const write = (name: string, content: string | Uint8Array): void => void writeAtomically(join(directory, name), (file) => file.write(content));
  write(STUDY_FILES.csv, csvText(columns));
  write(STUDY_FILES.parquet, parquet);
  write(STUDY_FILES.latex, tables.map(latexTable).join("\n"));
  write(STUDY_FILES.fits, `${JSON.stringify(findings.fits, undefined, 2)}\n`);
  guarded(directory, () => mkdirSync(join(directory, STUDY_FILES.plots), { recursive: true }));
  for (const { name, spec } of findings.plots) {
    const { svg, png } = await renderPlot(spec);
    write(join(STUDY_FILES.plots, `${name}.svg`), svg);
    write(join(STUDY_FILES.plots, `${name}.png`), png);
  }
  write(STUDY_FILES.summary, studySummary(findings));
}

/** Title, tables, fits, verdicts and agreement in Markdown; also what the command prints. */
export function studySummary(findings: StudyFindings): string {
  const { title, fits, agreement, plots, records } = findings;
  const lost = records.filter(({ outcome }) => outcome === "failed" || outcome === "refused");
  const sections = [
    `# ${title}\n`,
    ...textTables(findings).map(markdownTable),
    ...(lost.length > 0 ? [["Failed or refused cells:", "", ...lost.map(({ method, values, message }) => `- ${[method, JSON.stringify(values)].join(" ").trim()}: ${message.replaceAll(/\s+/g, " ")}`), ""].join("\n")] : []),
    ...(fits.length > 0 ? [["Fits over the converged cells (95 % intervals):", "", ...fits.flatMap(describeFit), ""].join("\n")] : []),
    ...(agreement.compared > 0 ? [`${describeAgreement(agreement)}\n`] : []),
    ...(plots.length > 0 ? [`${plots.map(({ name }) => `![${name}](${STUDY_FILES.plots}/${name}.svg)`).join("\n\n")}\n`] : []),
  ];
  return sections.join("\n");
}

/** One line a fit and one a verdict. */
export function describeFit({ group, formula, law, verdicts }: StudyFit): string[] {
  const about = law === undefined ? "" : `, scatter ${(100 * law.scatter).toFixed(1)} %, ${countNoun(law.observations, "solve")}`;
  return [`- ${group === "" ? "" : `${group}: `}${formula}${about}`, ...verdicts.map(({ words }) => `  - ${words}`)];
}

/** "39 of 40 counts agree with the reference" and which do not. */
export function describeAgreement({ compared, agreeing, differing }: Agreement): string {
  return [`${agreeing} of ${compared} counts agree with the reference.`, ...differing.map((words) => `- ${words}`)].join("\n");
}

function textTables(findings: TableSource): TextTable[] {
  const table = methodTable(findings);
  return [...(table === undefined ? [] : [table]), cellTable(findings)];
}
