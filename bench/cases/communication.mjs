import { runTask } from "../processes.mjs";

/** Latency and bandwidth of a message between two ranks, and an all-reduce: what the performance model takes for this machine. */
export function communicationCase() {
  return {
    name: "communication",
    title: "Messages between two ranks",
    entries: [
      { id: "communication-threads", label: "threads", side: "ours", run: () => runTask("communication", { backend: "threads" }) },
      { id: "communication-mpi", label: "MPI", side: "ours", run: () => runTask("communication", { backend: "mpi" }) },
    ],
  };
}
