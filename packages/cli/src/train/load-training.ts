import { basename, extname, resolve } from "node:path";
import { applyOverrides, type Override } from "../config/apply-overrides.js";
import { configOfReport } from "../config/config-of-report.js";
import { ConfigError, describePath, type ConfigProblem } from "../config/config-problem.js";
import { placeOfValue, type ConfigPath, type ConfigTree } from "../config/config-tree.js";
import { requirePurpose } from "../config/config-purpose.js";
import { findingProblem, isSound, sortByPlace, withoutPaths } from "../config/findings.js";
import { readConfigText } from "../config/read-config-text.js";
import { readYaml } from "../config/read-yaml.js";
import { schemaProblems } from "../config/schema-problems.js";
import { trainSchema, type TrainInput } from "../config/train-schema.js";
import { configDirectory, resolveInputPath } from "../data/input-path.js";
import { checkTraining } from "./check-training.js";
import { requireMemoryForLayers } from "./require-memory.js";
import { resolveTraining } from "./resolve-training.js";
import { trainingKeysWithoutEffect } from "./training-keys-without-effect.js";
import type { TrainingSettings } from "./training-settings.js";

export interface TrainingRequest {
  readonly path: string;
  readonly overrides: readonly Override[];
  readonly allowPath: boolean;
}

/** A training config that can be run; files of data are absolute paths. */
export interface LoadedTraining {
  readonly settings: TrainingSettings;
  readonly files: readonly string[];
  /** Keys that are given but change nothing. */
  readonly notes: readonly string[];
}

/** Reads, checks and resolves a training config, or that of a report. Throws `ConfigError` with all mistakes at once, `ProgramError` (77) for layers that no memory holds. */
export function loadTraining({ path, overrides, allowPath }: TrainingRequest): LoadedTraining {
  const tree = applyOverrides(configOfReport(readYaml(readConfigText(path), path)), overrides);
  requirePurpose(tree, "train");
  const parsed = trainSchema.safeParse(tree.root);
  const found = parsed.success ? [] : schemaProblems(tree, parsed.error.issues, trainSchema);
  const flawed: ConfigPath[] = found.flatMap(({ path: at, meant }) => (meant === undefined ? [at] : [at, meant]));
  if (flawed.some((at) => at.length === 0)) throw new ConfigError(found);
  const input = parsed.success ? parsed.data : remains(tree.root, found.map(({ path: at }) => at));
  const settings = input && resolveTraining(input, basename(path, extname(path)));
  const findings = input && settings ? checkTraining({ input, settings }).filter((finding) => isSound(finding, flawed)) : [];
  const files = input ? checkFiles(tree, input, { directory: configDirectory(path), allowPath }) : { problems: [], files: {} };
  const problems: ConfigProblem[] = [...found.map(({ path: _path, meant: _meant, ...problem }) => problem), ...findings.map((finding) => findingProblem(tree, finding)), ...files.problems];
  if (problems.length > 0 || settings === undefined) throw new ConfigError(sortByPlace(problems));
  requireMemoryForLayers(settings);
  return { settings: { ...settings, data: { ...settings.data, ...files.files } }, files: Object.values(files.files), notes: trainingKeysWithoutEffect(tree, settings) };
}

/** What is left without the flawed keys, if that can still be read. */
function remains(root: unknown, flawed: readonly ConfigPath[]): TrainInput | undefined {
  const again = trainSchema.safeParse(withoutPaths(root, flawed));
  return again.success ? again.data : undefined;
}

interface FileCheck {
  readonly problems: ConfigProblem[];
  readonly files: Readonly<Record<string, string>>;
}

function checkFiles(tree: ConfigTree, { data }: TrainInput, { directory, allowPath }: { directory: string; allowPath: boolean }): FileCheck {
  const problems: ConfigProblem[] = [];
  const files: Record<string, string> = {};
  for (const key of ["inputs", "targets"] as const) {
    const given = data.kind === "file" ? data[key] : undefined;
    if (given === undefined) continue;
    const found = resolveInputPath(directory, given, allowPath);
    if ("path" in found) files[key] = resolve(found.path);
    else problems.push({ ...found, location: placeOfValue(tree, ["data", key]), key: describePath(["data", key]) });
  }
  return { problems, files };
}
