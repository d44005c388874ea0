import { countingCommunicator, type Communicator } from "@parakkt/core";
import { cpus } from "node:os";
import { AbortError, JobEndedError, MpiUnavailableError } from "../ranks/rank-errors.js";
import { launchedRanks, tameTransport, type Launched } from "./launcher.js";
import { mpiCollectives, mpiMessages } from "./mpi-engine.js";
import { loadMpi, type MpiLibrary } from "./mpi-library.js";
import { mpiRequests, type MpiPatience } from "./mpi-requests.js";

/** The ranks that mpirun or srun started, and how this one leaves them. */
export interface MpiRanks {
  readonly communicator: Communicator;
  /** In words, for reports. */
  readonly library: string;
  /** MPI_Finalize: every rank must come to it. */
  finalize(): void;
  /** MPI_Abort: ends all ranks, this process included, with the given exit code. */
  abort(exitCode: number): void;
}

/** How the waits of a rank are watched from outside. */
export interface MpiWatch {
  /** Asked while waiting: true makes the communication throw a `JobEndedError`. */
  ended(): boolean;
  /** Told when a wait gets long and when it is over. */
  waiting(long: boolean): void;
}

const FUNNELED = 1;
/** Looks without a pause, some milliseconds, where each rank has a core: long against a nap, or two ranks would take turns in waking each other. */
const EAGER_LOOKS = 20_000;

/**
 * Initialises MPI in the calling thread, which must make all further calls (MPI_THREAD_FUNNELED), and hands back MPI_COMM_WORLD.
 * A rank waits by looking, with growing pauses, so that it stays attentive to `watch`.
 *
 * Throws `MpiUnavailableError` without koffi or libmpi, and where the launcher does not belong to the library.
 */
export async function mpiRanks(watch: MpiWatch = { ended: () => false, waiting() {} }): Promise<MpiRanks> {
  tameTransport();
  const library = await loadMpi();
  const launched = launchedRanks();
  const requireSuccess = (code: number, what: string): void => {
    if (code !== 0) throw new Error(`${what} failed with code ${code}`);
  };
  requireSuccess(library.call.MPI_Init_thread(null, null, FUNNELED, new Int32Array(1)), "MPI_Init_thread");
  library.call.MPI_Comm_set_errhandler(library.world, library.errorsReturn);
  const [rank, size] = [new Int32Array(1), new Int32Array(1)];
  requireSuccess(library.call.MPI_Comm_rank(library.world, rank), "MPI_Comm_rank");
  requireSuccess(library.call.MPI_Comm_size(library.world, size), "MPI_Comm_size");
  const place = { rank: rank[0], size: size[0] };
  requireLaunchersSize(library, launched, place.size);
  const patience = patienceOf(watch, launched?.localSize ?? place.size);
  const messages = mpiMessages(library, place, mpiRequests(library, place.size, patience));
  const communicator = countingCommunicator({
    ...place,
    ...messages,
    ...mpiCollectives(library, place, mpiRequests(library, place.size, patience)),
    abort(reason) {
      throw new AbortError(reason);
    },
  });
  return {
    communicator,
    library: `${library.family} (${library.path})`,
    finalize() {
      messages.finishExchange();
      requireSuccess(library.call.MPI_Finalize(), "MPI_Finalize");
    },
    abort: (exitCode) => void library.call.MPI_Abort(library.world, exitCode),
  };
}

/** Under a launcher of another MPI every process believes to be the only one. */
function requireLaunchersSize(library: MpiLibrary, launched: Launched | undefined, size: number): void {
  if (launched === undefined || launched.size === size) return;
  const message = `${launched.launcher} started ${launched.size} ranks, but ${library.family} (${library.path}) knows of ${size}`;
  const hint = `The launcher and the library belong to different MPIs: use the mpirun of ${library.family}, or set PARAKKT_MPI_LIBRARY to the libmpi of the launcher`;
  library.call.MPI_Finalize();
  throw new MpiUnavailableError(message, hint);
}

/**
 * Looks eagerly for a while, then with pauses of 20 µs to 1 ms; at once with pauses where ranks share cores. The cores are those of
 * the host: a launcher that binds each rank to a core of its own leaves this process one.
 */
function patienceOf(watch: MpiWatch, localSize: number): MpiPatience {
  const eager = localSize <= cpus().length ? EAGER_LOOKS : 20;
  const bed = new Int32Array(new SharedArrayBuffer(4));
  let long = false;
  return {
    pause(looks) {
      if (looks <= eager) return;
      if (watch.ended()) throw new JobEndedError(undefined);
      const milliseconds = Math.min(1, 0.02 * 1.05 ** (looks - eager));
      if (milliseconds === 1 && !long) watch.waiting((long = true));
      Atomics.wait(bed, 0, 0, milliseconds);
    },
    resume() {
      if (long) watch.waiting((long = false));
    },
  };
}
