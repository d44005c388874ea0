import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunReport } from "@parakkt/cli";
import { writeNpy } from "./npy-files.js";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();
const PROGRAM = fileURLToPath(new URL("../bin/parakkt.js", import.meta.url));
/** The same program with a stand-in for the numerics. */
const STUB = fileURLToPath(new URL("./stub-program.js", import.meta.url));

interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(program: string, args: readonly string[], options: { env?: NodeJS.ProcessEnv; node?: readonly string[] } = {}): Answer {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...(options.node ?? []), program, ...args], {
    cwd: directory(),
    encoding: "utf8",
    env: { ...process.env, ...options.env },
  });
  return { code: status, stdout, stderr };
}

const CONFIG = 'problem:\n  domain: { cells: [4, 3] }\n  time: { final: 2, steps: 4 }\n  target: "x + t"\n';

function writeConfig(text: string = CONFIG, name = "heat.yaml"): string {
  writeFileSync(join(directory(), name), text);
  return name;
}

const readReport = (...path: string[]): RunReport => JSON.parse(readFileSync(join(directory(), ...path, "report.json"), "utf8")) as RunReport;

const NO_STACK = /\n\s+at .*:\d+/;

describe("mistakes end with their exit code, words, no stack trace and nothing written", () => {
  test.each([
    ["no command", [], 64, ["Usage: parakkt"]],
    ["an unknown command", ["slove", "heat.yaml"], 64, ["unknown command 'slove'", "Did you mean solve?"]],
    ["an unknown option", ["solve", "heat.yaml", "--jsn"], 64, ["unknown option '--jsn'", "Did you mean --json?"]],
    ["a wrong number of threads", ["solve", "heat.yaml", "--threads", "two"], 65, ["--threads two: parallel.threads: expected a whole number"]],
    ["more threads than time steps", ["solve", "heat.yaml", "--threads", "5"], 65, ["expected 1 to 4 ranks (the number of time steps), got 5"]],
    ["no config", ["solve"], 64, ["missing required argument"]],
    ["two configs", ["solve", "heat.yaml", "more.yaml"], 64, ["too many arguments"]],
    ["an override without value", ["solve", "heat.yaml", "--set", "problem"], 64, ["--set path.to.key=value"]],
    ["a config that is not there", ["solve", "cold.yaml"], 66, ["cold.yaml", "no such file"]],
    ["a directory as config", ["solve", "."], 66, ["not a file"]],
    ["an unknown key", ["solve", "heat.yaml", "--set", "solver.metod=cg"], 65, ["--set solver.metod=cg: solver.metod: unknown key", "method"]],
    ["a wrong time limit", ["solve", "heat.yaml", "--time-limit", "soon"], 65, ["--time-limit soon: solver.timeLimit"]],
    ["a bad formula", ["solve", "heat.yaml", "--set", "problem.target=sin(q)"], 65, ["column 5", "\n        ^".trimStart()]],
    ["a formula without finite value", ["solve", "heat.yaml", "--set", "problem.target=1/(x-0.5)"], 65, ["x = 0.5", "Infinity"]],
    ["a missing data file", ["solve", "heat.yaml", "--set", "problem.target={file: no.npy}"], 66, ["no.npy", "no such file"]],
    ["too large a problem", ["solve", "heat.yaml", "--set", "problem.time.steps=2000000000"], 77, ["over budget", "time steps fit"]],
    ["a file as run directory", ["solve", "heat.yaml", "--out", "heat.yaml"], 73, ["run directory"]],
    ["a run directory below a file", ["solve", "heat.yaml", "--out", "heat.yaml/run"], 73, ["run directory"]],
    ["a run directory that is not empty", ["solve", "heat.yaml", "--out", "."], 73, ["not empty", "--force"]],
  ] as const)("%s", (_name, args, code, says) => {
    writeConfig();
    const answer = run(PROGRAM, args);
    expect(answer.code).toBe(code);
    for (const words of says) expect(answer.stderr).toContain(words);
    expect(answer.stdout).toBe("");
    expect(answer.stderr).not.toMatch(NO_STACK);
    expect(readdirSync(directory())).toEqual(["heat.yaml"]);
  });
});

test("help and version go to stdout with code 0", () => {
  expect(run(PROGRAM, ["--version"])).toMatchObject({ code: 0, stderr: "" });
  const help = run(PROGRAM, ["solve", "--help"]);
  expect(help.code).toBe(0);
  expect(help.stdout).toContain("Examples:");
  expect(help.stdout).toContain("--allow-path");
});

test("a solve writes arrays, images, checksums and a report, and sums up on stdout", () => {
  const answer = run(STUB, ["solve", writeConfig(), "--out", "run", "--set", "output.fields=[npy, vtk]"]);
  expect(answer.code).toBe(0);
  for (const words of ["converged", "2-D, 4 x 3 cells", "72 unknowns", "schur, cg", "objective", "run"]) expect(answer.stdout).toContain(words);
  const names = ["adjoint.npy", "checksums.sha256", "control.npy", "fields", "fields.pvd", "report.json", "state.npy", "target.npy"];
  expect(readdirSync(join(directory(), "run")).sort()).toEqual(names);
  const sums = readFileSync(join(directory(), "run", "checksums.sha256"), "utf8").trim().split("\n");
  expect(sums).toHaveLength(4 + 4 + 1);
  for (const line of sums) {
    const [sum, file = ""] = line.split("  ");
    expect(createHash("sha256").update(readFileSync(join(directory(), "run", file))).digest("hex")).toBe(sum);
  }
});

test("the report has exactly the documented keys", () => {
  run(STUB, ["solve", writeConfig(), "--out", "run"]);
  const report = readReport("run");
  expect(Object.keys(report)).toEqual(["schemaVersion", "config", "reason", "iterations", "residualNorms", "relativeResidual", "objective", "unknowns", "counts", "timings", "memory", "provenance", "digest"]);
  expect(Object.keys(report.objective)).toEqual(["total", "tracking", "control"]);
  expect(Object.keys(report.counts)).toEqual(["spatialSolves", "operatorApplications", "preconditionerApplications", "innerProducts", "messages", "bytes"]);
  expect(Object.keys(report.timings)).toEqual(["setup", "solve", "output", "total"]);
  expect(Object.keys(report.provenance)).toEqual(["version", "commit", "node", "platform", "cpu", "backend", "ranks", "seed"]);
  expect(report).toMatchObject({ schemaVersion: 1, unknowns: 72, reason: { kind: "converged", by: "relative-tolerance" }, iterations: 3 });
  expect(report.digest).toMatch(/^[0-9a-f]{64}$/);
  expect(report.memory.peakRss).toBeGreaterThan(2 ** 20);
});

test("what was left to auto stands in the report with the reason and the predictions, and in the summary", () => {
  const answer = run(STUB, ["solve", writeConfig(), "--out", "run", "--set", "solver.formulation=auto"]);
  expect(answer.code).toBe(0);
  const { plan, config } = readReport("run");
  expect(config.solver.formulation).toBe("direct");
  expect(Object.keys(plan!)).toEqual(["chosen", "why", "alternatives", "costs"]);
  expect(plan!.chosen).toEqual(plan!.alternatives[0]);
  for (const { predictedSeconds } of plan!.alternatives) expect(predictedSeconds).toBeGreaterThan(0);
  expect(answer.stdout.split("\n").filter((line) => /^chosen +direct: .*predicted/.test(line) && line.includes(plan!.why))).toHaveLength(1);
  expect(answer.stderr).not.toContain(plan!.why);

  run(STUB, ["solve", "run/report.json", "--out", "again"]);
  expect(readReport("again")).toMatchObject({ digest: readReport("run").digest });
  expect(readReport("again").plan).toBeUndefined();
});

test("--json prints the report alone on stdout; --quiet prints nothing", () => {
  const json = run(STUB, ["solve", writeConfig(), "--out", "run", "--json"]);
  expect(json.stderr).toBe("");
  expect(JSON.parse(json.stdout)).toEqual(readReport("run"));
  expect(run(STUB, ["solve", "heat.yaml", "--out", "run2", "--quiet"])).toEqual({ code: 0, stdout: "", stderr: "" });
});

test("a report runs again with the same config and digest, also with data files", () => {
  writeNpy(join(directory(), "once.npy"), [2, 3], [1, 2, 3, 4, 5, 6]);
  run(STUB, ["solve", writeConfig(`${CONFIG}  source: { file: once.npy }\n`), "--out", "runs/one"]);
  expect(run(STUB, ["solve", "runs/one/report.json", "--out", "runs/two"])).toMatchObject({ code: 65, stderr: expect.stringContaining("--allow-path") as unknown });
  expect(run(STUB, ["solve", "runs/one/report.json", "--out", "runs/two", "--allow-path"]).code).toBe(0);
  const [one, two] = [readReport("runs", "one"), readReport("runs", "two")];
  expect(two.digest).toBe(one.digest);
  expect({ ...two.config, output: one.config.output }).toEqual(one.config);
});

test("--force replaces an earlier run, with files of both kinds", () => {
  writeConfig();
  run(STUB, ["solve", "heat.yaml", "--out", "run", "--set", "output.fields=[vtk, npy]"]);
  const answer = run(STUB, ["solve", "heat.yaml", "--out", "run", "--force", "--set", "output.fields=[]"]);
  expect(answer.code).toBe(0);
  expect(readdirSync(join(directory(), "run"))).toEqual(["report.json"]);
});

test.each([
  ["a breakdown", "fails: 1", 3, /failed \(breakdown in iteration 2: a deliberate breakdown\)/],
  ["a mistake of the program", "throws: 1", 70, /please report it/],
])("%s has its exit code and words", (_name, parameters, code, words) => {
  const answer = run(STUB, ["solve", writeConfig(), "--out", "run", "--quiet", "--set", `problem.parameters={${parameters}}`]);
  expect(answer.code).toBe(code);
  expect(answer.stderr).toMatch(words);
  expect(answer.stderr).not.toMatch(NO_STACK);
});

test("PARAKKT_DEBUG shows the stack of a mistake of the program", () => {
  const args = ["solve", writeConfig(), "--set", "problem.parameters={throws: 1}"];
  expect(run(STUB, args, { env: { PARAKKT_DEBUG: "1" } }).stderr).toMatch(NO_STACK);
});

test("a worker without memory ends with 75 and words", () => {
  const args = ["solve", writeConfig(), "--set", "problem.parameters={exhausts: 1}"];
  const answer = run(STUB, args, { node: ["--max-old-space-size=60"] });
  expect(answer).toMatchObject({ code: 75, stderr: expect.stringContaining("ran out of memory") as unknown });
});

test("the program never makes code from text", () => {
  expect(run(STUB, ["solve", writeConfig(), "--quiet"], { node: ["--disallow-code-generation-from-strings"] }).code).toBe(0);
});

test("a time limit stops the iteration with a full report and code 2", () => {
  const args = ["solve", writeConfig(), "--out", "run", "--time-limit", "0.1", "--set", "problem.parameters={delay: 60, iterations: 100}"];
  expect(run(STUB, args).code).toBe(2);
  expect(readReport("run").reason).toEqual({ kind: "stopped", by: "time-limit" });
});

/** Starts a long solve, sends signals a while after it began to iterate, and waits for its end. */
function interrupted(signals: readonly NodeJS.Signals[], parameters: string): Promise<Answer> {
  const args = [STUB, "solve", writeConfig(), "--out", "run", "--set", `problem.parameters={${parameters}}`];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: directory() });
    const text = { stdout: "", stderr: "" };
    const left = [...signals];
    const send = (): void => {
      const signal = left.shift();
      if (signal !== undefined) child.kill(signal);
    };
    child.stdout.on("data", (chunk: Buffer) => (text.stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => {
      text.stderr += chunk.toString();
      if (text.stderr.includes("iterating")) setTimeout(send, 200);
    });
    child.on("close", (code) => resolve({ code, ...text }));
  });
}

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s stops at the next iteration with a partial report and code %d", async (signal, code) => {
  const answer = await interrupted([signal], "delay: 150, iterations: 1000");
  expect(answer.code).toBe(code);
  expect(answer.stderr).toContain("stopping at the next iteration");
  expect(readReport("run").reason).toEqual({ kind: "stopped", by: "observer" });
});

test("a second signal ends the program at once", async () => {
  const started = performance.now();
  const answer = await interrupted(["SIGINT", "SIGINT"], "delay: 60000");
  expect(answer.code).toBe(130);
  expect(performance.now() - started).toBeLessThan(20_000);
  expect(existsSync(join(directory(), "run"))).toBe(false);
});
