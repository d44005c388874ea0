import { installedMpis } from "../../parallel/dist-test/mpirun.js";
import { runProgram } from "./program-on-ranks.js";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();

/** One case that sends everything: a restricted decomposition with a coarse grid, and files of each kind. */
const CASE = "schur, two levels, Cholesky";

test("the program writes the same files, history and digest on one and on three threads, and says what is serial", () => {
  const alone = runProgram(CASE, { directory: directory(), kind: "threads", ranks: 1 });
  const three = runProgram(CASE, { directory: directory(), kind: "threads", ranks: 3 });
  expect(three.evidence).toEqual(alone.evidence);
  expect(alone.evidence.checksums.split("\n").filter((line) => line.endsWith(".vti"))).toHaveLength(24);
  expect(three.report.provenance.ranks).toBe(3);
  expect(three.report.counts.messages).toBeGreaterThan(alone.report.counts.messages);
  expect(alone.report.serialSweeps).toBeUndefined();
  expect(three.report.serialSweeps).toEqual(["state recovery: one forward integration a round, beside the estimate of the KKT residual where subdomains forget what enters them"]);
});

test("two ranks of each MPI write them too", () => {
  const alone = runProgram("direct", { directory: directory(), kind: "threads", ranks: 1 });
  for (const kind of installedMpis) expect(runProgram("direct", { directory: directory(), kind, ranks: 2 }).evidence).toEqual(alone.evidence);
});
