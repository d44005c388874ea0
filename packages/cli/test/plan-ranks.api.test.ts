import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseRanks } from "../dist/plan/rank-list.js";
import { runMain } from "./run-main.js";

const config = join(mkdtempSync(join(tmpdir(), "parakkt-ranks-")), "heat.yaml");
writeFileSync(config, "problem: { domain: { cells: [32, 32] }, time: { steps: 256 }, target: 1, diffusivity: 1 + x }\npreconditioner: { kind: multilevel, subdomains: 32 }\n");

test("plan --ranks prints predicted times, what limits them and the assumptions, and says that they are predicted", async () => {
  const { code: exitCode, stdout: result } = await runMain("plan", config, "--ranks", "1,2,4,…,32", "--network", "cluster");
  expect(exitCode).toBe(0);
  expect(result).toContain("predicted, not measured:");
  for (const word of ["efficiency", "waits most for", "best:", "matching on one rank: predicted", "assumed:", "schur with multilevel in 32 subdomains"]) expect(result).toContain(word);
  expect(result.match(/^ *\d+ .*multilevel/gm)).toHaveLength(6);
});

test("every line of the table is in words that can be read alone", async () => {
  const { stdout } = await runMain("plan", config, "--ranks", "1,2");
  const lines = stdout.split("\n");
  expect(lines[0]).toBe("predicted, not measured:");
  expect(lines[1]!.split(/ {2,}/)).toEqual(["ranks", "predicted time", "iterations", "one iteration", "efficiency", "waits most for", "solved by"]);
  expect(lines[2]).toMatch(/^ {4}1 {2,}[\d.]+ m?s {2,}\d+ {2,}[\d.]+ m?s {2,}100 % {2,}\S.*? {2,}schur with multilevel in 32 subdomains, \S+/);
  expect(lines[4]).toMatch(/^best: [12] ranks?, predicted [\d.]+ m?s, waits most for \S/);
  expect(lines[5]).toMatch(/^matching on one rank: predicted [\d.]+ m?s; faster than that (?:on none of these numbers of ranks|from \d+ ranks? on); at best [\d.]+ times as fast$/);
  expect(lines.slice(6)).toEqual([
    "assumptions:",
    expect.stringMatching(/^ {2}computing: measured costs of .*, one thread \(\d{4}-\d\d-\d\d\), the same on every rank$/),
    expect.stringMatching(/^ {2}messages: network cluster, [\d.]+ µs and [\d.]+ GB\/s a rank; assumed: /),
    "  iterations: predicted; messages: counted; memory bandwidth: not shared between ranks",
    "  the way of solving is that of the config on any number of ranks",
  ]);
});

test("as JSON it has a row for each number of ranks, none beyond the steps", async () => {
  const { stdout: result } = await runMain("plan", config, "--ranks", "1,16,1024", "--json");
  const { rows, best } = JSON.parse(result) as { rows: { ranks: number; seconds: number; efficiency: number }[]; best: { ranks: number } };
  expect(rows.map(({ ranks }) => ranks)).toEqual([1, 16]);
  expect(rows[0].efficiency).toBe(1);
  expect(best.ranks).toBe(rows[0].seconds < rows[1].seconds ? 1 : 16);
});

test("with formulation auto the way of solving follows the ranks", async () => {
  const { stdout: result } = await runMain("plan", config, "--ranks", "1,64", "--set", "solver.formulation=auto", "--set", "preconditioner={}");
  expect(result).toContain("the way of solving is chosen for each number of ranks");
});

test("a network of one's own is latency and bandwidth of a rank, is named in the assumptions, and a slower one predicts longer times", async () => {
  const seconds = async (network: string): Promise<number[]> => {
    const { code, stdout } = await runMain("plan", config, "--ranks", "1,16", "--network", network, "--json");
    expect(code).toBe(0);
    return (JSON.parse(stdout) as { rows: { seconds: number }[] }).rows.map((row) => row.seconds);
  };
  const [fast, slow] = [await seconds("1.2us,12GB/s"), await seconds("1ms,100MB/s")];
  expect(slow[0]).toBe(fast[0]);
  expect(slow[1]).toBeGreaterThan(fast[1]);
  expect(await seconds("2µs,1.5GB/s")).toEqual(await seconds("cluster"));
  expect((await runMain("plan", config, "--ranks", "16", "--network", "1.2us, 12GB/s")).stdout).toContain("messages: network 1.2us, 12GB/s, 1.2 µs and 12 GB/s a rank; given on the command line");
  for (const wrong of ["1.2us", "1.2,12", "0us,12GB/s", "1us,12GB/s,3", "12GB/s,1us", "-1us,12GB/s"]) expect((await runMain("plan", config, "--ranks", "1", "--network", wrong)).code).toBe(64);
});

test("an unknown network and malformed ranks are refused", async () => {
  expect((await runMain("plan", config, "--ranks", "1", "--network", "ether")).code).toBe(64);
  for (const list of ["0", "2,1", "a", "1.5", ""]) expect((await runMain("plan", config, "--ranks", list)).code).toBe(64);
});

test("… continues the last ratio", () => {
  expect(parseRanks("1,2,…,16")).toEqual([1, 2, 4, 8, 16]);
  expect(parseRanks("1,3,...,100")).toEqual([1, 3, 9, 27, 81, 100]);
  expect(parseRanks("6")).toEqual([6]);
});

test("… after numbers that are not whole multiples is refused", () => {
  for (const list of ["1,3,5,…,9", "2,3,…,9", "4,…,16", "1,2,…"]) expect(() => parseRanks(list)).toThrow("…");
});

test("more ranks than steps are named where they are left out, and refused where nothing else is asked for", async () => {
  expect((await runMain("plan", config, "--ranks", "16,512")).stdout).toContain("left out: 512 ranks; every rank needs a time step, and the problem has 256");
  const { code, stderr } = await runMain("plan", config, "--ranks", "512");
  expect(code).toBe(64);
  expect(stderr).toContain("at most 256 ranks");
});

test("--network without --ranks is refused", async () => {
  expect((await runMain("plan", config, "--network", "cluster")).code).toBe(64);
});
