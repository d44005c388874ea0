import { seededRandom } from "@parakkt/core";
import type { RunReport } from "@parakkt/cli";
import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const PROGRAM = fileURLToPath(new URL("../bin/parakkt.js", import.meta.url));

/** Solves that write a checkpoint after every iteration they can be resumed from, by the way they iterate. */
export const resumableSolves: readonly (readonly [string, string])[] = [
  ["cg in the sine basis", "solver: { method: cg }\npreconditioner: { kind: two-level, subdomains: 4 }"],
  ["fused cg", "solver: { method: cg }\npreconditioner: { kind: matching }"],
  ["restarted fgmres", "solver: { method: fgmres, restart: 3 }\npreconditioner: { subdomains: 4 }"],
  ["minres on K", "solver: { formulation: full-space, method: minres }\npreconditioner: { subdomains: 4 }"],
];

export function writeResumableConfig(directory: string, method: string): string {
  const problem = 'problem: { domain: { cells: [24, 24] }, time: { steps: 64 }, target: "sin(pi*x)*t*y", regularization: 1.0e-5 }';
  const path = join(directory, "heat.yaml");
  writeFileSync(path, `${problem}\n${method}\noutput: { checkpoint: { everyIterations: 1 } }\n`);
  return path;
}

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

/** When a run is killed (SIGKILL): so many milliseconds after its start, or after it said where it resumes. */
export interface Patience {
  readonly from: "start" | "resumption";
  readonly milliseconds: number;
}

/** Runs `solve heat.yaml`, and kills it when the patience is at its end. */
export function solveIn(directory: string, options: readonly string[], patience?: Patience): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [PROGRAM, "solve", "heat.yaml", ...options], { cwd: directory, stdio: ["ignore", "ignore", "pipe"] });
    let stderr = "";
    let timer: NodeJS.Timeout | undefined;
    const wait = (): void => {
      if (patience) timer = setTimeout(() => child.kill("SIGKILL"), patience.milliseconds);
    };
    if (patience?.from === "start") wait();
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
      if (patience?.from === "resumption" && timer === undefined && /resuming after|no checkpoint/.test(stderr)) wait();
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, stderr });
    });
  });
}

export function reportIn(directory: string, run: string): RunReport | undefined {
  const path = join(directory, run, "report.json");
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as RunReport) : undefined;
}

/** What must not depend on breaks. */
export function outcomeOf(report: RunReport | undefined): unknown {
  if (report === undefined) return undefined;
  const { digest, residualNorms, iterations, relativeResidual, objective, reason, counts } = report;
  return { digest, residualNorms, iterations, relativeResidual, objective, reason, counts };
}

/** Starts a solve again and again with --resume and kills it at random times, `kills` times at most; then lets it come to its end. */
export async function killAndResume(directory: string, { kills, seed }: { kills: number; seed: number }): Promise<{ killed: number; resumed: number }> {
  const random = seededRandom(seed);
  let [killed, resumed] = [0, 0];
  for (;;) {
    const patience: Patience = { from: random.uniform() < 0.2 ? "start" : "resumption", milliseconds: 600 * random.uniform() };
    const { code, stderr } = await solveIn(directory, ["--out", "run", "--resume"], killed < kills ? patience : undefined);
    if (stderr.includes("resuming after iteration")) resumed++;
    if (code === 0) return { killed, resumed };
    if (code !== null) throw new Error(`ended with ${code}: ${stderr}`);
    killed++;
  }
}
