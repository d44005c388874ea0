import type { Communicator } from "@parakkt/core";
import type { SolvePlan } from "@parakkt/precond";
import { join, relative, resolve } from "node:path";
import { stepCount, type FieldSetting, type ResolvedConfig } from "../config/resolved-config.js";
import type { InputData } from "../data/input-data.js";
import type { SolveOutcome } from "../solve-job.js";
import { writeAtomically } from "./atomic-file.js";
import { reportText, runReport, type RunReport } from "./report.js";
import { createRunDirectory, FIELD_NAMES, removeEarlierRun, RUN_FILES } from "./run-directory.js";
import { solutionDigest } from "./solution-digest.js";
import { writeNpyField, writeVtkFields, type FieldOutput, type WrittenFile } from "./write-fields.js";

/** A finished solve and where its files go. */
export interface RunOutput {
  readonly config: ResolvedConfig;
  /** How `auto` was decided, where something was left to it. */
  readonly plan?: SolvePlan;
  readonly inputs: InputData;
  readonly outcome: SolveOutcome;
  readonly communicator: Communicator;
  readonly runDirectory: string;
  /** Directory that the config's files are relative to. */
  readonly configDirectory: string;
  /** Seconds that reading and evaluating data took. */
  readonly loadSeconds: number;
  /** Seconds since the command started. */
  readonly elapsed: () => number;
}

/** All ranks write fields, rank 0 then checksums and the report, which it hands back: a directory with a report is complete. */
export function writeRun(output: RunOutput): RunReport | undefined {
  const { config, inputs, outcome, communicator, runDirectory, elapsed } = output;
  const started = elapsed();
  if (communicator.rank === 0) {
    createRunDirectory(runDirectory);
    removeEarlierRun(runDirectory);
  }
  communicator.barrier();
  const { steps, ...solution } = outcome.fields;
  const fields: FieldOutput = {
    directory: runDirectory,
    grid: inputs.grid,
    times: Array.from({ length: inputs.time.steps }, (_, k) => inputs.time.time(k + 1)),
    steps,
    fields: { ...solution, target: (step, out) => inputs.target.fill(step, out) },
    communicator,
  };
  writeFieldFiles(config, fields);
  const digest = solutionDigest(outcome.fields, inputs.grid.size, communicator);
  return communicator.rank === 0 ? writeReport(output, digest, elapsed() - started) : undefined;
}

function writeReport(output: RunOutput, digest: string, outputSeconds: number): RunReport {
  const { config, plan, inputs, outcome, communicator, runDirectory, loadSeconds, elapsed } = output;
  const unknowns = 3 * inputs.grid.size * stepCount(config.problem.time);
  const { setup, solve } = outcome.timings;
  const timings = { setup: loadSeconds + setup, solve, output: outputSeconds, total: elapsed() };
  const report = runReport({ config: movedConfig(output), ...(plan && { plan }), outcome, ranks: communicator.size, unknowns, timings, digest });
  writeAtomically(join(runDirectory, RUN_FILES.report), (file) => file.write(reportText(report)));
  return report;
}

/** `sha256sum --check checksums.sha256` reads the list; it is renewed after each array, so that a killed run's files are known. */
function writeFieldFiles(config: ResolvedConfig, fields: FieldOutput): void {
  const { fields: formats } = config.output;
  const written: WrittenFile[] = [];
  const record = (...files: readonly WrittenFile[]): void => {
    written.push(...files);
    if (fields.communicator.rank > 0) return;
    const text = written.map(({ file, sha256 }) => `${sha256}  ${file}\n`).join("");
    writeAtomically(join(fields.directory, RUN_FILES.checksums), (file) => file.write(text));
  };
  if (formats.includes("npy")) for (const name of FIELD_NAMES) record(writeNpyField(fields, name));
  if (formats.includes("vtk")) record(...writeVtkFields(fields));
}

/** The config with its files named relative to the run directory, where the report will be read again. */
function movedConfig({ config, configDirectory, runDirectory }: RunOutput): ResolvedConfig {
  const moved = (setting: FieldSetting): FieldSetting =>
    typeof setting === "object" ? { file: relative(resolve(runDirectory), resolve(configDirectory, setting.file)) } : setting;
  const { diffusivity, source, initialState, target } = config.problem;
  const fields = { diffusivity: moved(diffusivity), source: moved(source), initialState: moved(initialState), target: moved(target) };
  return { ...config, problem: { ...config.problem, ...fields } };
}
