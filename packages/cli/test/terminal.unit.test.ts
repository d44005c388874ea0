import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RankFaultError } from "@parakkt/parallel";
import { failureOf } from "../dist/failure.js";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();
const STUB = fileURLToPath(new URL("./stub-program.js", import.meta.url));
const here = existsSync("/dev/full") ? test : test.skip;

function shell(line: string): { status: number | null; stdout: string; stderr: string } {
  writeFileSync(join(directory(), "heat.yaml"), "problem:\n  domain: { cells: [4] }\n  time: { final: 1, steps: 4 }\n  target: x\n");
  return spawnSync("bash", ["-o", "pipefail", "-c", line.replace("parakkt", `'${process.execPath}' '${STUB}'`)], { cwd: directory(), encoding: "utf8" });
}

here.each(["explain", "plan heat.yaml", "--help"])("a full disk under the output of %s ends with 74 and words, no stack trace", (command) => {
  const { status, stderr } = shell(`parakkt ${command} > /dev/full`);
  expect(status).toBe(74);
  expect(stderr).toContain("cannot write to stdout: no space left on the device");
  expect(stderr).not.toMatch(/\n\s+at /);
});

here("what the run wrote is whole by then", () => {
  expect(shell("parakkt solve heat.yaml --out run > /dev/full").status).toBe(74);
  expect(spawnSync("sha256sum", ["--check", "--quiet", "checksums.sha256"], { cwd: join(directory(), "run") }).status).toBe(0);
  expect(existsSync(join(directory(), "run", "report.json"))).toBe(true);
});

here("a full disk under the messages does not touch the result", () => {
  const { status, stdout } = shell("parakkt solve heat.yaml --out run 2> /dev/full");
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining("converged") as string });
});

test("a reader that closes the pipe early is no error", () => {
  expect(shell("parakkt explain | head -c 1").status).toBe(0);
});

test.each([
  ["a memory of WebAssembly", new RangeError("WebAssembly.Memory(): could not allocate memory")],
  ["an array", new RangeError("Array buffer allocation failed")],
  ["a worker", Object.assign(new Error("Worker initialization failure: EAGAIN"), { code: "ERR_WORKER_INIT_FAILED" })],
])("%s that the system has no room for is said to be that, with 77, and not a mistake of the program", (_what, error) => {
  const { exitCode, text } = failureOf(error);
  expect(exitCode).toBe(77);
  expect(text).toMatch(/memory could not be allocated[^]*ulimit -v/);
});

test("a worker that ran out of memory is a lost worker, not a mistake of the program", () => {
  const cause = Object.assign(new Error("JS heap out of memory"), { code: "ERR_WORKER_OUT_OF_MEMORY" });
  expect(failureOf(new RankFaultError(0, "lost", "rank 0 of 1 was lost", { cause }))).toMatchObject({ exitCode: 75, text: expect.stringContaining("max-old-space-size") as string });
});

test("another RangeError is a mistake of the program", () => {
  expect(failureOf(new RangeError("Maximum call stack size exceeded")).exitCode).toBe(70);
});
