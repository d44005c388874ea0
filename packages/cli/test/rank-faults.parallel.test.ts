import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunReport } from "@parakkt/cli";
import { installedMpis, mpiEnvironment, type MpiLauncher } from "../../parallel/dist-test/mpirun.js";
import { useTemporaryDirectory } from "./temporary-directory.js";

/** The program with a stand-in for the numerics. */
const STUB = fileURLToPath(new URL("./stub-program.js", import.meta.url));
const CONFIG = 'problem:\n  domain: { cells: [4, 3] }\n  time: { final: 2, steps: 8 }\n  target: "x + t"\n';
const directory = useTemporaryDirectory();

interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** How to start a solve on ranks. */
interface Launch {
  readonly command: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const onThreads = (ranks: number): Launch => ({ command: process.execPath, before: [], after: ["--threads", String(ranks)] });
const onMpi = ({ command }: MpiLauncher, ranks: number): Launch => ({ command, before: ["-n", String(ranks), process.execPath], after: [] });

/** Where an MPI is missing its tests are not there; jest wants one row at least. */
const mpis = installedMpis.length > 0 ? installedMpis.map((mpi) => [mpi.family, mpi] as const) : [["MPI", undefined!] as const];
const describeMpis = (installedMpis.length > 0 ? describe : describe.skip).each(mpis);

/** What the stand-in says when the ranks iterate, or the culprit sets up or writes. */
const UNDER_WAY = /iterating|setting up|writing/;

/** Solves with the given parameters of the stand-in; `onUnderWay` is called once the ranks are where these say. */
function solve({ command, before, after }: Launch, parameters: string, onUnderWay: (kill: (signal: NodeJS.Signals) => void) => void = () => {}): Promise<Answer> {
  writeFileSync(join(directory(), "heat.yaml"), `${CONFIG}  parameters: { ${parameters} }\n`);
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(command, [...before, STUB, "solve", "heat.yaml", "--out", "run", ...after], { cwd: directory(), env: mpiEnvironment });
    const text = { stdout: "", stderr: "" };
    let told = false;
    child.stdout.on("data", (chunk: Buffer) => (text.stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => {
      text.stderr += chunk.toString();
      if (!told && UNDER_WAY.test(text.stderr)) onUnderWay((signal) => child.kill(signal));
      told ||= UNDER_WAY.test(text.stderr);
    });
    child.on("close", (code) => resolve({ code, ...text, seconds: (performance.now() - started) / 1000 }));
  });
}

const hasReport = (): boolean => existsSync(join(directory(), "run", "report.json"));
/** Files under their final names are whole: their checksums are right, and what was being written is not among them. */
function expectWholeFiles(): void {
  const run = join(directory(), "run");
  const { status, stdout } = spawnSync("sha256sum", ["--quiet", "--check", "checksums.sha256"], { cwd: run, encoding: "utf8" });
  expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  expect(readdirSync(run).filter((name) => name.endsWith(".npy")).sort()).toEqual(["control.npy", "state.npy"]);
  expect(hasReport()).toBe(false);
}
const report = (): RunReport => JSON.parse(readFileSync(join(directory(), "run", "report.json"), "utf8")) as RunReport;

test("a solve on three threads says so in its report, with the messages of all ranks", async () => {
  const { code, stderr } = await solve(onThreads(3), "iterations: 4");
  expect(code).toBe(0);
  expect(stderr).toContain("on 3 threads");
  expect(report().provenance).toMatchObject({ backend: "threads", ranks: 3 });
});

describe("a thread that", () => {
  test.each([
    ["throws", "throwsThere: 1", "rank 2 of 3: internal error: a deliberate mistake"],
    ["ends", "exitsThere: 1", "rank 2 of 3 was lost: its thread ended without a result"],
    ["stalls", "stallsThere: 1", "rank 2 of 3 stopped answering"],
  ])("%s ends the job with 75, and is named", async (_how, parameters, words) => {
    const { code, stderr } = await solve(onThreads(3), `culprit: 2, ${parameters}`);
    expect({ code, stderr }).toEqual({ code: 75, stderr: expect.stringContaining(words) as unknown });
    expect(hasReport()).toBe(false);
  });

  test.each([
    ["throws", "throwsThere: 1", "rank 2 of 3: internal error: a deliberate mistake"],
    ["ends", "exitsThere: 1", "rank 2 of 3 was lost: its thread ended without a result"],
    ["stalls", "stallsThere: 1", "rank 2 of 3 stopped answering"],
  ])("%s while it writes ends the job with 75, is named, and leaves whole files", async (_how, parameters, words) => {
    const { code, stderr } = await solve(onThreads(3), `culprit: 2, phase: 2, ${parameters}`);
    expect({ code, stderr }).toEqual({ code: 75, stderr: expect.stringContaining(words) as unknown });
    expectWholeFiles();
  });

  test("computes for longer than the others wait patiently is not given up", async () => {
    expect((await solve(onThreads(2), "culprit: 1, computesThere: 8")).code).toBe(0);
  });
});

describe("Ctrl-C", () => {
  test("stops all threads at the next iteration, with a partial report and 130", async () => {
    const { code } = await solve(onThreads(3), "delay: 50, iterations: 1000", (kill) => kill("SIGINT"));
    expect(code).toBe(130);
    expect(report().reason).toEqual({ kind: "stopped", by: "observer" });
  });

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("and %s during the set-up stop in the first iteration, with a report", async (signal, expected) => {
    const { code } = await solve(onThreads(3), "culprit: 1, phase: 1, computesThere: 0.4", (kill) => kill(signal));
    expect({ code, reason: report().reason }).toEqual({ code: expected, reason: { kind: "stopped", by: "observer" } });
    expect(report().iterations).toBeLessThanOrEqual(1);
  });

  test("ends a set-up in which a rank is stuck", async () => {
    const { code, stderr } = await solve(onThreads(3), "culprit: 1, phase: 1, stallsThere: 1", (kill) => kill("SIGINT"));
    expect({ code, stderr }).toEqual({ code: 130, stderr: expect.stringContaining("nothing was written") as unknown });
    expect(hasReport()).toBe(false);
  });

  test.each(["SIGINT", "SIGTERM"] as const)("and %s let the output of a solve that has converged come to its end", async (signal) => {
    const { code } = await solve(onThreads(3), "culprit: 1, phase: 2, computesThere: 0.8", (kill) => kill(signal));
    expect({ code, reason: report().reason }).toEqual({ code: 0, reason: { kind: "converged", by: "relative-tolerance" } });
  });

  test("twice during the output ends the program at once, and leaves whole files", async () => {
    const { code } = await solve(onThreads(3), "culprit: 1, phase: 2, stallsThere: 1", (kill) => {
      kill("SIGINT");
      setTimeout(() => kill("SIGINT"), 100);
    });
    expect(code).toBe(130);
    expectWholeFiles();
  });

  test("ends threads that are blocked in communication, within two seconds", async () => {
    let since = 0;
    const { code } = await solve(onThreads(3), "culprit: 1, stallsThere: 1, delay: 1", (kill) =>
      setTimeout(() => {
        since = performance.now();
        kill("SIGINT");
      }, 500),
    );
    expect(code).toBe(130);
    expect(performance.now() - since).toBeLessThan(10_000);
    expect(hasReport()).toBe(false);
  });
});

describeMpis("ranks of %s", (family, mpi) => {
  test("solve under mpirun; only rank 0 talks", async () => {
    const { code, stdout, stderr } = await solve(onMpi(mpi, 3), "iterations: 4");
    expect(code).toBe(0);
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(stderr).toContain("on 3 MPI ranks");
    expect(stdout.match(/converged/g)).toHaveLength(1);
    expect(report().provenance).toMatchObject({ backend: "mpi", ranks: 3 });
  });

  test.each([
    ["throws", "throwsThere: 1", 75, "rank 2 of 3: internal error: a deliberate mistake"],
    ["stalls", "stallsThere: 1", 75, "rank 2 of 3 stopped answering"],
    ["is killed", "killsThere: 1", ...(family === "MPICH" ? ([9, "Killed (signal 9)"] as const) : ([137, "signal 9 (Killed)"] as const))],
  ])("one of which %s end together, and it is named", async (_how, parameters, expected, words) => {
    const { code, stdout, stderr } = await solve(onMpi(mpi, 3), `culprit: 2, ${parameters}`);
    expect({ code, said: stderr + stdout }).toEqual({ code: expected, said: expect.stringContaining(words) as unknown });
    expect(hasReport()).toBe(false);
  });

  test("one of which is killed while it writes end together, and leave whole files", async () => {
    const { code } = await solve(onMpi(mpi, 3), "culprit: 2, phase: 2, killsThere: 1");
    expect(code).toBe(family === "MPICH" ? 9 : 137);
    expectWholeFiles();
  });

  test("that are blocked in communication end by Ctrl-C", async () => {
    let since = 0;
    const { stderr } = await solve(onMpi(mpi, 3), "culprit: 1, stallsThere: 1, delay: 1", (kill) =>
      setTimeout(() => {
        since = performance.now();
        kill("SIGINT");
      }, 500),
    );
    expect(performance.now() - since).toBeLessThan(10_000);
    expect(hasReport()).toBe(false);
    // Open MPI would kill them, without a word, a second after it asked them to end.
    if (family === "Open MPI") expect(stderr).toContain("interrupted before the ranks came to the end of an iteration; nothing was written");
  });
});
