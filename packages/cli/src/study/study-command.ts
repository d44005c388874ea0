import { basename, extname } from "node:path";
import { ExitCode } from "../exit-codes.js";
import { parseOverride } from "../config/apply-overrides.js";
import { isContainer, valueAt } from "../config/config-tree.js";
import type { Terminal } from "../terminal.js";
import { fitStudy } from "./fits.js";
import { loadStudy, type LoadedStudy } from "./load-study.js";
import { studyPlots } from "./plots.js";
import { runStudy, type StudyEnding } from "./run-study.js";
import { speedUps } from "./speed-up.js";
import { studyAxes } from "./study-axes.js";
import { openStudyDirectory } from "./study-directory.js";
import { agreement } from "./study-table.js";
import { describeAgreement, studySummary, writeStudy, type StudyFindings } from "./write-study.js";

/** Options of `study`. */
export interface StudyOptions {
  readonly set: readonly string[];
  readonly out?: string;
  readonly resume?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly allowPath?: boolean;
}

/** Runs every cell, fits, writes and prints. Hands back 0 if every cell converged (and agrees with its reference), else 2. */
export async function studyCommand(path: string, options: StudyOptions, terminal: Terminal): Promise<ExitCode> {
  const talk = options.quiet === true || options.json === true ? () => undefined : terminal.talk;
  const study = loadStudy({ path, overrides: options.set.map(parseOverride), allowPath: options.allowPath === true });
  const directory = studyDirectory(study, options);
  const release = openStudyDirectory(directory, { resume: options.resume === true, force: options.force === true });
  try {
    const ending = await runStudy({ study, directory, options: cellOptions(study, options), talk });
    return await conclude(ending, { study, directory, options, terminal });
  } finally {
    release();
  }
}

interface StudyRun {
  readonly study: LoadedStudy;
  readonly directory: string;
  readonly options: StudyOptions;
  readonly terminal: Terminal;
}

/** Fits, writes and prints what the cells gave. */
async function conclude(ending: StudyEnding, { study, directory, options, terminal }: StudyRun): Promise<ExitCode> {
  if (ending.signal !== undefined) {
    terminal.talk(`parakkt: interrupted with ${ending.records.length} of ${study.cells.length} cells done\n  hint: the same command with --resume goes on`);
    return ending.signal === "SIGINT" ? ExitCode.interrupted : ExitCode.terminated;
  }
  const findings = findingsOf(study, ending);
  await writeStudy(directory, findings);
  if (options.json === true) terminal.result(JSON.stringify({ records: findings.records, fits: findings.fits, agreement: findings.agreement }, undefined, 2));
  else if (options.quiet !== true) terminal.result(`${studySummary({ ...findings, plots: [] })}\nwritten to ${directory}`);
  const converged = findings.records.every(({ outcome }) => outcome === "converged");
  if (!converged && options.quiet === true) terminal.talk("parakkt: not every cell converged");
  if (findings.agreement.differing.length > 0 && options.quiet === true) terminal.talk(`parakkt: ${describeAgreement(findings.agreement)}`);
  return converged && findings.agreement.differing.length === 0 ? ExitCode.converged : ExitCode.stoppedBeforeConvergence;
}

function studyDirectory({ tree, path }: LoadedStudy, { out }: StudyOptions): string {
  const given = valueAt(tree.root, ["output", "directory"]);
  return out ?? (typeof given === "string" ? given : `runs/${basename(path, extname(path))}`);
}

/** What the command line sets goes to every cell; fields are written only where the config asks for them. */
function cellOptions({ tree }: LoadedStudy, { set, allowPath }: StudyOptions): string[] {
  const output = valueAt(tree.root, ["output"]);
  const fields = isContainer(output) && output["fields"] !== undefined;
  const sets = set.filter((text) => parseOverride(text).path[0] !== "study");
  return [...sets.flatMap((text) => ["--set", text]), ...(fields ? [] : ["--set", "output.fields=[]"]), ...(allowPath === true ? ["--allow-path"] : [])];
}

function findingsOf({ study, path, reference }: LoadedStudy, { records }: StudyEnding): StudyFindings {
  const axes = studyAxes(records, study.labels);
  const { seed = 1, resamples = 1000, robustWithin = 0.1, referenceWithin = 1 } = study;
  const source = { records, axes, speedUp: speedUps(records), ...(reference && { reference }) };
  return {
    ...source,
    title: `Study ${basename(path)}`,
    fits: fitStudy(records, axes, { seed, resamples, robustWithin }),
    agreement: agreement(source, referenceWithin),
    plots: studyPlots(records, axes),
  };
}
