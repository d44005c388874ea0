import { installedMpis } from "../../parallel/dist-test/mpirun.js";
import { countsOnMpi, countsOnThreads, expectModelled } from "./iteration-counts.js";

test.each([2, 4, 8])("on %i worker threads an iteration of each method sends and solves as much as the model says", async (threads) => {
  expectModelled(await countsOnThreads(threads), threads);
});

const onMpi = installedMpis.flatMap((mpi) => [2, 4].map((ranks) => [ranks, mpi.family, mpi] as const));

(onMpi.length > 0 ? test : test.skip).each(onMpi.length > 0 ? onMpi : [[0, "no MPI", undefined!] as const])("and on %i ranks of %s", (ranks, _family, mpi) => {
  expectModelled(countsOnMpi(mpi, ranks), ranks);
});
