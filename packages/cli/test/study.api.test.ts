import { spawn, spawnSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parquetReadObjects } from "hyparquet";
import { runMain } from "./run-main.js";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();
const PROGRAM = fileURLToPath(new URL("../bin/parakkt.js", import.meta.url));
const NODE = ["--disallow-code-generation-from-strings", PROGRAM];

const STUDY = `problem:
  domain: { cells: [6] }
  time: { steps: 16 }
  target: "x + t"
study:
  grid:
    preconditioner.subdomains: [2, 4, 64]
  baselines:
    direct: { solver.formulation: direct }
`;

function study(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...NODE, "study", "study.yaml", "--out", "out", ...args], { cwd: directory(), encoding: "utf8" });
  return { status, stdout, stderr };
}

const read = (...path: string[]): string => readFileSync(join(directory(), "out", ...path), "utf8");

test("an entry of a list that the config does not write is refused where the study sets it, with what to write instead", async () => {
  const grid = 'study: { grid: { problem.domain.cells.0: [6, 8] } }\n';
  const path = join(directory(), "entry.yaml");
  writeFileSync(path, `problem: { target: 1, time: { steps: 4 } }\n${grid}`);
  const { code, stderr } = await runMain("study", path, "--out", join(directory(), "none"));
  expect(code).toBe(65);
  expect(stderr).toMatch(/entry\.yaml:2:18: problem\.domain\.cells: expected a list of cell counts.*got the mapping \{"0":6\}\n.*hint: write the whole list, as in problem\.domain\.cells: \[64, 64\]; a number in a key path sets an entry of a list that is there/);
  writeFileSync(path, `problem: { target: 1, time: { steps: 4 }, domain: { cells: [4, 4] } }\n${grid}`);
  const { code: sound, stdout } = await runMain("study", path, "--out", join(directory(), "some"));
  expect(sound).toBe(0);
  expect(stdout).toMatch(/^\| cells\.0 \| iterations/m);
  writeFileSync(path, `problem: { target: 1, time: { steps: 4 }, domain: { cells: [4, 4] } }\n${grid.replace("cells.0", "cells.2")}`);
  expect((await runMain("study", path, "--out", join(directory(), "beyond"))).stderr).toMatch(/problem\.domain\.cells: has no entry 2\n.*hint: entries are numbered 0 to 1/);
});

interface Line {
  readonly id: string;
  readonly outcome: string;
}
const lines = (): Line[] => read("results.jsonl").trim().split("\n").map((line) => JSON.parse(line) as Line);

test("a study without generated code: every cell has a line, a refused one says why, tables and plots are written; killed and resumed it keeps its lines", async () => {
  writeFileSync(join(directory(), "study.yaml"), STUDY);
  const child = spawn(process.execPath, [...NODE, "study", "study.yaml", "--out", "out"], { cwd: directory(), stdio: "ignore" });
  const file = join(directory(), "out", "results.jsonl");
  while (!existsSync(file) || readFileSync(file, "utf8") === "") await setTimeout(20);
  child.kill("SIGKILL");
  const before = read("results.jsonl");
  appendFileSync(file, '{"schemaVersion":1,"id":"torn');
  expect(study().status).toBe(73);

  const { status, stdout, stderr } = study("--resume");
  expect(stderr).toContain("of them have a result already");
  expect(status).toBe(2);
  expect(read("results.jsonl").startsWith(before)).toBe(true);
  expect(lines().map(({ outcome }) => outcome).sort()).toEqual(["converged", "converged", "converged", "refused"]);
  expect(new Set(lines().map(({ id }) => id)).size).toBe(4);
  expect(stdout).toContain("study.yaml:7:5: preconditioner.subdomains");
  for (const name of ["iterations-subdomains", "seconds-subdomains"]) {
    expect(read("plots", `${name}.svg`)).toMatch(/^<svg[\s\S]*problem|preconditioner[\s\S]*<\/svg>$/);
    expect([...readFileSync(join(directory(), "out", "plots", `${name}.png`)).subarray(1, 4)]).toEqual([..."PNG"].map((letter) => letter.charCodeAt(0)));
  }
  expect(read("table.tex")).toContain("\\toprule");
  expect(read("summary.md")).toContain("| as configured | 2 |");
  const csv = read("results.csv").trim().split("\r\n");
  const bytes = readFileSync(join(directory(), "out", "results.parquet"));
  const rows = await parquetReadObjects({ file: { byteLength: bytes.length, slice: (start: number, end?: number) => Promise.resolve(new Uint8Array(bytes.subarray(start, end)).buffer) } });
  expect(rows.length).toBe(4);
  expect(csv.length).toBe(5);
  expect(rows[0]).toMatchObject({ role: "cell", "preconditioner.subdomains": 2, outcome: "converged", relativeTolerance: 1e-8 });
  expect(rows[2]).toMatchObject({ outcome: "refused", iterations: null });
  expect(typeof rows[1].speedUp).toBe("number");
});

test("a cell that lost its worker or its disk runs again on --resume, one that did not converge does not", () => {
  const grid = "study: { grid: { problem.regularization: [1] } }\n";
  writeFileSync(join(directory(), "study.yaml"), `problem: { domain: { cells: [6] }, time: { steps: 4 }, target: x + t }\n${grid}`);
  expect(study().status).toBe(0);
  const file = join(directory(), "out", "results.jsonl");
  const failed = (exitCode: number): string =>
    lines()
      .map((line) => `${JSON.stringify({ ...line, outcome: "failed", exitCode, message: "lost", result: undefined })}\n`)
      .join("");
  for (const [exitCode, outcome] of [[3, "failed"], [75, "converged"]] as const) {
    writeFileSync(file, failed(exitCode));
    study("--resume");
    expect(lines().at(-1)?.outcome).toBe(outcome);
    expect(read("results.csv").trim().split("\r\n").length).toBe(2);
    writeFileSync(file, `${read("results.jsonl").trim().split("\n").at(-1)}\n`);
  }
});

test("a study over ranks solves each cell on its own number of them, whatever the config says, to the same digest", () => {
  const section = "parallel: { backend: threads, threads: 3 }\nstudy: { grid: { ranks: [1, 2] } }\n";
  writeFileSync(join(directory(), "study.yaml"), `problem: { domain: { cells: [6] }, time: { steps: 16 }, target: x + t }\npreconditioner: { subdomains: 4 }\n${section}`);
  expect(study().status).toBe(0);
  const found = lines() as (Line & { values: { ranks: number }; result: { digest: string; report: string } })[];
  const ranks = found.map(({ values, result }) => [values.ranks, (JSON.parse(read(result.report)) as { provenance: { ranks: number } }).provenance.ranks]);
  expect(ranks.sort()).toEqual([[1, 1], [2, 2]]);
  expect(found[0]!.result.digest).toBe(found[1]!.result.digest);
});

test.each([
  ["an unknown key of the section", "study: { gird: {} }", "study.yaml:2:10: study.gird: unknown key\n  hint: did you mean grid?"],
  ["a value in place of a list", "study: { grid: { problem.time.steps: 3 } }", "study.yaml:2:38: study.grid.\"problem.time.steps\": expected a list of values, got 3"],
  ["a grid key that no config has", "study: { grid: { problem.time.stps: [3] } }", "study.yaml:2:18: problem.time.stps: unknown key"],
  ["too many cells", "study: { grid: { problem.regularization: [" + "1,".repeat(10_000) + "1] } }", "expected at most 10000 cells, got 10001"],
  ["a reference that is not there", "study: { reference: no.csv }", "no.csv: cannot read the reference: no such file"],
])("a mistake is named with its place: %s", async (_name, section, words) => {
  const file = join(directory(), "study.yaml");
  writeFileSync(file, `problem: { domain: { cells: [4] }, time: { steps: 4 }, target: 1 }\n${section}\n`);
  const { code, stderr } = await runMain("study", file, "--out", join(directory(), "out"));
  expect([65, 66]).toContain(code);
  expect(stderr).toContain(words);
  expect(existsSync(join(directory(), "out"))).toBe(false);
});
