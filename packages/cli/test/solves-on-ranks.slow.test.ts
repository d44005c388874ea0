import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runOnThreads } from "@parakkt/parallel";
import { hasMpirun, mpiEnvironment } from "./program-on-ranks.js";
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

(hasMpirun ? describe : describe.skip).each([1, 2, 3, 4, 8])("on %i MPI ranks", (ranks) => {
  let results: RankSolve[][] = [];
  beforeAll(() => {
    const directory = mkdtempSync(join(tmpdir(), "parakkt-test-"));
    const { status, stderr } = spawnSync("mpirun", ["-n", String(ranks), process.execPath, MPI_PROGRAM, directory], { encoding: "utf8", env: mpiEnvironment });
    if (status !== 0) throw new Error(stderr);
    results = Array.from({ length: ranks }, (_, rank) => JSON.parse(readFileSync(join(directory, `rank-${rank}.json`), "utf8")) as RankSolve[]);
    rmSync(directory, { recursive: true });
  });
  describeSameBits(() => results);
});
