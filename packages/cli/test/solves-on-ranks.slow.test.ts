import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runOnThreads } from "@parakkt/parallel";
import { installedMpis, mpirun } from "../../parallel/dist-test/mpirun.js";
import { rankConfigs } from "./rank-configs.js";
import { describeSameBits } from "./rank-solves.js";
import type { RankSolve } from "./solve-program.js";

const PROGRAM = new URL("./solve-program.js", import.meta.url);
const MPI_PROGRAM = fileURLToPath(new URL("./mpi-solves.js", import.meta.url));

/** On more ranks than subdomains too, and with one step a rank. */
describe.each([1, 3, 4, 8, 24])("on %i threads", (threads) => {
  let results: RankSolve[][] = [];
  beforeAll(async () => {
    results = await runOnThreads<RankSolve[]>(PROGRAM, { threads, data: Object.keys(rankConfigs) });
  });
  describeSameBits(() => results);
});

const onMpi = installedMpis.flatMap((mpi) => [1, 2, 3, 4, 8].map((ranks) => [ranks, mpi.family, mpi] as const));

(onMpi.length > 0 ? describe : describe.skip).each(onMpi.length > 0 ? onMpi : [[0, "no MPI", undefined!] as const])("on %i ranks of %s", (ranks, _family, mpi) => {
  let results: RankSolve[][] = [];
  beforeAll(() => {
    const directory = mkdtempSync(join(tmpdir(), "parakkt-test-"));
    const { code, stderr } = mpirun(mpi, ranks, [MPI_PROGRAM, directory]);
    if (code !== 0) throw new Error(stderr);
    results = Array.from({ length: ranks }, (_, rank) => JSON.parse(readFileSync(join(directory, `rank-${rank}.json`), "utf8")) as RankSolve[]);
    rmSync(directory, { recursive: true });
  });
  describeSameBits(() => results);
});
