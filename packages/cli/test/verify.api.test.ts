import { verify } from "./verified-example.js";

const small = (cells: string, steps: number, subdomains: number): string[] =>
  [`problem.domain.cells=${cells}`, `problem.time.steps=${steps}`, `preconditioner.subdomains=${subdomains}`].flatMap((override) => ["--set", override]);

test.each([
  ["heat-2d.yaml", small("[8,8]", 32, 4)],
  ["direct-2d.yaml", ["--set", "problem.domain.cells=[8,8]", "--set", "problem.time.steps=32"]],
  ["inclusion-2d.yaml", small("[8,8]", 16, 4)],
  ["rod-1d.yaml", small("[16]", 128, 16)],
])("gradient, Hessian, orders and everything else of %s, made smaller, pass", async (example, overrides) => {
  const { code, report } = await verify(example, ...overrides);
  expect(report.checks.filter(({ verdict }) => verdict === "failed")).toEqual([]);
  expect([code, report.passed]).toEqual([0, true]);
  const names = report.checks.map(({ name }) => name);
  for (const name of ["adjoint of J", "gradient", "Hessian", "relative KKT residual", "optimality of the control", "order in time, control", "order in space, control"]) expect(names).toContain(name);
});

test("a solver that cannot reach its tolerance fails with 3", async () => {
  const { code, report } = await verify("heat-2d.yaml", ...small("[8,8]", 32, 4), "--set", "solver.maxIterations=2");
  expect(code).toBe(3);
  expect(report.passed).toBe(false);
  expect(report.checks.filter(({ verdict }) => verdict === "failed").map(({ name }) => name)).toContain("relative KKT residual");
  // What such solves show of orders says nothing about the discretization.
  const orders = report.checks.filter(({ name }) => name.startsWith("order in"));
  expect(orders.map(({ verdict }) => verdict)).not.toContain("failed");
  expect(orders.map(({ reason }) => reason)).toContain("the solves did not converge");
});
