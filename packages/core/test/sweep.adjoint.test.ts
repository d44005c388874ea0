import { genericSweep, heapArena, timeIntegration, uniformTimeGrid, type SweepLane, type SweepRow, type TimeGrid } from "@parakkt/core";
import { adjointDefect, denseIntegrator, denseMatrix, denseRow, differingBits, roundingBound, seededRandom, stepOrderMatrix } from "@parakkt/testing";
import { inverse, Matrix } from "ml-matrix";
import { denseMatrices, discretize, matrixDistance, randomScheme, unequalGrid } from "./dense-optimal-control.js";

const DOFS = 3;
const scheme = randomScheme(21);
const integrator = denseIntegrator(scheme);
const grid = unequalGrid(12);
/** Chains of up to 12 solves of 3 unknowns. */
const SWEPT = roundingBound(1000);
const IDENTITY = roundingBound(200);

/** Steps first … last with reactions, scales and couplings that are all different, κ'ₖ = κₖ₊₁ σₖ/σₖ₊₁ unless told otherwise. */
function rowsOf(first: number, last: number, seed: number): SweepRow[] {
  const random = seededRandom(seed);
  const positive = (): number => 0.5 + random.uniform();
  const rows = Array.from({ length: last - first + 1 }, (_, k) => ({ step: grid.step(first + k), reaction: 10 * random.uniform(), scale: positive(), coupling: positive() }));
  return rows.map((row, k) => ({ ...row, adjointCoupling: k + 1 < rows.length ? (rows[k + 1].coupling * row.scale) / rows[k + 1].scale : 0 }));
}

/** Lanes stored as [row][dof][lane]. */
function interleaved(lanes: readonly (readonly SweepRow[])[]): SweepLane[] {
  return lanes.map((rows, lane) => ({ rows, offsets: rows.map((_, k) => k * DOFS * lanes.length + lane), strides: rows.map(() => lanes.length) }));
}

/** M⁻¹ Σ with M block lower bidiagonal: Lₖ with reaction on the diagonal, −κₖ Rₖ below it, Σ = diag(σₖ). */
function forwardMatrix(rows: readonly SweepRow[]): Matrix {
  const size = rows.length * DOFS;
  const [system, scales] = [Matrix.zeros(size, size), Matrix.zeros(size, size)];
  rows.forEach(({ step, reaction, scale, coupling }, k) => {
    const { left, right } = denseRow(scheme, step, reaction);
    system.setSubMatrix(left, k * DOFS, k * DOFS);
    if (k > 0) system.setSubMatrix(Matrix.mul(right, -coupling), k * DOFS, (k - 1) * DOFS);
    scales.setSubMatrix(Matrix.eye(DOFS).mul(scale), k * DOFS, k * DOFS);
  });
  return inverse(system).mmul(scales);
}

const inPlace = (sweep: (x: Float64Array) => void) => (x: Float64Array, out: Float64Array): void => {
  out.set(x);
  sweep(out);
};

const matrixOf = (sweep: (x: Float64Array) => void, size: number): Matrix => denseMatrix(size, size, inPlace(sweep));

describe("a sweep over one lane", () => {
  const rows = rowsOf(1, 12, 1);
  const sweep = genericSweep(integrator, interleaved([rows]), heapArena());
  const size = rows.length * DOFS;

  test("forward is the dense block bidiagonal solve with its reactions, scales and couplings", () => {
    expect(matrixDistance(matrixOf(sweep.forward, size), forwardMatrix(rows))).toBeLessThanOrEqual(SWEPT);
  });

  test("adjoint is the transpose of forward when κ'ₖ = κₖ₊₁ σₖ/σₖ₊₁", () => {
    expect(matrixDistance(matrixOf(sweep.adjoint, size), forwardMatrix(rows).transpose())).toBeLessThanOrEqual(SWEPT);
    const [x, y] = [seededRandom(1).normalVector(size), seededRandom(2).normalVector(size)];
    expect(adjointDefect({ apply: inPlace(sweep.forward), applyTranspose: inPlace(sweep.adjoint) }, x, y)).toBeLessThanOrEqual(IDENTITY);
  });

  test("adjoint is another map with the couplings of the forward sweep (negative control)", () => {
    const wrong = genericSweep(integrator, interleaved([rows.map((row) => ({ ...row, adjointCoupling: row.coupling }))]), heapArena());
    const [x, y] = [seededRandom(1).normalVector(size), seededRandom(2).normalVector(size)];
    expect(adjointDefect({ apply: inPlace(wrong.forward), applyTranspose: inPlace(wrong.adjoint) }, x, y)).toBeGreaterThan(1e-4);
  });

  test("starts from nothing each time", () => {
    const x = seededRandom(3).normalVector(size);
    const [first, second] = [x.slice(), x.slice()];
    sweep.forward(first);
    sweep.adjoint(first);
    sweep.forward(second);
    sweep.adjoint(second);
    expect(differingBits(first, second)).toBe(0);
  });

  test("ignores the coupling of its first row and the adjoint coupling of its last", () => {
    const edges = rows.map((row, k) => ({ ...row, ...(k === 0 && { coupling: 99 }), ...(k === rows.length - 1 && { adjointCoupling: 99 }) }));
    const other = genericSweep(integrator, interleaved([edges]), heapArena());
    for (const direction of ["forward", "adjoint"] as const) {
      const [x, y] = [seededRandom(4).normalVector(size), seededRandom(4).normalVector(size)];
      sweep[direction](x);
      other[direction](y);
      expect(differingBits(x, y)).toBe(0);
    }
  });
});

describe("a sweep over several lanes", () => {
  const lanes = [rowsOf(1, 4, 2), rowsOf(3, 8, 3), rowsOf(8, 12, 4), rowsOf(2, 2, 5)];
  const length = 6 * DOFS * lanes.length;
  const together = genericSweep(integrator, interleaved(lanes), heapArena());

  test.each(["forward", "adjoint"] as const)("%s does to every lane what a sweep of its own does, and leaves the padding alone", (direction) => {
    const x = seededRandom(6).normalVector(length);
    const expected = x.slice();
    together[direction](x);
    for (const lane of interleaved(lanes)) genericSweep(integrator, [lane], heapArena())[direction](expected);
    expect(differingBits(x, expected)).toBe(0);
  });

  test("asks for one integrator per distinct reaction, none for reaction zero, so that factorisations are shared", () => {
    const asked: number[] = [];
    const watched = { ...integrator, withReaction: (reaction: number) => (asked.push(reaction), integrator.withReaction(reaction)) };
    const shared = lanes.slice(0, 3).map((rows) => rows.map((row, k) => ({ ...row, reaction: [0, 2, 5][k % 3] })));
    genericSweep(watched, interleaved(shared), heapArena());
    expect(asked.sort()).toEqual([2, 5]);
  });

  test("takes four states from the arena", () => {
    const arena = heapArena();
    genericSweep(integrator, interleaved(lanes), arena);
    expect(arena.allocatedDoubles).toBe(4 * DOFS);
  });
});

describe.each<[string, TimeGrid]>([
  ["equal", uniformTimeGrid(1, 9)],
  ["unequal", unequalGrid(9)],
])("a time integration over %s steps", (_name, steps) => {
  const problem = { scheme, grid: steps, regularization: 1 };
  const { jacobian } = denseMatrices(problem);

  test.each([1, 4, 5])("solves with J and Jᵀ, P = %i", (subdomains) => {
    const discretization = discretize(problem, subdomains);
    const { stateLayout } = discretization;
    const integration = timeIntegration(discretization);
    const matrix = (sweep: (x: Float64Array) => void): Matrix => stepOrderMatrix({ from: [stateLayout], to: [stateLayout] }, inPlace(sweep));
    expect(matrixDistance(matrix(integration.forward), inverse(jacobian))).toBeLessThanOrEqual(SWEPT);
    expect(matrixDistance(matrix(integration.adjoint), inverse(jacobian.transpose()))).toBeLessThanOrEqual(SWEPT);
  });
});
