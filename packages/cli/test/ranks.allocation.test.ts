import { runOnThreads } from "@parakkt/parallel";
import type { AllocationTask } from "./allocation-program.js";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();
const PROGRAM = new URL("./allocation-program.js", import.meta.url);

const [STEPS, POINTS] = [256, 11 * 11];
const SERIES = STEPS * POINTS;
const problem = { domain: { cells: [12, 12] }, time: { final: 1, steps: STEPS }, target: "t*x", source: "x - y*t" };
const schur = { formulation: "schur", maxIterations: 3 };
const restricted = { kind: "two-level", subdomains: 32, overlap: 1, combination: "restricted" };

/** `series`: states of the longest vector; that of `direct` is the work space of its kernel, two numbers for each step of a mode. */
const cases: readonly { readonly name: string; readonly config: object; readonly series: number }[] = [
  { name: "direct", config: { problem, solver: { formulation: "direct" } }, series: 2 },
  { name: "reduced", config: { problem, solver: { formulation: "reduced", maxIterations: 3 } }, series: 1 },
  { name: "matching", config: { problem, solver: schur, preconditioner: { kind: "matching" } }, series: 1 },
  { name: "two levels", config: { problem, solver: { ...schur, method: "fgmres" }, preconditioner: restricted }, series: 1 },
  { name: "time diagonalization", config: { problem, solver: schur, preconditioner: { kind: "time-diagonalization" } }, series: 1 },
  { name: "full space", config: { problem, solver: { formulation: "full-space", method: "fgmres", maxIterations: 3 }, preconditioner: restricted }, series: 3 },
];

/** Longest vector of each case on each rank, in series of states. */
async function longestOn(threads: number): Promise<number[][]> {
  const data: AllocationTask = { configs: cases.map(({ config }) => config), directory: directory() };
  return (await runOnThreads<number[]>(PROGRAM, { threads, data })).map((lengths) => lengths.map((length) => length / SERIES));
}

test("from the data to the files no rank of four makes a vector longer than a quarter of the longest one, and its edges", async () => {
  /** The overlap makes subdomains of 8 steps a quarter longer. */
  const edges = 0.07;
  for (const longest of await longestOn(4)) {
    cases.forEach(({ name, series }, i) => expect([name, Math.max(longest[i], series / 4 + edges)]).toEqual([name, series / 4 + edges]));
  }
});

test("one rank makes it whole (negative control)", async () => {
  const [longest] = await longestOn(1);
  cases.forEach(({ series }, i) => expect(longest[i]).toBeGreaterThanOrEqual(Math.min(series, 1)));
});
