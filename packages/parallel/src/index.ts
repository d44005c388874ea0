// Communicators of more than one rank, and how their programs are started; the serial one belongs to core.
export type { Communicator, NeighbourExchange } from "@parakkt/core";
export { runOnThreads, type ThreadOptions } from "./ranks/run-on-threads.js";
export { startThreads, type ThreadJob } from "./ranks/start-threads.js";
export { startMpiRank } from "./ranks/start-mpi-rank.js";
export type { RankJob, RunningJob } from "./ranks/running-job.js";
export type { RankContext, RankProgram } from "./ranks/rank-program.js";
export { AbortError, JobEndedError, MpiUnavailableError, RankFaultError } from "./ranks/rank-errors.js";
export { mpiRanks, type MpiRanks, type MpiWatch } from "./mpi/mpi-communicator.js";
export { launchedRanks, type Launched } from "./mpi/launcher.js";
export { broadcastText } from "./broadcast-text.js";
