import { posix } from "node:path";
import { parseSource, type ImportedModule, type ParsedSource, type Source } from "./parsed-source.js";

/** A place where a file breaks a rule of the architecture. */
export interface Violation {
  readonly rule: string;
  readonly path: string;
  readonly detail: string;
}

/** Rule 1: whom a package may import; its name in the workspace is @parakkt/name. */
const packageImports: Readonly<Record<string, readonly string[]>> = {
  cli: ["layers", "parallel", "precond", "core"],
  layers: ["core", "kernels"],
  parallel: ["core"],
  precond: ["core"],
  core: ["kernels"],
  kernels: [],
  testing: ["core"],
};

/** Rule 2: whom a folder of core may import besides itself; `index.ts` sees them all. */
const coreFolders: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  linalg: ["errors"],
  parallel: ["errors", "linalg"],
  krylov: ["errors", "linalg", "parallel"],
  time: ["errors", "linalg", "parallel"],
  space: ["errors", "linalg", "parallel"],
  integrators: ["errors", "linalg", "parallel", "time", "space"],
  "space-time": ["errors", "linalg", "parallel", "time", "space", "integrators"],
  problem: ["errors", "linalg", "parallel", "time", "space", "integrators", "space-time"],
  kkt: ["errors", "linalg", "parallel", "time", "space", "integrators", "space-time", "problem", "krylov"],
  verification: ["errors", "linalg", "parallel", "time", "space", "integrators", "space-time", "problem", "krylov", "kkt"],
};

/** Rule 3: what precond must not know: the files of core that concrete integrators, spaces and problems come from. */
const concreteInCore = /^\.\/(space|problem)\/|^\.\/integrators\/(backward-euler|theta-method|sdirk)/;

/** Rule 4: implementations of one interface each; who chooses between two of them is a registry. */
const alternatives: readonly (readonly string[])[] = [
  ["cg", "minres", "gmres", "fgmres"],
  ["fullSpaceFormulation", "schurFormulation", "reducedFormulation", "solveDirect"],
  ["fastDiagonalizationSolver", "choleskySolver", "multigridSolver"],
  ["twoLevel", "multilevel", "oneLevel"],
];
const REGISTRY = "packages/cli/src/build.ts";

/** Rule 5: packages that may touch files, clocks and the console. */
const runtimePackages: readonly string[] = ["cli", "parallel", "bench"];
const runtimeGlobals = ["console", "process", "Date", "performance", "setTimeout", "setInterval", "require", "Buffer", "__dirname"];

/** Packages that import nothing from outside the workspace, so that they run anywhere. */
const selfContained: readonly string[] = ["core", "precond", "kernels", "layers", "parallel"];

/** What they may load all the same: koffi calls MPI, and all else works without it. */
const optionalLoads: readonly (readonly [path: string, specifier: string])[] = [["packages/parallel/src/mpi/mpi-library.ts", "koffi"]];

const vagueName = /(^|\/)(utils?|common|helpers?|misc|types)(\.|\/|$)/;

/** Every violation in a tree of source files, in the order of the rules. */
export function findViolations(sources: readonly Source[]): Violation[] {
  const files = sources.map(parseSource);
  const concrete = concreteNames(files);
  return [...files.flatMap((file) => [...importViolations(file, concrete), ...styleViolations(file)]), ...importCycles(files)];
}

const packageOf = (path: string): string => path.split("/")[1];
const folderOf = (path: string): string => path.split("/")[3]?.replace(/\.ts$/, "") ?? "";

function importViolations(file: ParsedSource, concrete: ReadonlySet<string>): Violation[] {
  const report = (rule: string, detail: string): Violation => ({ rule, path: file.path, detail });
  const violations = file.imports.flatMap((imported) => {
    if (imported.specifier.startsWith(".")) return relativeViolations(file, imported, report);
    if (imported.specifier.startsWith("@parakkt/")) return workspaceViolations(file, imported, { report, concrete });
    return outsideViolations(file, imported, report);
  });
  const chosen = alternatives.filter((names) => file.imports.flatMap(({ values }) => values).filter((name) => names.includes(name)).length > 1);
  if (chosen.length > 0 && file.path !== REGISTRY) violations.push(report("registry", `chooses between ${chosen.flat().join(", ")}`));
  return violations;
}

type Report = (rule: string, detail: string) => Violation;

function relativeViolations({ path }: ParsedSource, { specifier }: ImportedModule, report: Report): Violation[] {
  const target = resolveImport(path, specifier);
  const root = path.split("/").slice(0, 3).join("/");
  if (!target.startsWith(`${root}/`)) return [report("package-imports", `${specifier} leaves the package`)];
  if (!path.startsWith("packages/core/src/") || path === "packages/core/src/index.ts") return [];
  const [from, to] = [folderOf(path), folderOf(target)];
  return from === to || coreFolders[from]?.includes(to) ? [] : [report("core-folders", `${from} imports ${to}`)];
}

function workspaceViolations({ path }: ParsedSource, { specifier, names }: ImportedModule, { report, concrete }: { report: Report; concrete: ReadonlySet<string> }): Violation[] {
  const [, name, ...inside] = specifier.split("/");
  const violations: Violation[] = [];
  if (inside.length > 0 || !packageImports[packageOf(path)]?.includes(name)) violations.push(report("package-imports", `imports ${specifier}`));
  const seen = packageOf(path) === "precond" ? names.filter((imported) => concrete.has(imported)) : [];
  if (seen.length > 0) violations.push(report("precond-interfaces", `knows ${seen.join(", ")}`));
  return violations;
}

function outsideViolations({ path }: ParsedSource, { specifier }: ImportedModule, report: Report): Violation[] {
  const owner = packageOf(path);
  if (specifier.startsWith("node:")) return runtimePackages.includes(owner) ? [] : [report("runtime", `imports ${specifier}`)];
  if (optionalLoads.some(([where, what]) => where === path && what === specifier)) return [];
  return selfContained.includes(owner) ? [report("third-party", `imports ${specifier}`)] : [];
}

function styleViolations({ path, globals, anyKeywords, hasDefaultExport, lines }: ParsedSource): Violation[] {
  const violations: Violation[] = [];
  const check = (broken: boolean, rule: string, detail: string): void => {
    if (broken) violations.push({ rule, path, detail });
  };
  const used = runtimePackages.includes(packageOf(path)) ? [] : runtimeGlobals.filter((name) => globals.has(name));
  check(used.length > 0, "runtime", `uses ${used.join(", ")}`);
  check(globals.has("Math.random"), "randomness", "uses Math.random, which has no seed");
  check(vagueName.test(path), "file-name", "a thing without a home is a concept without a name");
  check(hasDefaultExport, "default-export", "has a default export");
  check(anyKeywords > 0, "any", `says any ${anyKeywords} times`);
  check(lines > 300 && !path.includes("/generated/"), "file-length", `has ${lines} lines`);
  return violations;
}

/** Names that core exports from concrete integrators, spaces and problems. */
function concreteNames(files: readonly ParsedSource[]): Set<string> {
  const index = files.find(({ path }) => path === "packages/core/src/index.ts");
  return new Set(index?.imports.filter(({ specifier }) => concreteInCore.test(specifier)).flatMap(({ names }) => names));
}

const resolveImport = (path: string, specifier: string): string => posix.join(posix.dirname(path), specifier).replace(/\.js$/, ".ts");

/** One violation for each import that closes a circle, imports of types included. */
function importCycles(files: readonly ParsedSource[]): Violation[] {
  const graph = new Map(files.map(({ path, imports }) => [path, imports.filter(({ specifier }) => specifier.startsWith(".")).map(({ specifier }) => resolveImport(path, specifier))]));
  const violations: Violation[] = [];
  const finished = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) violations.push({ rule: "import-cycle", path, detail: [...trail.slice(at), path].map((file) => posix.basename(file)).join(" → ") });
    if (at >= 0 || finished.has(path)) return;
    for (const target of graph.get(path) ?? []) visit(target, [...trail, path]);
    finished.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return violations;
}
