import { spawnSync } from "node:child_process";
import type { RunReport } from "@parakkt/cli";
import { mpiEnvironment, type MpiLauncher } from "../../parallel/dist-test/mpirun.js";
import { PROGRAM, reportIn, solveIn, writeResumableConfig } from "./killed-runs.js";

/** Where a part of a solve runs. */
export type Ranks = number | { readonly mpi: MpiLauncher; readonly ranks: number };

/** What depends neither on breaks nor on ranks. */
function bitsOf(report: RunReport | undefined): unknown {
  if (report === undefined) return undefined;
  const { digest, residualNorms, iterations, relativeResidual, objective, reason } = report;
  return { digest, residualNorms, iterations, relativeResidual, objective, reason };
}

async function solveOn(directory: string, ranks: Ranks, options: readonly string[]): Promise<{ readonly code: number | null; readonly stderr: string }> {
  if (typeof ranks === "number") return solveIn(directory, [...options, "--threads", String(ranks)]);
  const { status, stderr } = spawnSync(ranks.mpi.command, ["-n", String(ranks.ranks), process.execPath, PROGRAM, "solve", "heat.yaml", ...options], { cwd: directory, env: mpiEnvironment, encoding: "utf8" });
  return { code: status, stderr };
}

/** A method solved in pieces of two iterations, each but the first resumed on other ranks, and without a break on one rank. */
export async function resumedOn(directory: string, method: string, places: readonly Ranks[]): Promise<{ pieces: unknown; whole: unknown; stoppedAt: number[] }> {
  writeResumableConfig(directory, method);
  await solveIn(directory, ["--out", "whole"]);
  const stoppedAt: number[] = [];
  for (const [piece, ranks] of places.entries()) {
    const last = piece === places.length - 1;
    const limit = last ? [] : ["--set", `solver.maxIterations=${2 * (piece + 1)}`];
    const { code, stderr } = await solveOn(directory, ranks, ["--out", "run", ...(piece > 0 ? ["--resume"] : []), ...limit]);
    if (code !== (last ? 0 : 2) || (piece > 0 && !/resuming after iteration [1-9]|no checkpoint/.test(stderr))) throw new Error(`piece ${piece} ended with ${code}: ${stderr}`);
    stoppedAt.push(reportIn(directory, "run")!.iterations);
  }
  return { pieces: bitsOf(reportIn(directory, "run")), whole: bitsOf(reportIn(directory, "whole")), stoppedAt };
}
