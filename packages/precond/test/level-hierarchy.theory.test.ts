import { cg, fgmres, type KrylovSystem } from "@parakkt/core";
import { chooseCoarsening, hierarchyCost, multilevel, timeLevels, type Combination, type FinestLevel, type HierarchyCosts } from "@parakkt/precond";
import { modalIntegrator, schurIterations } from "@parakkt/testing";
import fc from "fast-check";
import { lineEigenvalues } from "./line-eigenvalues.js";

const finestOf = (subdomains: number, m = 16, combination: Combination = "restricted"): FinestLevel & HierarchyCosts => ({
  steps: m * subdomains,
  subdomains,
  nodesPerSubdomain: 1,
  overlap: 1,
  combination,
});

describe("the hierarchy of time grids", () => {
  test("goes from the finest grid to one that is swept as a whole, each coarser one shorter, with κ steps a subdomain", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 100 }), (subdomains, m, stepsPerSubdomain, serialSteps) => {
        const levels = timeLevels(finestOf(subdomains, m), { stepsPerSubdomain, serialSteps });
        expect(levels[0]).toEqual({ steps: m * subdomains, subdomains });
        expect(levels[levels.length - 1].subdomains).toBe(1);
        levels.slice(1).forEach(({ steps, subdomains: pieces }, l) => {
          expect(steps).toBe(levels[l].subdomains);
          if (pieces > 1) expect(steps).toBeGreaterThan(serialSteps);
          if (pieces > 1) expect(pieces).toBeLessThan(steps);
        });
      }),
    );
  });

  test("is the shortest of all that are compared, and its critical path grows like log P where two levels grow like P (LEV.1)", () => {
    const cost = (subdomains: number): number => {
      const finest = finestOf(subdomains);
      return hierarchyCost(timeLevels(finest, chooseCoarsening(finest)), finest);
    };
    for (const subdomains of [8, 64, 512, 4096, 32768]) {
      const finest = finestOf(subdomains);
      for (const stepsPerSubdomain of [4, 16, 64]) {
        for (const serialSteps of [1, 16, 64, subdomains]) {
          expect(cost(subdomains)).toBeLessThanOrEqual(hierarchyCost(timeLevels(finest, { stepsPerSubdomain, serialSteps }), finest));
        }
      }
    }
    expect(cost(32768) - cost(4096)).toBeLessThan(2 * (cost(4096) - cost(512)));
    expect(hierarchyCost([{ steps: 16 * 32768, subdomains: 32768 }, { steps: 32768, subdomains: 1 }], finestOf(32768))).toBeGreaterThan(100 * cost(32768));
  });

  test("keeps what is fixed, and takes fewer levels where messages are slow", () => {
    const finest = finestOf(1024);
    expect(chooseCoarsening(finest, { serialSteps: 64 }).serialSteps).toBe(64);
    expect(chooseCoarsening(finest, { stepsPerSubdomain: 4 }).stepsPerSubdomain).toBe(4);
    const levels = (latency: number): number => timeLevels(finest, chooseCoarsening({ ...finest, latency })).length;
    expect(levels(1000)).toBeLessThan(levels(0));
  });

  test("of one subdomain is that grid alone", () => {
    expect(timeLevels(finestOf(1), chooseCoarsening(finestOf(1)))).toHaveLength(1);
  });
});

describe("weak scaling by counts, m = 16, 1-D, n = 63, chosen hierarchy", () => {
  const longFgmres = (system: KrylovSystem) => fgmres(system, { restart: 60 });
  const count = (subdomains: number, { nu, omega, combination }: { nu: number; omega: number; combination: Combination }): number =>
    schurIterations({
      integrator: modalIntegrator(lineEigenvalues(63, nu).filter((_, k) => k < 4 || k % 8 === 0)),
      steps: 16 * subdomains,
      subdomains,
      regularization: omega,
      method: combination === "restricted" ? longFgmres : cg,
      preconditioner: (d) => multilevel(d, { combination, factor: "dyadic", ...chooseCoarsening(finestOf(subdomains, 16, combination)) }),
    });

  test.each([1, 1e-2, 1e-4])("ν = %d: at most 20 restricted and 25 additive for P = 8 and 128", (nu) => {
    for (const omega of [1, 1e-4, 1e-6]) {
      for (const subdomains of [8, 128]) {
        expect(count(subdomains, { nu, omega, combination: "restricted" })).toBeLessThanOrEqual(20);
        expect(count(subdomains, { nu, omega, combination: "additive" })).toBeLessThanOrEqual(25);
      }
    }
  });
});
