import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CLAIM_FILE, claimDirectory, requireUnclaimed } from "../dist/output/run-claim.js";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();
const run = (): string => join(directory(), "runs", "one");
const STUB = fileURLToPath(new URL("./stub-program.js", import.meta.url));

function claimedBy(holder: object | string): void {
  mkdirSync(run(), { recursive: true });
  writeFileSync(join(run(), CLAIM_FILE), typeof holder === "string" ? holder : JSON.stringify(holder));
}

/** What the system says of a living process: here the parent of the tests. */
function started(id: number): string | undefined {
  const status = existsSync(`/proc/${id}/stat`) ? readFileSync(`/proc/${id}/stat`, "latin1") : undefined;
  return status?.slice(status.lastIndexOf(")") + 2).split(" ")[19];
}

test("a directory that a living process writes to is refused, with its number", () => {
  claimedBy({ host: hostname(), process: process.ppid, started: started(process.ppid) });
  const words = `process ${process.ppid} is writing to it`;
  expect(() => requireUnclaimed(run())).toThrow(words);
  expect(() => claimDirectory(run())).toThrow(words);
  expect(readdirSync(run())).toEqual([CLAIM_FILE]);
});

const LEFT_BEHIND: readonly (readonly [string, () => object | string])[] = [
  ["a process that has ended", () => ({ host: hostname(), process: spawnSync("true").pid })],
  ["an earlier process of a number that is in use again", () => ({ host: hostname(), process: process.ppid, started: "-1" })],
  ["a process of another machine, of which nothing is known", () => ({ host: "elsewhere", process: process.ppid })],
  ["nobody: half a file", () => '{"host":'],
];

test.each(LEFT_BEHIND)("the claim of %s does not count", (_who, holder) => {
  claimedBy(holder());
  claimDirectory(run())();
  expect(readdirSync(run())).toEqual([]);
});

(existsSync("/proc/self/stat") ? test : test.skip)("nor does that of a process that has ended and was not waited for yet", () => {
  const { pid } = spawn("sleep", ["0.2"]);
  claimedBy({ host: hostname(), process: pid, started: started(pid!) });
  expect(() => requireUnclaimed(run())).toThrow(`process ${pid} is writing to it`);
  // nobody can notice its end while this thread sleeps
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
  requireUnclaimed(run());
});

test("the end of a claim takes the directories it made with it, unless something was put there", () => {
  claimDirectory(run())();
  expect(readdirSync(directory())).toEqual([]);
  const release = claimDirectory(run());
  writeFileSync(join(run(), "state.npy"), "array");
  release();
  expect(readdirSync(run())).toEqual(["state.npy"]);
});

test("of two solves at once in one directory the second is refused with 73, --force or not, and the first is left whole", async () => {
  writeFileSync(join(directory(), "heat.yaml"), "problem:\n  domain: { cells: [4] }\n  time: { final: 1, steps: 4 }\n  target: x\n");
  const args = (...more: string[]): string[] => [STUB, "solve", "heat.yaml", "--out", "run", ...more];
  const first = spawn(process.execPath, args("--set", "problem.parameters={delay: 300, iterations: 1000}"), { cwd: directory() });
  for await (const chunk of first.stderr) if (String(chunk).includes("iterating")) break;
  for (const more of [[], ["--force"]]) {
    const { status, stderr } = spawnSync(process.execPath, args(...more), { cwd: directory(), encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 73, stderr: expect.stringContaining(`process ${first.pid} is writing to it`) as string });
  }
  first.kill("SIGTERM");
  expect(await once(first, "close")).toEqual([143, null]);
  expect(readdirSync(join(directory(), "run")).sort()).toEqual(["adjoint.npy", "checksums.sha256", "control.npy", "report.json", "state.npy", "target.npy"]);
});
