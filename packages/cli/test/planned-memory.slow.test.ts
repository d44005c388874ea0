import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunReport } from "@parakkt/cli";
import { planMemory } from "../dist/plan-memory.js";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();
const PROGRAM = fileURLToPath(new URL("../bin/parakkt.js", import.meta.url));

const square = (steps: number, cells: number, rest = "", problem = ""): string =>
  `problem: { target: 1, ${problem} time: { steps: ${steps} }, domain: { cells: [${cells}, ${cells}] } }\noutput: { fields: [] }\n${rest}`;
const cube = (steps: number, cells: number, rest: string, problem = ""): string =>
  `problem: { target: 1, ${problem} time: { steps: ${steps} }, domain: { cells: [${cells}, ${cells}, ${cells}] } }\noutput: { fields: [] }\n${rest}`;
const rod = (steps: number, cells: number, rest: string): string =>
  `problem: { target: 1, time: { steps: ${steps} }, domain: { cells: [${cells}] } }\noutput: { fields: [] }\n${rest}`;
const VARIABLE = 'diffusivity: "1 + x",';
const nodes = Array.from({ length: 129 }, (_, k) => (k / 128) ** 1.5).join(", ");

const CONFIGS: readonly (readonly [string, string])[] = [
  ["the smallest", square(4, 4)],
  ["direct, 2-D", square(256, 64, "solver: { formulation: direct }")],
  ["direct, 2-D, large", square(512, 128, "solver: { formulation: direct }")],
  ["direct, 1-D", rod(8192, 256, "solver: { formulation: direct }")],
  ["direct, 3-D", cube(64, 32, "solver: { formulation: direct }")],
  ["schur, cg", square(256, 64, "preconditioner: { subdomains: 16 }")],
  ["schur, cg, large", square(512, 128, "preconditioner: { subdomains: 32 }")],
  ["schur, cg, many steps", square(2048, 64, "preconditioner: { subdomains: 256 }")],
  ["windows, Cholesky", square(256, 64, "spatialSolver: { kind: cholesky }\npreconditioner: { kind: overlapping-matching, subdomains: 16 }", VARIABLE)],
  ["reduced, large", square(512, 128, "solver: { formulation: reduced }", "regularization: 1,")],
  ["matching, large", square(512, 128, "preconditioner: { kind: matching }")],
  ["diagonalization in time", square(512, 64, "preconditioner: { kind: time-diagonalization }")],
  ["schur, gmres", square(256, 64, "solver: { method: gmres }")],
  ["schur, fgmres", square(256, 64, "solver: { method: fgmres }")],
  ["schur, minres", square(256, 64, "solver: { method: minres }")],
  ["matching", square(512, 64, "preconditioner: { kind: matching }")],
  ["full-space, fgmres", square(128, 64, "solver: { formulation: full-space }")],
  ["full-space, minres", square(256, 64, "solver: { formulation: full-space, method: minres }")],
  ["reduced", square(512, 64, "solver: { formulation: reduced }", "regularization: 1,")],
  ["Cholesky", square(256, 64, "spatialSolver: { kind: cholesky }\npreconditioner: { subdomains: 16 }", VARIABLE)],
  ["Cholesky, large", square(64, 192, "spatialSolver: { kind: cholesky }\npreconditioner: { subdomains: 8 }", VARIABLE)],
  ["Cholesky, 3-D", cube(16, 24, "spatialSolver: { kind: cholesky }\npreconditioner: { subdomains: 2 }", VARIABLE)],
  ["Cholesky, exact taper", square(64, 64, "spatialSolver: { kind: cholesky }\npreconditioner: { subdomains: 4, local: tapered-exact }", VARIABLE)],
  ["Cholesky, gmres", square(128, 64, "spatialSolver: { kind: cholesky }\nsolver: { method: gmres }", VARIABLE)],
  ["multigrid", square(128, 128, "spatialSolver: { kind: multigrid }\npreconditioner: { subdomains: 16 }", VARIABLE)],
  ["multigrid, single precision", square(128, 128, "spatialSolver: { kind: multigrid, precision: single }\npreconditioner: { subdomains: 16 }", VARIABLE)],
  ["multigrid, 3-D", cube(32, 32, "spatialSolver: { kind: multigrid }\npreconditioner: { subdomains: 4 }", VARIABLE)],
  ["two threads", square(256, 64, "preconditioner: { subdomains: 16 }\nparallel: { backend: threads, threads: 2 }")],
  ["four threads", square(64, 32, "preconditioner: { subdomains: 8 }\nparallel: { backend: threads, threads: 4 }")],
  ["eight threads, Cholesky", square(256, 64, "spatialSolver: { kind: cholesky }\npreconditioner: { subdomains: 16 }\nparallel: { backend: threads, threads: 8 }", VARIABLE)],
  ["several levels, 1-D", rod(16384, 64, "preconditioner: { kind: multilevel, subdomains: 1024 }")],
  ["unequal steps", `problem: { target: 1, time: { nodes: [${nodes}] }, domain: { cells: [64, 64] } }\noutput: { fields: [] }\npreconditioner: { subdomains: 8 }\n`],
];

test.each(CONFIGS)("the peak memory of a run lies within -10 and +25 %% of the plan: %s", (_name, text) => {
  writeFileSync(join(directory(), "run.yaml"), text);
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, "solve", "run.yaml", "--out", "run", "--json"], { cwd: directory(), encoding: "utf8" });
  expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
  const { config, memory, iterations } = JSON.parse(stdout) as RunReport;
  const ratio = memory.peakRss / planMemory(config, iterations).bytes;
  process.stdout.write(`${_name}: ${(100 * (ratio - 1)).toFixed(0)} %\n`);
  expect(ratio).toBeGreaterThanOrEqual(0.9);
  expect(ratio).toBeLessThanOrEqual(1.25);
}, 120_000);
