import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunReport } from "@parakkt/cli";
import { mpiEnvironment, type MpiLauncher } from "../../parallel/dist-test/mpirun.js";
import { rankConfigs } from "./rank-configs.js";

const PROGRAM = fileURLToPath(new URL("../bin/parakkt.js", import.meta.url));
/** Where a run goes, and on how many ranks of which kind. */
export interface RankRun {
  readonly directory: string;
  readonly kind: "threads" | MpiLauncher;
  readonly ranks: number;
}

/** What must not depend on the ranks, of a finished run. */
export interface RunEvidence {
  readonly digest: string;
  readonly residualNorms: readonly number[];
  readonly relativeResidual: number;
  readonly objective: RunReport["objective"];
  /** Every file that was written, with its checksum. */
  readonly checksums: string;
}

/** Solves a config of `rankConfigs` by the program and hands back its report; checks what `sha256sum` would. */
export function runProgram(name: string, { directory, kind, ranks }: RankRun): { evidence: RunEvidence; report: RunReport } {
  const label = `${name.replaceAll(/\W+/g, "-")}-${kind === "threads" ? kind : kind.command}-${ranks}`;
  const config = join(directory, `${label}.json`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(config, JSON.stringify({ ...rankConfigs[name], output: { fields: ["npy", "vtk"] } }));
  const out = join(directory, label);
  const solve = [PROGRAM, "solve", config, "--out", out, "--quiet"];
  const [command, ...args] =
    kind === "threads" ? [process.execPath, ...solve, "--threads", String(ranks)] : [kind.command, "-n", String(ranks), process.execPath, ...solve];
  const { status, stderr } = spawnSync(command, args, { encoding: "utf8", env: mpiEnvironment });
  if (status !== 0 && status !== 2) throw new Error(`${label}: exit ${status}\n${stderr}`);
  const report = JSON.parse(readFileSync(join(out, "report.json"), "utf8")) as RunReport;
  const { digest, residualNorms, relativeResidual, objective } = report;
  const checked = spawnSync("sha256sum", ["--quiet", "--check", "checksums.sha256"], { cwd: out, encoding: "utf8" });
  if (checked.status !== 0) throw new Error(`${label}: ${checked.stdout}${checked.stderr}`);
  return { report, evidence: { digest, residualNorms, relativeResidual, objective, checksums: readFileSync(join(out, "checksums.sha256"), "utf8") } };
}
