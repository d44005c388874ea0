import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { FIELD_KEYS } from "../config/field-formulas.js";
import type { FieldSetting, ResolvedConfig } from "../config/resolved-config.js";
import { resolveInputPath } from "../data/input-path.js";
import { programVersion } from "../program-version.js";

/**
 * Everything that the bits of a solve depend on: the program's version, and of the config problem, method and preconditioner, files by
 * their contents. How long it may run, where results go and how many ranks take part is not in it.
 */
export function solveFingerprint(config: ResolvedConfig, directory: string): unknown {
  return { version: programVersion(), ...solveSettings(config, (file) => fileHash(directory, file)) };
}

/** The part of it that the config says, with each file replaced by what `contents` says of it. */
export function solveSettings(config: ResolvedConfig, contents: (file: string) => string): Record<string, unknown> {
  const { problem, integrator, solver, preconditioner, spatialSolver } = config;
  const valueOf = (setting: FieldSetting): unknown => (typeof setting === "object" ? { file: contents(setting.file) } : setting);
  const fields = Object.fromEntries(FIELD_KEYS.map((key) => [key, valueOf(problem[key])]));
  return { problem: { ...problem, ...fields }, integrator, solver: settingsOfSolver(solver), preconditioner, spatialSolver };
}

function fileHash(directory: string, file: string): string {
  const found = resolveInputPath(directory, file, true);
  return "path" in found ? createHash("sha256").update(readFileSync(found.path)).digest("hex") : "missing";
}

/** Limits may be moved; a cycle is never longer than the iterations that are allowed. */
function settingsOfSolver(solver: ResolvedConfig["solver"]): unknown {
  if (solver.formulation === "direct") return solver;
  const { formulation, method, relativeTolerance, absoluteTolerance, stagnationWindow, restart, maxIterations } = solver;
  const settings = { formulation, method, relativeTolerance, absoluteTolerance, stagnationWindow };
  return method.endsWith("gmres") ? { ...settings, restart: Math.min(restart, maxIterations) } : settings;
}

/** The first key that differs, with both values; `undefined` where all are equal. */
export function differingKey(kept: unknown, asked: unknown, path = ""): string | undefined {
  if (isMapping(kept) && isMapping(asked)) {
    for (const key of new Set([...Object.keys(kept), ...Object.keys(asked)])) {
      const difference = differingKey(kept[key], asked[key], path === "" ? key : `${path}.${key}`);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  const [before, now] = [kept, asked].map((value) => JSON.stringify(value) ?? "nothing");
  if (before === now) return undefined;
  if (path.endsWith(".file")) return `${path.slice(0, -".file".length)}: the contents of the file have changed`;
  return `${path} was ${before} and is now ${now}`;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
