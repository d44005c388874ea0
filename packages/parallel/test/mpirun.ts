import { spawnSync } from "node:child_process";

/** What tests run mpirun with: as root too, and with more ranks than cores. */
export const mpiEnvironment = { ...process.env, OMPI_ALLOW_RUN_AS_ROOT: "1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: "1", OMPI_MCA_rmaps_base_oversubscribe: "1" };

const available = spawnSync("mpirun", ["--version"], { encoding: "utf8" }).stdout?.includes("Open MPI") === true;

/** The tests, or skipped ones that say why, where there is no mpirun of Open MPI. */
export const describeWithMpi = available ? describe : describe.skip;
if (!available) console.warn("SKIPPED: the tests on MPI ranks: no mpirun of Open MPI found (Debian: openmpi-bin libopenmpi-dev)");

/** Runs a Node program on `ranks` MPI ranks. */
export function mpirun(ranks: number, args: readonly string[], environment: NodeJS.ProcessEnv = {}): { readonly code: number | null; readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr } = spawnSync("mpirun", ["-n", String(ranks), process.execPath, ...args], {
    encoding: "utf8",
    env: { ...mpiEnvironment, ...environment },
  });
  return { code: status, stdout, stderr };
}
