// node bench/scaling.mjs: what the performance model says about strong and weak scaling → bench/results/scaling.json. Seconds, nothing is solved.
import { writeFileSync } from "node:fs";
import { distributedChoice, describeChoice, measuredCosts, networkNamed, planSolve, predictOnRanks } from "@parakkt/precond";

const OMEGA = 1e-4;
const VARIABLE = { smallest: 0.1, largest: 1.9, effective: 1, typical: 0.8, jump: 1.2 };
const powers = (last, ratio = 2) => Array.from({ length: Math.round(Math.log(last) / Math.log(ratio)) + 1 }, (_, k) => ratio ** k);
const factsOf = (n, steps) => ({
  ...{ points: [n, n], extent: [1, 1], steps, duration: 1, equalSteps: true, regularization: OMEGA, controlScale: 1, relativeTolerance: 1e-8 },
  diffusivity: VARIABLE,
});

/** Ways of solving that are compared; P subdomains where time is cut. */
const methods = (subdomains, spatialSolver) =>
  [
    ["matching, schur", "schur", { kind: "matching" }],
    ["two-level, schur", "schur", { kind: "two-level", subdomains }],
    ["two-level, full-space", "full-space", { kind: "two-level", subdomains }],
    ["multilevel, full-space", "full-space", { kind: "multilevel", subdomains }],
    ["time-diagonalization, schur", "schur", { kind: "time-diagonalization" }],
    ["time-diagonalization, full-space", "full-space", { kind: "time-diagonalization" }],
  ].map(([name, formulation, preconditioner]) => ({ name, choice: { formulation, preconditioner, spatialSolver } }));

function prediction({ n, steps, ranks, network, method: { name, choice } }) {
  const solve = { distributed: distributedChoice(choice, { steps, size: n * n }), spatialSolver: choice.spatialSolver };
  const { seconds, iterations, limit, parts } = predictOnRanks(factsOf(n, steps), solve, ranks, { network });
  return { method: name, ranks, steps, seconds, iterations, limit, parts };
}

/** The fastest way on one rank, of all that the planner knows. */
function bestSerial(n, steps) {
  const { chosen } = planSolve(factsOf(n, steps));
  return { method: describeChoice(chosen), seconds: chosen.predictedSeconds };
}

function strong({ n, steps, subdomains, ranks, spatialSolver, network: name }) {
  const network = networkNamed(name);
  const rows = methods(subdomains, spatialSolver).flatMap((method) => ranks.map((count) => prediction({ n, steps, ranks: count, network, method })));
  return { n, steps, subdomains, spatialSolver, network, serial: bestSerial(n, steps), rows };
}

function weak({ n, stepsOfRank, ranks, spatialSolver, network: name }) {
  const network = networkNamed(name);
  const rows = ranks.flatMap((count) => {
    const steps = stepsOfRank * count;
    const serial = bestSerial(n, steps);
    return methods(Math.max(1, count), spatialSolver).map((method) => ({ ...prediction({ n, steps, ranks: count, network, method }), serial: serial.seconds }));
  });
  return { n, stepsOfRank, spatialSolver, network, rows };
}

const CHOLESKY = { kind: "cholesky" };
const MULTIGRID = { kind: "multigrid", cycles: 2, precision: "single" };
const result = {
  label: "predicted, not measured",
  costs: { machine: measuredCosts.machine, date: measuredCosts.date },
  omega: OMEGA,
  strong: [
    strong({ n: 127, steps: 512, subdomains: 64, ranks: powers(64), spatialSolver: CHOLESKY, network: "shared-memory" }),
    strong({ n: 255, steps: 65536, subdomains: 4096, ranks: powers(4096), spatialSolver: MULTIGRID, network: "cluster" }),
  ],
  weak: [weak({ n: 63, stepsOfRank: 16, ranks: powers(4096), spatialSolver: CHOLESKY, network: "cluster" })],
};
writeFileSync(new URL("results/scaling.json", import.meta.url), `${JSON.stringify(result, undefined, 1)}\n`);
