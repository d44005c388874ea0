// Communicators of more than one rank; the serial one belongs to core.
export type { Communicator, NeighbourExchange } from "@parakkt/core";
export { runOnThreads, type ThreadOptions } from "./ranks/run-on-threads.js";
export type { RankContext, RankProgram } from "./ranks/rank-program.js";
export { AbortError, JobEndedError, RankFaultError } from "./ranks/rank-errors.js";
export { startThreads, type RunningJob, type ThreadJob } from "./ranks/start-ranks.js";
export { MpiUnavailableError } from "./ranks/rank-errors.js";
export { mpiRanks, type MpiRanks, type MpiWatch } from "./mpi/mpi-communicator.js";
export { launchedRanks, type Launched } from "./mpi/launcher.js";
