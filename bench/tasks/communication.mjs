import { fileURLToPath } from "node:url";
import { runOnThreads } from "../../packages/parallel/dist/index.js";
import { outputOf } from "../processes.mjs";
import { LENGTHS } from "./message-times.mjs";

const MPI_PROGRAM = fileURLToPath(new URL("message-times-mpi.mjs", import.meta.url));
const MPI_ENVIRONMENT = { OMPI_ALLOW_RUN_AS_ROOT: "1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: "1", OMPI_MCA_rmaps_base_oversubscribe: "1" };

/** What messages between two ranks cost on `backend`: a line latency + bytes / bandwidth through the times of short and long ones. */
export async function run({ backend }) {
  const times = backend === "mpi" ? await underMpirun() : (await runOnThreads(new URL("message-times.mjs", import.meta.url), { threads: 2 }))[0];
  const [latency] = times.pingPong;
  const last = LENGTHS.length - 1;
  const bandwidth = (8 * (LENGTHS[last] - LENGTHS[0])) / (times.pingPong[last] - latency);
  const [allReduce] = times.allReduce;
  return { metrics: { latency, bandwidth, allReduce }, details: { lengths: LENGTHS, ...times } };
}

async function underMpirun() {
  return JSON.parse(await outputOf("mpirun", ["-n", 2, process.execPath, MPI_PROGRAM], MPI_ENVIRONMENT));
}
