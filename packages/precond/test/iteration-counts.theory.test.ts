import { cg, gmres, type KrylovSystem } from "@parakkt/core";
import { matching, multilevel, oneLevel, twoLevel, type Combination, type MatchingFactorKind } from "@parakkt/precond";
import { modalIntegrator, sampledModes, schurIterations, squareEigenvalues } from "@parakkt/testing";
import { lineEigenvalues } from "./line-eigenvalues.js";

const DIFFUSIVITIES = [1, 1e-2, 1e-4];
const REGULARIZATIONS = [1, 1e-2, 1e-4, 1e-6];
const longGmres = (system: KrylovSystem) => gmres(system, { restart: 200 });

interface Row {
  readonly method: "cg" | "gmres";
  readonly steps: number;
  readonly subdomains: number;
  readonly preconditioner: Parameters<typeof schurIterations>[0]["preconditioner"];
}

/** Counts for all diffusivities and regularizations on 48 sampled modes of n = 63. */
function counts({ method, steps, subdomains, preconditioner }: Row): number[] {
  return DIFFUSIVITIES.flatMap((diffusivity) => {
    const integrator = modalIntegrator(sampledModes(squareEigenvalues(63, diffusivity), 48));
    return REGULARIZATIONS.map((regularization) =>
      schurIterations({ integrator, steps, subdomains, regularization, method: method === "cg" ? cg : longGmres, preconditioner }),
    );
  });
}

function expectNear(found: readonly number[], reference: readonly number[], distance = 2): void {
  const far = found.filter((count, i) => !(Math.abs(count - reference[i]) <= distance));
  if (far.length > 0) throw new Error(`counts ${found.join(" ")} against reference ${reference.join(" ")}`);
}

const decomposed = (combination: Combination, factor: MatchingFactorKind): Row["preconditioner"] => (d) => twoLevel(d, { combination, factor });

describe("GMRES on S, N = 512, 48 sampled modes of n = 63, ν = 1, 1e-2, 1e-4 × ω = 1, 1e-2, 1e-4, 1e-6", () => {
  test("classical matching needs the reference counts (SCH.3)", () => {
    const found = counts({ method: "gmres", steps: 512, subdomains: 1, preconditioner: (d) => matching(d, "classical") });
    expectNear(found, [5, 9, 11, 11, 9, 10, 11, 11, 9, 8, 7, 11]);
  });

  test("exact-in-time matching with CG needs the reference counts (TAP.1)", () => {
    const found = counts({ method: "cg", steps: 512, subdomains: 1, preconditioner: (d) => matching(d, "exact") });
    expectNear(found, [5, 10, 11, 11, 6, 11, 11, 9, 6, 8, 5, 3]);
  });

  test.each([
    [8, [19, 19, 16, 11, 21, 21, 18, 9, 13, 15, 12, 4]],
    [32, [15, 15, 14, 11, 17, 17, 15, 9, 12, 14, 11, 4]],
    [128, [13, 14, 14, 10, 14, 17, 15, 8, 12, 14, 11, 5]],
  ])("two levels restricted, dyadic, P = %i (TL.2)", (subdomains, reference) => {
    expectNear(counts({ method: "gmres", steps: 512, subdomains, preconditioner: decomposed("restricted", "dyadic") }), reference);
  });

  test.each([
    [8, [24, 24, 22, 17, 23, 23, 20, 15, 15, 18, 16, 11]],
    [32, [19, 19, 19, 18, 18, 19, 17, 16, 15, 17, 14, 12]],
    [128, [15, 19, 19, 18, 16, 22, 18, 16, 16, 19, 15, 13]],
  ])("two levels additive with CG, dyadic, P = %i (TL.1)", (subdomains, reference) => {
    expectNear(counts({ method: "cg", steps: 512, subdomains, preconditioner: decomposed("additive", "dyadic") }), reference);
  });

  test("one level with natural local solves fails for large ω: why there is a coarse grid", () => {
    const integrator = modalIntegrator(sampledModes(squareEigenvalues(63, 1e-2), 48));
    const iterations = schurIterations({
      integrator,
      steps: 512,
      subdomains: 32,
      regularization: 1,
      method: longGmres,
      preconditioner: (d) => oneLevel(d, { combination: "restricted", factor: "classical" }),
    });
    expect(iterations).toBe(Infinity);
  });

  test("two levels with natural local solves fail where tapered ones need 14: why the taper is the default", () => {
    const integrator = modalIntegrator(sampledModes(squareEigenvalues(63, 1e-2), 48));
    const common = { integrator, steps: 512, subdomains: 128, regularization: 1, method: longGmres };
    expect(schurIterations({ ...common, preconditioner: decomposed("restricted", "classical") })).toBe(Infinity);
    expect(schurIterations({ ...common, preconditioner: decomposed("restricted", "dyadic") })).toBeLessThanOrEqual(16);
  });
});

describe("when P does not divide N, n = 31, ν = 1, ω = 1e-1", () => {
  const integrator = modalIntegrator(squareEigenvalues(31, 1));
  test.each([
    [101, 7, 12, 17],
    [127, 16, 11, 16],
    [100, 64, 10, 19],
  ])("N = %i, P = %i needs %i iterations restricted and %i additive, ± 2", (steps, subdomains, restricted, additive) => {
    const common = { integrator, steps, subdomains, regularization: 1e-1 };
    expectNear([schurIterations({ ...common, method: longGmres, preconditioner: decomposed("restricted", "dyadic") })], [restricted]);
    expectNear([schurIterations({ ...common, method: cg, preconditioner: decomposed("additive", "dyadic") })], [additive]);
  });
});

test("multilevel at N = 4096 (1-D, n = 63) needs at most 26 iterations for every ν and ω", () => {
  for (const diffusivity of DIFFUSIVITIES) {
    const integrator = modalIntegrator(lineEigenvalues(63, diffusivity));
    for (const regularization of REGULARIZATIONS) {
      const common = { integrator, steps: 4096, subdomains: 256, regularization };
      const restricted = schurIterations({ ...common, method: longGmres, preconditioner: (d) => multilevel(d, { combination: "restricted", factor: "dyadic" }) });
      const additive = schurIterations({ ...common, method: cg, preconditioner: (d) => multilevel(d, { combination: "additive", factor: "dyadic" }) });
      expect(restricted).toBeLessThanOrEqual(26);
      expect(additive).toBeLessThanOrEqual(26);
    }
  }
});
