import { fgmres, type KrylovSystem, type Preconditioner, type SpaceTimeDiscretization } from "@parakkt/core";
import { chooseCoarsening, multilevel, twoLevel } from "@parakkt/precond";
import { modalIntegrator, sampledModes, schurIterations } from "@parakkt/testing";
import { lineEigenvalues } from "./line-eigenvalues.js";

const M = 16;
const longFgmres = (system: KrylovSystem) => fgmres(system, { restart: 60 });
const cases = [1, 1e-2, 1e-4].flatMap((nu) => [1, 1e-4, 1e-6].map((omega) => ({ nu, omega })));

/** Counts for all ν and ω with m = 16 steps a subdomain. */
function counts(subdomains: number, preconditioner: (d: SpaceTimeDiscretization) => Preconditioner): number[] {
  const found = cases.map(({ nu, omega }) =>
    schurIterations({ integrator: modalIntegrator(sampledModes(lineEigenvalues(63, nu), 24)), steps: M * subdomains, subdomains, regularization: omega, method: longFgmres, preconditioner }),
  );
  process.stdout.write(`P = ${subdomains}: ${found.join(" ")}\n`);
  return found;
}

const two = (d: SpaceTimeDiscretization): Preconditioner => twoLevel(d, { combination: "restricted", factor: "dyadic" });
const many = (d: SpaceTimeDiscretization): Preconditioner => {
  const { grid, subdomains, overlap } = d.partition;
  const rule = chooseCoarsening({ steps: grid.steps, subdomains, overlap, nodesPerSubdomain: 1, combination: "restricted" });
  return multilevel(d, { combination: "restricted", factor: "dyadic", ...rule });
};

describe("weak scaling by counts, m = 16, restricted FGMRES to 1e-8, ν = 1, 1e-2, 1e-4 × ω = 1, 1e-4, 1e-6", () => {
  test.each([
    ["two levels", 20, two],
    ["the chosen hierarchy", 22, many],
  ])("%s: at most %i iterations for P = 8 … 1024, and at most 3 more at P = 1024 than at P = 256", (_name, most, preconditioner) => {
    const found = [8, 16, 32, 64, 128, 256, 512, 1024].map((subdomains) => counts(subdomains, preconditioner));
    for (const row of found) expect(Math.max(...row)).toBeLessThanOrEqual(most);
    const [at256, , at1024] = found.slice(5);
    at1024.forEach((count, i) => expect(count - at256[i]).toBeLessThanOrEqual(3));
  });
});
