import { dirname, join } from "node:path";
import type { Override } from "../config/apply-overrides.js";
import { applyOverrides } from "../config/apply-overrides.js";
import { configOfReport } from "../config/config-of-report.js";
import { requirePurpose } from "../config/config-purpose.js";
import { ConfigError } from "../config/config-problem.js";
import { isContainer } from "../config/config-tree.js";
import { readConfigText } from "../config/read-config-text.js";
import { readYaml } from "../config/read-yaml.js";
import { configSchema } from "../config/schema.js";
import { schemaProblems } from "../config/schema-problems.js";
import { ExitCode } from "../exit-codes.js";
import { ProgramError } from "../program-error.js";
import { readReferenceCounts, type ReferenceCounts } from "./reference-counts.js";
import { studyCells, type StudyCell, type StudySource } from "./study-cells.js";

/** A study that can be run. */
export interface LoadedStudy extends StudySource {
  readonly cells: readonly StudyCell[];
  readonly reference?: ReferenceCounts;
}

/** More cells than this are taken for a mistake. */
const MOST_CELLS = 10_000;

/** Reads the config and its section `study`, and checks every cell. Throws `ConfigError` or `ProgramError`. */
export function loadStudy({ path, overrides, allowPath }: { readonly path: string; readonly overrides: readonly Override[]; readonly allowPath: boolean }): LoadedStudy {
  const tree = applyOverrides(configOfReport(readYaml(readConfigText(path), path)), overrides);
  requirePurpose(tree, "solve");
  const parsed = configSchema.shape.study.safeParse(isContainer(tree.root) ? tree.root["study"] : undefined);
  if (!parsed.success) throw new ConfigError(schemaProblems(tree, parsed.error.issues.map((issue) => ({ ...issue, path: ["study", ...issue.path] }))));
  const study = parsed.data ?? {};
  const size = (study.cells?.length ?? 1) * Object.values(study.grid ?? {}).reduce((product, values) => product * values.length, Object.keys(study.methods ?? { "": 0 }).length);
  if (size > MOST_CELLS) throw new ProgramError(ExitCode.invalidInput, `${path}: study: expected at most ${MOST_CELLS} cells, got ${size}`, "shorter lists, or several studies");
  const source: StudySource = { path, tree, study, allowPath };
  const cells = studyCells(source);
  return { ...source, cells, ...(study.reference !== undefined && { reference: readReferenceCounts(join(dirname(path), study.reference)) }) };
}
