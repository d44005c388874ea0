import { installedMpis } from "../../parallel/dist-test/mpirun.js";
import { countsOnMpi, expectModelled } from "./iteration-counts.js";

/** MPICH spins where ranks share cores: Open MPI only. */
const openMpi = installedMpis.filter(({ family }) => family === "Open MPI");

(openMpi.length > 0 ? test : test.skip)("on 16 oversubscribed ranks of Open MPI an iteration of each method sends and solves as much as the model says", () => {
  for (const mpi of openMpi) expectModelled(countsOnMpi(mpi, 16), 16);
});
