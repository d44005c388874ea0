/** What the launcher told this process through its environment. */
export interface Launched {
  readonly rank: number;
  readonly size: number;
  /** Ranks on this host. */
  readonly localSize: number;
  /** In words: whose launcher it was. */
  readonly launcher: string;
}

interface LauncherVariables {
  readonly launcher: string;
  readonly size: string;
  readonly rank: string;
  readonly localSize: string;
}

/** SLURM_STEP_NUM_TASKS is set by srun only, not in the batch script itself. */
const launchers: readonly LauncherVariables[] = [
  { launcher: "Open MPI's mpirun", size: "OMPI_COMM_WORLD_SIZE", rank: "OMPI_COMM_WORLD_RANK", localSize: "OMPI_COMM_WORLD_LOCAL_SIZE" },
  { launcher: "an mpirun of the MPICH family", size: "PMI_SIZE", rank: "PMI_RANK", localSize: "MPI_LOCALNRANKS" },
  { launcher: "Slurm's srun", size: "SLURM_STEP_NUM_TASKS", rank: "SLURM_PROCID", localSize: "SLURM_STEP_TASKS_PER_NODE" },
];

/** How this process was launched, or `undefined` when it was started by itself. */
export function launchedRanks(environment: Readonly<Record<string, string | undefined>> = process.env): Launched | undefined {
  for (const { launcher, ...names } of launchers) {
    const size = Number.parseInt(environment[names.size] ?? "", 10);
    const rank = Number.parseInt(environment[names.rank] ?? "", 10);
    const localSize = Number.parseInt(environment[names.localSize] ?? "", 10);
    if (size >= 1 && rank >= 0 && rank < size) return { rank, size, localSize: localSize >= 1 ? localSize : size, launcher };
  }
  return undefined;
}

/**
 * What the transport UCX, on which MPICH may be built, must not do within Node: replace the process's memory functions (seen: segmentation faults in Node's own threads), and take over the
 * signals with which the engine guards WebAssembly memory. To be called in the main thread, before a worker loads the library: a worker's environment is a copy that libraries do not see.
 */
export function tameTransport(environment: Record<string, string | undefined> = process.env): void {
  environment["UCX_MEM_EVENTS"] ??= "no";
  environment["UCX_ERROR_SIGNALS"] ??= "";
}
