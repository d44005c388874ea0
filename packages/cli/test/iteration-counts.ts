import { fileURLToPath } from "node:url";
import { runOnThreads } from "@parakkt/parallel";
import { mpirun, type MpiLauncher } from "../../parallel/dist-test/mpirun.js";
import { BASE, modelledCounts, ofAllRanks, OTHER_SOLVES, SOLVES, type IterationCounts } from "../../precond/dist-test/iteration-counts.js";

const PROGRAM = new URL("./iteration-counts-program.js", import.meta.url);
const MPI_PROGRAM = fileURLToPath(new URL("../../parallel/dist-test/mpi-program.js", import.meta.url));

export const countsOnThreads = async (threads: number): Promise<IterationCounts[]> => ofSolves(await runOnThreads<number[][]>(PROGRAM, { threads }));

export function countsOnMpi(mpi: MpiLauncher, ranks: number): IterationCounts[] {
  const { code, stdout, stderr } = mpirun(mpi, ranks, [MPI_PROGRAM, PROGRAM.href]);
  if (code !== 0) throw new Error(stderr);
  const numbers = JSON.parse(stdout) as number[];
  const solves = SOLVES.length + OTHER_SOLVES.length;
  const of = (rank: number, solve: number): number[] => numbers.slice(3 * (rank * solves + solve), 3 * (rank * solves + solve + 1));
  return ofSolves(Array.from({ length: ranks }, (_, rank) => Array.from({ length: solves }, (_, solve) => of(rank, solve))));
}

/** Sums over the ranks, for each solve. */
function ofSolves(ranks: readonly number[][][]): IterationCounts[] {
  return ranks[0].map((_, solve) => ofAllRanks(ranks.map((counts) => ({ messages: counts[solve][0], doubles: counts[solve][1], solves: counts[solve][2] }))));
}

/** Counts of all ranks are those of the formulas; of an Arnoldi basis, whose reductions grow, all but the doubles. Those of one level are not those of two (negative control). */
export function expectModelled(counts: readonly IterationCounts[], ranks: number): void {
  SOLVES.forEach(([name, solve], i) => expect([name, counts[i]]).toEqual([name, modelledCounts(solve, ranks)]));
  OTHER_SOLVES.forEach(([name, solve], i) => {
    const [{ messages, solves }, modelled] = [counts[SOLVES.length + i], modelledCounts(solve, ranks)];
    expect([name, messages, solves]).toEqual([name, modelled.messages, modelled.solves]);
  });
  const twoLevels = counts[SOLVES.findIndex(([, solve]) => solve === BASE)];
  expect(modelledCounts({ ...BASE, preconditioner: "one-level" }, ranks).messages).toBeLessThan(twoLevels.messages);
}
