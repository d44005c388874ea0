import { spawnSync } from "node:child_process";

/** What tests run mpirun with: as root too, and with more ranks than cores. */
export const mpiEnvironment = { ...process.env, OMPI_ALLOW_RUN_AS_ROOT: "1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: "1", OMPI_MCA_rmaps_base_oversubscribe: "1" };

/** An MPI, and the command that starts its ranks. */
export interface MpiLauncher {
  readonly family: "Open MPI" | "MPICH";
  readonly command: string;
  /** The library that belongs to it. */
  readonly library: string;
}

const launchers: readonly (MpiLauncher & { readonly says: string; readonly packages: string })[] = [
  { family: "Open MPI", command: "mpirun", library: "libmpi.so.40", says: "Open MPI", packages: "openmpi-bin libopenmpi-dev" },
  { family: "MPICH", command: "mpiexec.hydra", library: "libmpich.so.12", says: "HYDRA", packages: "mpich" },
];

/** Those that are installed; the others are skipped aloud. */
export const installedMpis: readonly MpiLauncher[] = launchers.filter(({ family, command, says, packages }) => {
  const installed = spawnSync(command, ["--version"], { encoding: "utf8" }).stdout?.includes(says) === true;
  if (!installed) console.warn(`SKIPPED: the tests on ranks of ${family}: no ${command} found (Debian: ${packages})`);
  return installed;
});

/** Runs a Node program on `ranks` MPI ranks. */
export function mpirun({ command }: MpiLauncher, ranks: number, args: readonly string[], environment: NodeJS.ProcessEnv = {}): { readonly code: number | null; readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr } = spawnSync(command, ["-n", String(ranks), process.execPath, ...args], {
    encoding: "utf8",
    env: { ...mpiEnvironment, ...environment },
  });
  return { code: status, stdout, stderr };
}
