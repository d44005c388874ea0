import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunReport } from "@parakkt/cli";
import { runMain } from "./run-main.js";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();

const INCLUSION = "1 + 9999*(x>0.25)*(x<0.5)*(y>0.25)*(y<0.75)";

function config(diffusivity: string, data: string): string {
  const path = join(directory(), "floor.yaml");
  writeFileSync(path, `problem: { domain: { cells: [16, 16] }, time: { steps: 32 }, diffusivity: "${diffusivity}", regularization: 1.0e-6, ${data} }\n`);
  return path;
}

const HEATED = "initialState: 'sin(pi*x)*sin(pi*y)', target: 'sin(pi*x)*sin(pi*y)'";

const solve = (path: string, tolerance: number) => runMain("solve", path, "--out", join(directory(), "run"), "--force", "--json", "--set", `solver.relativeTolerance=${tolerance}`);

async function attainable(path: string): Promise<number> {
  return (JSON.parse((await runMain("plan", path, "--json")).stdout) as { attainable: number }).attainable;
}

test.each([
  ["constant", "1", HEATED],
  ["smooth", "1 + 0.9*sin(2*pi*x)", "target: 1"],
  ["inclusion", INCLUSION, HEATED],
  ["inclusion, no initial state", INCLUSION, "target: 1 + t"],
  ["a source", "1", "source: 'sin(pi*x)*sin(pi*y)', target: 0"],
])("what plan says about the floor of rounding is what a solve comes to within a factor of 30: %s", async (_name, diffusivity, data) => {
  const path = config(diffusivity, data);
  const { reason, relativeResidual } = JSON.parse((await solve(path, 1e-16)).stdout) as RunReport;
  expect(reason).toEqual({ kind: "stopped", by: "attainable-accuracy" });
  const quotient = (await attainable(path)) / relativeResidual;
  expect(quotient).toBeGreaterThan(1 / 5);
  expect(quotient).toBeLessThan(30);
});

test("a tolerance below the floor ends with code 2, what was asked and what is attainable; the tolerance that it proposes is met", async () => {
  const path = config(INCLUSION, HEATED);
  const { code, stderr } = await runMain("solve", path, "--out", join(directory(), "run"), "--quiet", "--set", "solver.relativeTolerance=1e-13");
  expect(code).toBe(2);
  expect(stderr).toMatch(/rounding floor reached: asked 1\.0e-13, attainable about \d\.\de-1[01]/);
  const { diagnosis, roundingFloor } = JSON.parse((await solve(path, 1e-13)).stdout) as RunReport;
  expect(roundingFloor).toBeGreaterThan(1e-13);
  expect(diagnosis!.causes[0]!.cause).toContain("below what double precision attains");
  expect(diagnosis!.causes[0]!.evidence).toContain("the last bits of u and λ alone");
  const proposed = /relativeTolerance=(\S+)/.exec(diagnosis!.next.options)![1]!;
  expect((await solve(path, Number(proposed))).code).toBe(0);
});

test("plan warns of a tolerance below its estimate, and of none above it", async () => {
  const path = config(INCLUSION, HEATED);
  const accuracy = async (tolerance: string) => /^accuracy +(.*)/m.exec((await runMain("plan", path, "--set", `solver.relativeTolerance=${tolerance}`)).stdout)?.[1];
  expect(await accuracy("1e-13")).toMatch(/^warning: the tolerance 1\.0e-13 may be out of reach: rounding is expected to leave up to \d\.\de-\d+; try --set solver\.relativeTolerance=/);
  expect(await accuracy("1e-8")).toBeUndefined();
});

test("where data come from files nothing is estimated", async () => {
  writeFileSync(join(directory(), "target.csv"), "x,y,value\n");
  const { stdout } = await runMain("plan", config("1", "target: { file: target.csv }"), "--json");
  expect(JSON.parse(stdout)).not.toHaveProperty("attainable");
});
