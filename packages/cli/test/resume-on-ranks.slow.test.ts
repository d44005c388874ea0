import { installedMpis } from "../../parallel/dist-test/mpirun.js";
import { resumableSolves } from "./killed-runs.js";
import { resumedOn } from "./resume-on-ranks.js";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();

test.each(resumableSolves)("%s, broken and resumed on 1, 2, 4 and 1 threads and on MPI ranks, has the history and digest of an unbroken solve", async (_name, method) => {
  const places = [1, 2, ...installedMpis.map((mpi) => ({ mpi, ranks: 2 })), 4, 1];
  const { pieces, whole } = await resumedOn(directory(), method, places);
  expect(pieces).toEqual(whole);
});
