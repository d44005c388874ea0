import { installedMpis, type MpiLauncher } from "../../parallel/dist-test/mpirun.js";
import { runProgram } from "./program-on-ranks.js";
import { rankConfigs } from "./rank-configs.js";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();

test.each(Object.keys(rankConfigs))("%s: the program writes the same files, history and digest on one thread, on eight and on four ranks of each MPI", (name) => {
  const run = (kind: "threads" | MpiLauncher, ranks: number) => runProgram(name, { directory: directory(), kind, ranks }).evidence;
  const alone = run("threads", 1);
  expect(run("threads", 8)).toEqual(alone);
  for (const mpi of installedMpis) expect(run(mpi, 4)).toEqual(alone);
});
