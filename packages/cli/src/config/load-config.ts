import type { PlanFacts, SolvePlan } from "@parakkt/precond";
import { basename, extname } from "node:path";
import { configDirectory, resolveInputPath } from "../data/input-path.js";
import { FormulaError } from "../formula/formula-error.js";
import { applyOverrides, type Override } from "./apply-overrides.js";
import { configOfReport } from "./config-of-report.js";
import { ConfigError, describePath, type ConfigProblem } from "./config-problem.js";
import { requirePurpose } from "./config-purpose.js";
import { placeOfValue, type ConfigPath, type ConfigTree } from "./config-tree.js";
import { crossCheck, type Finding } from "./cross-checks.js";
import { FIELD_KEYS, fieldFormula, fieldScope, formulaProblem, type FieldKey } from "./field-formulas.js";
import { findingProblem, isFlawed, isSound, sortByPlace, withoutPaths } from "./findings.js";
import { keysWithoutEffect } from "./keys-without-effect.js";
import { planChoice, requestFacts } from "./plan-choice.js";
import { checkProblem } from "./problem-checks.js";
import { readConfigText } from "./read-config-text.js";
import { readYaml } from "./read-yaml.js";
import { resolveDefaults } from "./resolve-defaults.js";
import type { FieldSetting, ResolvedConfig } from "./resolved-config.js";
import { schemaProblems } from "./schema-problems.js";
import { configSchema, type ConfigInput } from "./schema.js";

/** What to load and how. */
export interface LoadRequest {
  readonly path: string;
  readonly overrides?: readonly Override[];
  readonly allowPath?: boolean;
}

/** A config that can be solved. */
export interface LoadedConfig {
  readonly config: ResolvedConfig;
  /** How `auto` was decided, where something was left to it. */
  readonly plan?: SolvePlan;
  /** The formulation was left to `auto`: the way of solving may follow the number of ranks. */
  readonly automatic: boolean;
  /** ν is one number everywhere. */
  readonly constantDiffusivity: boolean;
  /** Directory that the files named in the config are relative to. */
  readonly directory: string;
  /** Place of each field's value, for messages about its data. */
  readonly places: Readonly<Record<FieldKey, string>>;
  /** Files that the config names, as absolute paths. */
  readonly files: readonly string[];
  /** Keys that are given but change nothing. */
  readonly notes: readonly string[];
  /** The problem as the planner wants it; computed when it is asked for. */
  planFacts(): PlanFacts;
}

/** Reads, checks and resolves a config file or a report. Throws `ConfigError` with all mistakes at once. */
export function loadConfig({ path, overrides = [], allowPath = false }: LoadRequest): LoadedConfig {
  const tree = applyOverrides(configOfReport(readYaml(readConfigText(path), path)), overrides);
  requirePurpose(tree, "solve");
  const name = basename(path, extname(path));
  return checkConfig(tree, { name, directory: configDirectory(path), allowPath });
}

interface CheckContext {
  readonly name: string;
  readonly directory: string;
  readonly allowPath: boolean;
}

/** Checks and resolves a config that has been read already. Throws `ConfigError`. */
export function checkConfig(tree: ConfigTree, context: CheckContext): LoadedConfig {
  const parsed = configSchema.safeParse(tree.root);
  const schema = parsed.success ? [] : schemaProblems(tree, parsed.error.issues);
  const flawed: ConfigPath[] = schema.flatMap(({ path, meant }) => (meant === undefined ? [path] : [path, meant]));
  if (flawed.some((path) => path.length === 0)) throw new ConfigError(schema);
  const input = parsed.success ? parsed.data : parseWithout(tree.root, schema.map(({ path }) => path));
  const problems: ConfigProblem[] = schema.map(({ path: _path, meant: _meant, ...problem }) => problem);
  const fields = checkFields({ tree, input, flawed, context });
  problems.push(...fields.problems);
  const { constantDiffusivity } = fields;
  const refuseFindings = (findings: readonly Finding[]): void => {
    problems.push(...findings.filter((finding) => isSound(finding, flawed)).map((finding) => findingProblem(tree, finding)));
    if (problems.length > 0) throw new ConfigError(sortByPlace(problems));
  };
  const draft = resolveDefaults(input, { constantDiffusivity, name: context.name });
  refuseFindings([...checkProblem(input), ...crossCheck({ input, resolved: draft, constantDiffusivity })]);
  const plan = planChoice({ input, draft, constantDiffusivity, ...context });
  const resolved = plan === undefined ? draft : resolveDefaults(input, { constantDiffusivity, name: context.name, choice: plan.chosen });
  refuseFindings(crossCheck({ input, resolved, constantDiffusivity }));
  const places = Object.fromEntries(FIELD_KEYS.map((key) => [key, placeOfValue(tree, ["problem", key])])) as Record<FieldKey, string>;
  const notes = keysWithoutEffect(tree, resolved);
  const facts = (): PlanFacts => requestFacts({ input, draft, constantDiffusivity, ...context });
  return { config: resolved, ...(plan && { plan }), automatic: input.solver?.formulation === "auto", constantDiffusivity, directory: context.directory, places, files: fields.files, notes, planFacts: facts };
}

/** The config without its flawed parts, so that the rest can be checked in the same run. */
function parseWithout(root: unknown, flawed: readonly ConfigPath[]): ConfigInput {
  const again = configSchema.safeParse({ problem: {}, ...withoutPaths(root, flawed) });
  return again.success ? again.data : { problem: {} };
}

interface FieldCheck {
  readonly tree: ConfigTree;
  readonly input: ConfigInput;
  readonly flawed: ConfigPath[];
  readonly context: CheckContext;
}

/** Formulas are parsed and files looked up; a mistake makes the key flawed. */
function checkFields(check: FieldCheck): { problems: ConfigProblem[]; constantDiffusivity: boolean; files: string[] } {
  const problems: ConfigProblem[] = [];
  const files: string[] = [];
  let constantDiffusivity = true;
  for (const key of FIELD_KEYS) {
    const setting = check.input.problem[key];
    if (setting === undefined) continue;
    const result = checkField(key, setting, check);
    if ("problem" in result) {
      problems.push(result.problem);
      check.flawed.push(["problem", key]);
      continue;
    }
    if (key === "diffusivity") constantDiffusivity = result.constant;
    if (result.file !== undefined) files.push(result.file);
  }
  return { problems, constantDiffusivity, files };
}

type FieldResult = { readonly problem: ConfigProblem } | { readonly constant: boolean; readonly file?: string };

function checkField(key: FieldKey, setting: FieldSetting, check: FieldCheck): FieldResult {
  const { tree, input, flawed, context } = check;
  const path = ["problem", key];
  const place = { location: placeOfValue(tree, path), key: describePath(path) };
  if (typeof setting === "object") {
    const found = resolveInputPath(context.directory, setting.file, context.allowPath);
    if ("path" in found) return { constant: false, file: found.path };
    return { problem: { ...found, location: placeOfValue(tree, [...path, "file"]), key: `${place.key}.file` } };
  }
  const dimension = isFlawed("problem.domain", flawed) ? 3 : dimensionOf(input);
  try {
    const formula = fieldFormula(setting, fieldScope(key, dimension, input.problem.parameters ?? {}))!;
    const constant = formula.coordinates.size === 0;
    if (key === "diffusivity" && constant) return checkConstantDiffusivity(formula.evaluate(new Float64Array(4)), place);
    return { constant };
  } catch (error) {
    if (!(error instanceof FormulaError) || typeof setting !== "string") throw error;
    const hidden = isFlawed("problem.parameters", flawed) ? { hint: "mend the parameters first" } : {};
    return { problem: { ...formulaProblem(error, setting, place), ...hidden } };
  }
}

function checkConstantDiffusivity(value: number, place: { location: string; key: string }): FieldResult {
  if (value > 0 && Number.isFinite(value)) return { constant: true };
  return { problem: { ...place, what: `expected a positive diffusivity, got ${value}`, hint: "diffusivity: 1" } };
}

function dimensionOf({ problem }: ConfigInput): number {
  return problem.domain?.cells?.length ?? problem.domain?.extent?.length ?? 2;
}
