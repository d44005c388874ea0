import { configOfReport } from "./config-of-report.js";
import { ConfigError, type ConfigProblem } from "./config-problem.js";
import { isContainer, placeOfKey, type ConfigTree } from "./config-tree.js";
import { readConfigText } from "./read-config-text.js";
import { readYaml } from "./read-yaml.js";

/** What a config is for. */
export type ConfigPurpose = "solve" | "train";

/** The section that configs of one purpose must have and those of the other cannot have. */
const SECTION: Readonly<Record<ConfigPurpose, string>> = { solve: "problem", train: "data" };
const OTHER = {
  solve: { purpose: "train", what: "this is the config of a training", hint: "parakkt train, plan or verify take it" },
  train: { purpose: "solve", what: "this is the config of a problem to solve", hint: "parakkt solve, plan, verify or study take it" },
} as const;

/** What a config is meant for, by its sections; undefined where they do not say. */
export function configPurpose({ root }: ConfigTree): ConfigPurpose | undefined {
  const has = (purpose: ConfigPurpose): boolean => isContainer(root) && Object.hasOwn(root, SECTION[purpose]);
  if (has("solve") === has("train")) return undefined;
  return has("solve") ? "solve" : "train";
}

/** What a config file is meant for. Throws what reading it throws. */
export function purposeOfFile(path: string): ConfigPurpose | undefined {
  return configPurpose(configOfReport(readYaml(readConfigText(path), path)));
}

/** Refuses a config of the other purpose in one line, in place of one for every section. Throws `ConfigError`. */
export function requirePurpose(tree: ConfigTree, purpose: ConfigPurpose): void {
  const { purpose: other, what, hint } = OTHER[purpose];
  if (configPurpose(tree) !== other) return;
  const key = SECTION[other];
  const problem: ConfigProblem = { location: placeOfKey(tree, [key]), key, what, hint };
  throw new ConfigError([problem]);
}
