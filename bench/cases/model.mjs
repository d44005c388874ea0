import { runTask } from "../processes.mjs";

/** |predicted/measured − 1| at most, on one and on two ranks. */
const REQUIRED = 0.25;

const variable = { diffusivity: "1 + 0.9*sin(2*pi*x)*sin(2*pi*y)" };
const constant = { diffusivity: 1 };
const two = (subdomains) => ({ preconditioner: { kind: "two-level", subdomains } });
const CHOLESKY = { spatialSolver: { kind: "cholesky" } };
const MULTIGRID = { spatialSolver: { kind: "multigrid", cycles: 2 } };

/** Name, points an axis, steps, ω, and the rest of a config. */
const CONFIGS = [
  ["two-level, P = 16", 63, 256, 1e-4, { ...variable, ...CHOLESKY, ...two(16) }],
  ["two-level, P = 32", 63, 512, 1, { ...variable, ...CHOLESKY, ...two(32) }],
  ["two-level, P = 64", 127, 512, 1e-4, { ...variable, ...CHOLESKY, ...two(64) }],
  ["two-level, P = 16, multigrid", 127, 256, 1e-4, { ...variable, ...MULTIGRID, ...two(16) }],
  ["multilevel, P = 64", 63, 512, 1e-4, { ...variable, ...CHOLESKY, preconditioner: { kind: "multilevel", subdomains: 64 } }],
  ["time-diagonalization", 63, 256, 1e-4, { ...variable, ...CHOLESKY, preconditioner: { kind: "time-diagonalization" } }],
  ["time-diagonalization, multigrid", 127, 128, 1e-4, { ...variable, ...MULTIGRID, preconditioner: { kind: "time-diagonalization" } }],
  ["matching", 63, 256, 1e-4, { ...variable, ...CHOLESKY, preconditioner: { kind: "matching" } }],
  ["matching, long", 31, 2048, 1e-4, { ...variable, ...CHOLESKY, preconditioner: { kind: "matching" } }],
  ["windows, P = 16, single", 127, 512, 1e-4, { ...variable, spatialSolver: { kind: "cholesky", precision: "single" }, preconditioner: { kind: "overlapping-matching", subdomains: 16 } }],
  ["reduced", 63, 256, 1e-2, { ...variable, ...CHOLESKY, solver: { formulation: "reduced" } }],
  ["two-level, sine basis, P = 32", 127, 512, 1e-4, { ...constant, ...two(32) }],
  ["full-space, two-level, P = 16", 63, 256, 1e-4, { ...variable, ...CHOLESKY, solver: { formulation: "full-space" }, ...two(16) }],
];
const QUICK = CONFIGS.slice(0, 2).map(([name, , , omega, rest]) => [name, 15, 32, omega, { ...rest, preconditioner: { ...rest.preconditioner, subdomains: 8 } }]);

/** The performance model against measured solves of one and two threads. */
export function modelCase({ quick }) {
  const entries = (quick ? QUICK : CONFIGS).flatMap(([name, n, steps, omega, rest]) =>
    [1, 2].map((ranks) => {
      const id = `model, ${name}, ${n}² × ${steps}, ω = ${omega}, ${ranks} rank${ranks === 1 ? "" : "s"}`;
      return { id, label: id, side: "ours", run: () => runTask("model", { n, steps, omega, rest, ranks }) };
    }),
  );
  return {
    name: "model",
    title: "Performance model on one and two ranks",
    entries,
    limits: entries.map(({ id }) => ({ label: id, entry: id, metric: "modelError", unit: "", most: REQUIRED })),
  };
}
