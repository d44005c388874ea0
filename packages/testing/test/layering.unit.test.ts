import { fileURLToPath } from "node:url";
import { parseSource, readSources, type Source } from "./parsed-source.js";
import { findViolations } from "./source-rules.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

describe("the sources of all packages", () => {
  const sources = readSources(root);
  const violations = findViolations(sources);

  test("are found", () => {
    expect(sources.map(({ path }) => path)).toEqual(expect.arrayContaining(["packages/core/src/index.ts", "packages/core/src/kkt/kkt-system.ts", "packages/precond/src/two-level.ts"]));
    expect(sources.length).toBeGreaterThan(80);
  });

  test.each([
    ["package-imports", "packages import only those below them, through their front door"],
    ["core-folders", "folders of core import only those below them"],
    ["precond-interfaces", "precond sees interfaces, never a concrete integrator, space or problem"],
    ["registry", "names become constructors in build.ts of the command line only"],
    ["runtime", "files, clocks, console and process appear only in packages that talk to the outside"],
    ["third-party", "the packages that run anywhere import nothing from outside"],
    ["randomness", "there is no randomness without a seed"],
    ["import-cycle", "no file imports itself through others"],
    ["file-name", "no file is called utils, common, helpers, misc or types"],
    ["default-export", "there are no default exports"],
    ["any", "no type is any"],
    ["file-length", "no file is longer than 300 lines"],
  ])("%s: %s", (rule) => {
    expect(violations.filter((violation) => violation.rule === rule)).toEqual([]);
  });
});

/** A small tree that breaks every rule once (negative control). */
const badTree: Source[] = [
  { path: "packages/core/src/index.ts", text: `export { boxGrid } from "./space/box-grid.js";\nexport { cg } from "./krylov/cg.js";\n` },
  { path: "packages/core/src/space/box-grid.ts", text: `export function boxGrid(): number { return Math.random(); }\n` },
  { path: "packages/core/src/krylov/cg.ts", text: `import type { TimeGrid } from "../time/time-grid.js";\nexport function cg(grid: TimeGrid): TimeGrid { return grid; }\n` },
  { path: "packages/core/src/time/time-grid.ts", text: `import { time } from "./time-step.js";\nexport interface TimeGrid { at: typeof time }\n` },
  { path: "packages/core/src/time/time-step.ts", text: `import type { TimeGrid } from "./time-grid.js";\nexport const time = (grid: TimeGrid): unknown => grid;\n` },
  { path: "packages/core/src/linalg/utils.ts", text: `export const now = (): number => Date.now();\n` },
  { path: "packages/core/src/linalg/files.ts", text: `import { readFileSync } from "node:fs";\nexport const read = readFileSync;\n` },
  { path: "packages/precond/src/matching.ts", text: `import { boxGrid } from "@parakkt/core";\nexport default boxGrid;\n` },
  { path: "packages/precond/src/deep.ts", text: `import { axpy } from "@parakkt/core/dist/linalg/vector-kernels.js";\nimport { x } from "../../cli/src/main.js";\nexport const y = [axpy, x];\n` },
  { path: "packages/precond/src/choice.ts", text: `import { cg, gmres } from "@parakkt/core";\nimport { Matrix } from "ml-matrix";\nexport const methods = { cg, gmres, Matrix };\n` },
  { path: "packages/parallel/src/index.ts", text: `import type { LibraryHandle } from "koffi";\nexport type Library = LibraryHandle;\n` },
  { path: "packages/kernels/src/loose.ts", text: `import { norm } from "@parakkt/core";\nexport const loose = (x: any): unknown => norm(x, x);\n` },
  { path: "packages/cli/src/long.ts", text: "export const x = 1;\n".repeat(301) },
];

describe("the checker", () => {
  const found = findViolations(badTree).map(({ rule, path }) => `${rule} ${path.replace("packages/", "").replace("/src", "")}`);

  test("finds every planted violation, and nothing else", () => {
    expect(found.sort()).toEqual(
      [
        "any kernels/loose.ts",
        "core-folders core/krylov/cg.ts",
        "default-export precond/matching.ts",
        "file-length cli/long.ts",
        "file-name core/linalg/utils.ts",
        "import-cycle core/time/time-grid.ts",
        "package-imports kernels/loose.ts",
        "package-imports precond/deep.ts",
        "package-imports precond/deep.ts",
        "precond-interfaces precond/matching.ts",
        "randomness core/space/box-grid.ts",
        "registry precond/choice.ts",
        "runtime core/linalg/files.ts",
        "runtime core/linalg/utils.ts",
        "third-party parallel/index.ts",
        "third-party precond/choice.ts",
      ].sort(),
    );
  });

  test("finds nothing in the same files without the planted lines", () => {
    const good: Source[] = [
      { path: "packages/core/src/index.ts", text: `export { cg } from "./krylov/cg.js";\n` },
      { path: "packages/core/src/krylov/cg.ts", text: `import type { Arena } from "../linalg/arena.js";\n/** any Date in a comment, console too */\nexport const cg = (arena: Arena): string => arena.process + "process.env";\n` },
      { path: "packages/core/src/linalg/arena.ts", text: `export interface Arena { process: string }\n` },
      { path: "packages/parallel/src/mpi/mpi-library.ts", text: `import koffi from "koffi";\nexport const load = koffi.load;\n` },
      { path: "packages/cli/src/build.ts", text: `import { cg, gmres } from "@parakkt/core";\nimport { cpus } from "node:os";\nconsole.log(cg, gmres, cpus());\n` },
    ];
    expect(findViolations(good)).toEqual([]);
  });

  test("reads imports, re-exports, dynamic imports and imported types, and tells values from types", () => {
    const { imports } = parseSource({
      path: "packages/core/src/x.ts",
      text: `import type { A } from "./a.js";\nimport { b as c, type D } from "./b.js";\nexport { e } from "./e.js";\nexport type F = import("./f.js").F;\nconst g = await import("./g.js");\n`,
    });
    expect(imports).toEqual([
      { specifier: "./a.js", names: ["A"], values: [], reexport: false },
      { specifier: "./b.js", names: ["b", "D"], values: ["b"], reexport: false },
      { specifier: "./e.js", names: ["e"], values: [], reexport: true },
      { specifier: "./f.js", names: [], values: [], reexport: false },
      { specifier: "./g.js", names: [], values: [], reexport: false },
    ]);
  });
});
