import { spawnSync } from "node:child_process";
import { communicatorLaws } from "@parakkt/testing";
import { fileURLToPath } from "node:url";
import { installedMpis, mpirun } from "./mpirun.js";

const PROGRAM = fileURLToPath(new URL("./mpi-program.js", import.meta.url));
const LAWS = new URL("./communicator-laws-program.js", import.meta.url).href;

function runAlone(environment: NodeJS.ProcessEnv): { code: number | null; stderr: string } {
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM, LAWS], { encoding: "utf8", env: { ...process.env, ...environment } });
  return { code: status, stderr };
}

/** Where an MPI is missing its tests are not there, and mpirun.ts has said so; jest wants one row at least. */
const mpis = installedMpis.map((mpi) => [mpi.family, mpi] as const);

(mpis.length > 0 ? describe : describe.skip).each(mpis.length > 0 ? mpis : [["MPI", undefined!] as const])("ranks of %s", (_family, mpi) => {
  test.each([2, 3, 4, 8])("%i of them obey the laws of communicators", (ranks) => {
    const { stdout, stderr, code } = mpirun(mpi, ranks, [PROGRAM, LAWS]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const expected = Array.from({ length: ranks }, (_, rank) => communicatorLaws.flatMap((law) => law.expected(rank, ranks))).flat();
    expect(JSON.parse(stdout)).toEqual(expected);
  });

  test("under a launcher of another MPI say so instead of being rank 0 of 1 each", () => {
    const foreign = mpi.family === "MPICH" ? { OMPI_COMM_WORLD_SIZE: "4", OMPI_COMM_WORLD_RANK: "2" } : { PMI_SIZE: "4", PMI_RANK: "2" };
    const { code, stderr } = runAlone({ ...foreign, PARAKKT_MPI_LIBRARY: mpi.library });
    expect(code).not.toBe(0);
    expect(stderr).toContain(`started 4 ranks, but ${mpi.family} (${mpi.library}) knows of 1`);
  });
});

test("without a library MPI says what to install", () => {
  const { code, stderr } = runAlone({ PARAKKT_MPI_LIBRARY: "/nowhere/libmpi.so" });
  expect(code).toBe(1);
  expect(stderr).toContain("no MPI library was found (tried /nowhere/libmpi.so). Install Open MPI");
});
