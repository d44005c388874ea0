import { installedMpis } from "../../parallel/dist-test/mpirun.js";
import { resumableSolves } from "./killed-runs.js";
import { resumedOn } from "./resume-on-ranks.js";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();
const methodNamed = (wanted: string): string => resumableSolves.find(([name]) => name === wanted)![1];

test("CG stopped on one thread goes on with two, four and one to the history and digest of an unbroken solve", async () => {
  const { pieces, whole, stoppedAt } = await resumedOn(directory(), methodNamed("cg in the sine basis"), [1, 2, 4, 1]);
  expect(pieces).toEqual(whole);
  expect(stoppedAt.slice(0, 3)).toEqual([2, 4, 6]);
  expect(stoppedAt[3]).toBeGreaterThan(6);
});

(installedMpis.length > 0 ? test : test.skip)("so does one that is stopped on two MPI ranks and goes on with one thread", async () => {
  for (const mpi of installedMpis) {
    const { pieces, whole } = await resumedOn(directory(), methodNamed("cg in the sine basis"), [{ mpi, ranks: 2 }, 1]);
    expect(pieces).toEqual(whole);
  }
});
