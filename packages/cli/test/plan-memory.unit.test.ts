import { checkConfig, type ResolvedConfig } from "@parakkt/cli";
import { readYaml } from "../dist/config/read-yaml.js";
import { formatBytes, memoryBudget } from "../dist/memory-budget.js";
import { planMemory, requireWithinBudget } from "../dist/plan-memory.js";
import { ProgramError } from "../dist/program-error.js";

function config(text: string): ResolvedConfig {
  return checkConfig(readYaml(text, "plan.yaml"), { name: "plan", directory: ".", allowPath: false }).config;
}

const sized = (steps: number, cells: number, rest = ""): ResolvedConfig =>
  config(`problem: { target: 1, time: { steps: ${steps} }, domain: { cells: [${cells}, ${cells}] } }\n${rest}`);

test("unknowns are those of state, control and adjoint", () => {
  expect(planMemory(sized(256, 64))).toMatchObject({ steps: 256, points: 63 * 63, unknowns: 3 * 63 * 63 * 256 });
});

test("the plan grows with steps, points, the basis and the number of fields", () => {
  const bytes = (plan: ResolvedConfig): number => planMemory(plan).bytes;
  expect(bytes(sized(512, 64))).toBeGreaterThan(bytes(sized(256, 64)));
  expect(bytes(sized(256, 128))).toBeGreaterThan(bytes(sized(256, 64)));
  const gmres = bytes(sized(256, 64, "solver: { method: gmres }"));
  expect(gmres).toBeGreaterThan(bytes(sized(256, 64)));
  expect(bytes(sized(256, 64, "solver: { method: fgmres }"))).toBeGreaterThan(gmres);
  expect(bytes(sized(256, 64, "solver: { formulation: full-space }"))).toBeGreaterThan(bytes(sized(256, 64, "solver: { method: fgmres }")));
  expect(bytes(sized(256, 64, "solver: { formulation: direct }"))).toBeLessThan(bytes(sized(256, 64)));
});

test("a plan over budget is refused with the largest sizes that fit, and these fit", () => {
  const started = performance.now();
  let refused: ProgramError | undefined;
  try {
    requireWithinBudget(sized(200_000, 1000), 2 ** 33);
  } catch (error) {
    if (error instanceof ProgramError) refused = error;
  }
  expect(performance.now() - started).toBeLessThan(1000);
  expect(refused?.exitCode).toBe(77);
  expect(refused?.message).toMatch(/\d+ MiB {2}program\n/);
  expect(refused?.message).toMatch(/need about [\d.]+ TiB, the budget is 8\.0 GiB/);
  const [, steps = "", cells = ""] = /at most (\d+) time steps fit; with these steps at most cells \[(\d+), \d+\] fit/.exec(refused?.hint ?? "") ?? [];
  requireWithinBudget(sized(Number(steps), 1000), 2 ** 33);
  requireWithinBudget(sized(200_000, Number(cells)), 2 ** 33);
  expect(() => requireWithinBudget(sized(2 * Number(steps), 1000), 2 ** 33)).toThrow("over budget");
});

test("when nothing fits, that is said", () => {
  expect(() => requireWithinBudget(sized(100, 100), 1000)).toThrow(expect.objectContaining({ hint: expect.stringContaining("not even 1 time step") as unknown }));
});

test.each([
  [1000, 1000],
  ["4GiB", 2 ** 32],
  ["1.5 GB", 1.5e9],
  ["512M", 512e6],
  ["64KiB", 65536],
  ["auto", 700],
])("a budget of %s is %d bytes when 1,000 are free", (setting, bytes) => expect(memoryBudget(setting, 1000)).toBe(bytes));

test("bytes are shown with a unit", () => {
  expect([0, 1023, 1024, 1.5 * 2 ** 30, 2 ** 50].map(formatBytes)).toEqual(["0 B", "1023 B", "1.0 KiB", "1.5 GiB", "1024 TiB"]);
});

test("with few iterations only the basis vectors that are filled count", () => {
  const config = sized(256, 64, "solver: { method: gmres }");
  const [few, all] = [planMemory(config, 10), planMemory(config)];
  expect(all.bytes - few.bytes).toBe(8 * 20 * 63 * 63 * 256);
  expect(planMemory(config, 1000).bytes).toBe(all.bytes);
});

test("on threads the plan is that of all of them in one process: shares of the fields, one of them more, and data, factors and coarse grid once more for each", () => {
  const alone = planMemory(sized(256, 64));
  const four = planMemory(sized(256, 64, "parallel: { backend: threads, threads: 4 }"));
  const part = (plan: typeof alone, name: string): number => plan.parts.find((one) => one.name === name)!.doubles;
  expect(four.unknowns).toBe(alone.unknowns);
  expect(four.longestVector).toBe(alone.longestVector / 4);
  expect(part(four, "Krylov vectors")).toBe(1.5 * part(alone, "Krylov vectors"));
  expect(part(four, "spatial solver")).toBe(4 * part(alone, "spatial solver"));
  expect(part(four, "preconditioner")).toBeGreaterThan(part(alone, "preconditioner"));
  expect(four.programBytes - alone.programBytes).toBe(3 * (planMemory(sized(256, 64, "parallel: { backend: threads, threads: 2 }")).programBytes - alone.programBytes));
});
