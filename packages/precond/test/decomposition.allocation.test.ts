import { heapArena, serialCommunicator, spaceTimeDiscretization, timePartition, uniformTimeGrid, schurComplement, type SpaceTimeDiscretization } from "@parakkt/core";
import { kktBlockDiagonal, kktBlockElimination, matching, oneLevel, twoLevel, multilevel } from "@parakkt/precond";
import { modalIntegrator } from "@parakkt/testing";

const MODES = Float64Array.from({ length: 6 }, (_, k) => 10 * (k + 1));

function discretize(steps: number, subdomains: number, overlap: number): SpaceTimeDiscretization {
  return spaceTimeDiscretization({
    integrator: modalIntegrator(MODES),
    partition: timePartition(uniformTimeGrid(1, steps), subdomains, overlap),
    regularization: 1e-2,
    communicator: serialCommunicator(),
    arena: heapArena(),
  });
}

/** Doubles that `create` takes from the arena. */
function storageOf(discretization: SpaceTimeDiscretization, create: (discretization: SpaceTimeDiscretization) => unknown): number {
  const before = discretization.arena.allocatedDoubles;
  create(discretization);
  return discretization.arena.allocatedDoubles - before;
}

/** The documented formulas, n dofs a state and a control, P a multiple of 8. */
const n = MODES.length;
const matchingStorage = (): number => 4 * n;
const subdomainStorage = (P: number, m: number, delta: number): number => P * (m + 2 * delta) * n + ((P / 8) * 4 + 2) * n;
const discretizationStorage = (): number => 7 * n;
const coarseStorage = (nodes: number): number => (2 * nodes + 8) * n + discretizationStorage() + matchingStorage();
const schurStorage = (N: number): number => 3 * N * n;

describe.each([
  [64, 8, 1],
  [96, 16, 2],
])("storage for N = %i, P = %i, δ = %i equals its formula", (N, P, delta) => {
  const discretization = (): SpaceTimeDiscretization => discretize(N, P, delta);
  const m = N / P;

  test("matching: four states", () => {
    expect(storageOf(discretization(), (d) => matching(d, "exact"))).toBe(matchingStorage());
  });
  test("one level: P(m + 2δ) states, four a lane group, two", () => {
    expect(storageOf(discretization(), (d) => oneLevel(d, { combination: "additive", factor: "exact" }))).toBe(subdomainStorage(P, m, delta));
  });
  test("two levels additive: one level, two coarse series, the coarse sweep", () => {
    const expected = subdomainStorage(P, m, delta) + coarseStorage(P);
    expect(storageOf(discretization(), (d) => twoLevel(d, { combination: "additive", factor: "exact" }))).toBe(expected);
  });
  test("two levels restricted: the same, the work of S, and one series", () => {
    const expected = subdomainStorage(P, m, delta) + coarseStorage(P) + schurStorage(N) + N * n;
    expect(storageOf(discretization(), (d) => twoLevel(d, { combination: "restricted", factor: "exact" }))).toBe(expected);
  });
  test("block elimination: three state series and one control series; block diagonal: nothing", () => {
    const inverse = { size: N * n, stationary: true, symmetric: true, apply: () => undefined };
    expect(storageOf(discretization(), (d) => kktBlockElimination(d, inverse))).toBe(3 * N * n);
    expect(storageOf(discretization(), (d) => kktBlockDiagonal(d, inverse))).toBe(0);
  });
});

test("no preconditioner allocates an array buffer after set-up", () => {
  const discretization = discretize(512, 64, 1);
  const size = discretization.stateLayout.length;
  const [r, y] = [new Float64Array(size).fill(1), new Float64Array(size)];
  const schur = schurComplement(discretization);
  const applied = [
    twoLevel(discretization, { combination: "restricted", factor: "dyadic" }),
    multilevel(discretization, { combination: "additive", factor: "dyadic", serialSteps: 16 }),
    matching(discretization, "dyadic"),
    schur,
  ];
  const applyAll = (): void => applied.forEach(({ apply }) => apply(r, y));
  applyAll();
  const before = process.memoryUsage().arrayBuffers;
  for (let k = 0; k < 20; k++) applyAll();
  expect(process.memoryUsage().arrayBuffers).toBeLessThanOrEqual(before);
});

test("an allocating apply is seen by the measure used here", () => {
  const before = process.memoryUsage().arrayBuffers;
  const kept = Array.from({ length: 20 }, () => new Float64Array(512));
  expect(process.memoryUsage().arrayBuffers - before).toBeGreaterThanOrEqual(kept.length * 512 * 8);
});
