import { cg, gmres, type KrylovSystem, type SpaceTimeDiscretization } from "@parakkt/core";
import { matching, twoLevel, type Combination } from "@parakkt/precond";
import { modalIntegrator, schurIterations, squareEigenvalues } from "@parakkt/testing";

const REGULARIZATIONS = [1, 1e-2, 1e-4, 1e-6];
const longGmres = (system: KrylovSystem) => gmres(system, { restart: 200 });
const decomposed = (combination: Combination) => (d: SpaceTimeDiscretization) => twoLevel(d, { combination, factor: "dyadic" });

describe.each([1, 1e-2, 1e-4])("n = 31, N = 128, ν = %d, random right-hand side", (diffusivity) => {
  const integrator = modalIntegrator(squareEigenvalues(31, diffusivity));
  test.each(REGULARIZATIONS)("ω = %d: matching ≤ 14, two levels restricted ≤ 24, additive CG ≤ 28 for P = 1, 2, 4, …, 128", (regularization) => {
    expect(schurIterations({ integrator, steps: 128, regularization, method: cg, preconditioner: (d) => matching(d, "exact") })).toBeLessThanOrEqual(14);
    for (let subdomains = 1; subdomains <= 128; subdomains *= 2) {
      const common = { integrator, steps: 128, subdomains, regularization };
      expect(schurIterations({ ...common, method: longGmres, preconditioner: decomposed("restricted") })).toBeLessThanOrEqual(24);
      expect(schurIterations({ ...common, method: cg, preconditioner: decomposed("additive") })).toBeLessThanOrEqual(28);
    }
  });
});
