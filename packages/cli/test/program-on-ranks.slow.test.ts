import { hasMpirun, runProgram } from "./program-on-ranks.js";
import { rankConfigs } from "./rank-configs.js";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();

test.each(Object.keys(rankConfigs))("%s: the program writes the same files, history and digest on one thread, on eight and on four MPI ranks", (name) => {
  const run = (kind: "threads" | "mpirun", ranks: number) => runProgram(name, { directory: directory(), kind, ranks }).evidence;
  const alone = run("threads", 1);
  expect(run("threads", 8)).toEqual(alone);
  if (hasMpirun) expect(run("mpirun", 4)).toEqual(alone);
});
