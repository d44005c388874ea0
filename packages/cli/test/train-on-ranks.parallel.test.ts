import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TrainingReport } from "@parakkt/cli";
import { installedMpis, mpirun, type MpiLauncher } from "../../parallel/dist-test/mpirun.js";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();
const PROGRAM = fileURLToPath(new URL("../bin/parakkt.js", import.meta.url));

const CONFIG = `data: { kind: peaks, samples: 40, validationSamples: 10 }
network: { kind: dense, layers: 16, width: 4 }
training: { epochs: 3, batchSize: 20 }
checkpoint: { updates: 2 }
output: { page: false }
`;

function writeConfig(): string {
  const path = join(directory(), "net.yaml");
  writeFileSync(path, CONFIG);
  return path;
}

const reportIn = (out: string): TrainingReport => JSON.parse(readFileSync(join(directory(), out, "report.json"), "utf8")) as TrainingReport;

test("ranks of each MPI train to the weights, epochs and checkpoints of one rank, with one voice", () => {
  for (const mpi of installedMpis) trainsOnRanks(mpi);
});

test("on ranks of each MPI mistakes are said once, with their exit code", () => {
  for (const mpi of installedMpis) refusesMistakesOnce(mpi);
});

function trainsOnRanks(mpi: MpiLauncher): void {
  const config = writeConfig();
  const args = (out: string): string[] => ["train", config, "--out", join(directory(), out), "--quiet"];
  expect(spawnSync(process.execPath, [PROGRAM, ...args("alone")]).status).toBe(0);
  expect(mpirun(mpi, 2, [PROGRAM, ...args("ranks")])).toMatchObject({ code: 0, stdout: "" });
  const [alone, ranks] = [reportIn("alone"), reportIn("ranks")];
  expect(ranks.digest).toBe(alone.digest);
  expect(ranks.epochs).toEqual(alone.epochs);
  expect([alone.provenance.backend, ranks.provenance.backend, ranks.provenance.ranks]).toEqual(["serial", "mpi", 2]);

  // Stopped on two ranks, finished on one, and the other way round.
  for (const [stopped, finished] of [[mpi, undefined], [undefined, mpi]] as const) {
    const run = (launcher: typeof mpi | undefined, ...more: string[]) => (launcher ? mpirun(launcher, 2, [PROGRAM, ...args("resumed"), ...more]).code : spawnSync(process.execPath, [PROGRAM, ...args("resumed"), ...more]).status);
    expect(run(stopped, "--time-limit", "1e-9", "--force")).toBe(2);
    expect(run(finished, "--resume")).toBe(0);
    expect(reportIn("resumed").digest).toBe(alone.digest);
  }
}

function refusesMistakesOnce(mpi: MpiLauncher): void {
  const config = writeConfig();
  const { code, stderr } = mpirun(mpi, 2, [PROGRAM, "train", config, "--out", join(directory(), "none"), "--set", "training.epoch=3"]);
  expect(code).toBe(65);
  expect(stderr.match(/training\.epoch: unknown key/g)).toHaveLength(1);
  const many = mpirun(mpi, 5, [PROGRAM, "train", config, "--out", join(directory(), "none")]);
  expect(many.code).toBe(65);
  expect(many.stderr).toMatch(/5 ranks of .*: parallel\.threads: expected at most 4 threads/);
  expect(mpirun(mpi, 2, [PROGRAM, "train", config, "--threads", "2"]).stderr).toContain("leave out --threads");
}
