import { fileURLToPath } from "node:url";
import { runOnThreads } from "../../packages/parallel/dist/index.js";
import { outputOf } from "../processes.mjs";

const PROGRAM = new URL("../strong/program.mjs", import.meta.url);
const MPI_PROGRAM = fileURLToPath(new URL("../strong/mpi.mjs", import.meta.url));
const MPI_ENVIRONMENT = { OMPI_ALLOW_RUN_AS_ROOT: "1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: "1", OMPI_MCA_rmaps_base_oversubscribe: "1" };

/**
 * One solve on threads or MPI ranks (strong/program.mjs). Metrics: `wall` = set-up and everything after it, `setUp`, and `cpu` = the seconds that the busiest rank's thread ran,
 * spinning included.
 */
export async function run({ backend, ranks, ...solve }) {
  const results = backend === "mpi" ? await underMpirun(ranks, solve) : await runOnThreads(PROGRAM, { threads: ranks, data: solve });
  const longest = (seconds) => Math.max(...results.map(seconds));
  const [{ iterations, relativeResidual }] = results;
  const spatialSolves = results.map((result) => result.spatialSolves);
  return {
    metrics: { wall: longest(({ setUp, solve: solving }) => setUp + solving), setUp: longest(({ setUp }) => setUp), cpu: longest(({ cpuSetUp, cpuSolve }) => cpuSetUp + cpuSolve) },
    details: { backend, ranks, ...solve, iterations, relativeResidual, spatialSolves },
  };
}

async function underMpirun(ranks, solve) {
  return JSON.parse(await outputOf("mpirun", ["-n", ranks, process.execPath, MPI_PROGRAM, JSON.stringify(solve)], MPI_ENVIRONMENT));
}
