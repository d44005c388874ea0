import { boxGrid, cg, choleskySolver, diffusionOperator, backwardEuler, gmres, type KrylovSystem } from "@parakkt/core";
import { matching, twoLevel, type Combination } from "@parakkt/precond";
import { schurIterations } from "@parakkt/testing";

const REGULARIZATIONS = [1, 1e-2, 1e-4, 1e-6];

/** ν outside the open inclusion (¼, ½) × (¼, ¾), ten thousand times ν inside, n = 31. */
function inclusionIntegrator(diffusivity: number) {
  const nu = (x: number, y: number): number => diffusivity * (x > 0.25 && x < 0.5 && y > 0.25 && y < 0.75 ? 1e4 : 1);
  const operator = diffusionOperator(boxGrid({ extent: [1, 1], cells: [32, 32] }), nu);
  return backwardEuler({ operator, solver: choleskySolver(operator) });
}

const longGmres = (system: KrylovSystem) => gmres(system, { restart: 200 });

describe.each([1, 1e-2, 1e-4])("inclusion of 1e4, n = 31, N = 128, ν = %d outside, random right-hand side", (diffusivity) => {
  test.each(REGULARIZATIONS)("ω = %d: matching ≤ 14, two levels restricted ≤ 24, additive CG ≤ 33 for P = 1, 2, 4, …, 128", (regularization) => {
    const common = { integrator: inclusionIntegrator(diffusivity), steps: 128, regularization };
    const decomposed = (combination: Combination) => (d: Parameters<typeof twoLevel>[0]) => twoLevel(d, { combination, factor: "dyadic" });
    const found = [1, 2, 4, 8, 16, 32, 64, 128].map((subdomains) => ({
      subdomains,
      restricted: schurIterations({ ...common, subdomains, method: longGmres, preconditioner: decomposed("restricted") }),
      additive: schurIterations({ ...common, subdomains, method: cg, preconditioner: decomposed("additive") }),
    }));
    process.stdout.write(`ν = ${diffusivity}, ω = ${regularization}: ${found.map(({ restricted, additive }) => `${restricted}/${additive}`).join(" ")}\n`);
    expect(schurIterations({ ...common, method: cg, preconditioner: (d) => matching(d, "dyadic") })).toBeLessThanOrEqual(14);
    for (const { restricted, additive } of found) {
      expect(restricted).toBeLessThanOrEqual(24);
      expect(additive).toBeLessThanOrEqual(33);
    }
  });
});
