import { spawnSync } from "node:child_process";
import { communicatorLaws } from "@parakkt/testing";
import { fileURLToPath } from "node:url";
import { describeWithMpi, mpirun } from "./mpirun.js";

const PROGRAM = fileURLToPath(new URL("./mpi-program.js", import.meta.url));
const LAWS = new URL("./communicator-laws-program.js", import.meta.url).href;

function runAlone(environment: NodeJS.ProcessEnv): { code: number | null; stderr: string } {
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM, LAWS], { encoding: "utf8", env: { ...process.env, ...environment } });
  return { code: status, stderr };
}

describeWithMpi("MPI ranks", () => {
  test.each([2, 3, 4, 8])("%i of them obey the laws of communicators", (ranks) => {
    const { stdout, stderr, code } = mpirun(ranks, [PROGRAM, LAWS]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const expected = Array.from({ length: ranks }, (_, rank) => communicatorLaws.flatMap((law) => law.expected(rank, ranks))).flat();
    expect(JSON.parse(stdout)).toEqual(expected);
  });

  test("under a launcher of another MPI say so instead of being rank 0 of 1 each", () => {
    const { code, stderr } = runAlone({ PMI_SIZE: "4", PMI_RANK: "2", PARAKKT_MPI_LIBRARY: "libmpi.so.40" });
    expect(code).not.toBe(0);
    expect(stderr).toContain("started 4 ranks, but Open MPI (libmpi.so.40) knows of 1");
  });
});

test("without a library MPI says what to install", () => {
  const { code, stderr } = runAlone({ PARAKKT_MPI_LIBRARY: "/nowhere/libmpi.so" });
  expect(code).toBe(1);
  expect(stderr).toContain("no MPI library was found (tried /nowhere/libmpi.so). Install Open MPI");
});
