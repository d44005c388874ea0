import { schurComplement, timeGrid, uniformTimeGrid, type Preconditioner, type SpaceTimeDiscretization, type SweepRow } from "@parakkt/core";
import { coarseCorrection, coarseNodes, matching, matchingRows, multilevel, oneLevel, prolongation, subdomainSolves, twoLevel } from "@parakkt/precond";
import { denseMatrix, modalIntegrator, randomSpaceTimeVector, serialDiscretization, symmetricEigenvalues } from "@parakkt/testing";
import { Matrix, inverse } from "ml-matrix";

const MODES = Float64Array.of(3, 40);
const REGULARIZATION = 1e-2;
const RATE = 1.5 / Math.sqrt(REGULARIZATION);

function discretize(steps: number, subdomains: number, overlap: number): SpaceTimeDiscretization {
  return serialDiscretization({ integrator: modalIntegrator(MODES, 1.5), steps, subdomains, overlap, regularization: REGULARIZATION });
}

/** Row of step n, mode j in the [step][mode] order of the formulas ← index in the storage order. */
function stepOrder({ stateLayout }: SpaceTimeDiscretization): number[] {
  const order: number[] = [];
  for (let n = 1; n <= stateLayout.steps.last; n++) {
    for (let j = 0; j < MODES.length; j++) order.push(stateLayout.offsetOf(n) + j * stateLayout.strideOf(n));
  }
  return order;
}

function denseOf(discretization: SpaceTimeDiscretization, { apply }: Pick<Preconditioner, "apply">): Matrix {
  const order = stepOrder(discretization);
  const stored = discretization.stateLayout.length;
  return denseMatrix(order.length, order.length, (x, out) => {
    const from = new Float64Array(stored);
    const to = new Float64Array(stored);
    order.forEach((index, i) => (from[index] = x[i]));
    apply(from, to);
    order.forEach((index, i) => (out[i] = to[index]));
  });
}

/** Ŝ⁻¹ of the rows first … last, from the formula (C⊗I + W^½⊗L)(…)ᵀ, by dense inversion. */
function denseMatching(discretization: SpaceTimeDiscretization, first: number, last: number): Matrix {
  return inverseOfMatched(matchingRows({ grid: discretization.partition.grid, range: { first, last }, reactionRate: RATE, kind: "exact" }));
}

/** The same of the first subdomain: the last rows of one with δ steps more, which lies in the middle of a longer interval (two-level.md). */
function denseMatchingOfFirst({ partition: { grid, overlap } }: SpaceTimeDiscretization, last: number): Matrix {
  const longer = uniformTimeGrid(grid.step(1).size * (grid.steps + overlap + 1), grid.steps + overlap + 1);
  const rows = matchingRows({ grid: longer, range: { first: 2, last: 1 + overlap + last }, reactionRate: RATE, kind: "exact" });
  return inverseOfMatched(rows.slice(overlap));
}

function inverseOfMatched(rows: readonly SweepRow[]): Matrix {
  const size = rows.length * MODES.length;
  const factor = Matrix.zeros(size, size);
  rows.forEach(({ step, reaction, scale, coupling }, k) => {
    MODES.forEach((mu, j) => {
      const i = k * MODES.length + j;
      factor.set(i, i, (1 + step.size * (mu + reaction)) / scale);
      if (k > 0) factor.set(i, i - MODES.length, -coupling / scale);
    });
  });
  const inverseFactor = inverse(factor);
  return inverseFactor.transpose().mmul(inverseFactor);
}

/** Rᵢ as a matrix: rows first … last of all steps. */
function restriction(steps: number, first: number, last: number): Matrix {
  const size = MODES.length;
  const R = Matrix.zeros((last - first + 1) * size, steps * size);
  for (let i = 0; i < R.rows; i++) R.set(i, (first - 1) * size + i, 1);
  return R;
}

/** Σᵢ Eᵢᵀ Sᵢ⁻¹ Rᵢ with Eᵢ = Rᵢ (extended) or R̃ᵢ (owned). */
function denseLocalSum(discretization: SpaceTimeDiscretization, ownedOnly: boolean): Matrix {
  const { partition } = discretization;
  const { steps } = partition.grid;
  const sum = Matrix.zeros(steps * MODES.length, steps * MODES.length);
  for (let i = 0; i < partition.subdomains; i++) {
    const { first, last } = partition.extended(i);
    const R = restriction(steps, first, last);
    const extend = R.transpose();
    if (ownedOnly) {
      const owned = partition.owned(i);
      for (let row = 0; row < extend.rows; row++) {
        const step = Math.floor(row / MODES.length) + 1;
        if (step < owned.first || step > owned.last) extend.setRow(row, new Array(extend.columns).fill(0));
      }
    }
    const local = first === 1 ? denseMatchingOfFirst(discretization, last) : denseMatching(discretization, first, last);
    sum.add(extend.mmul(local).mmul(R));
  }
  return sum;
}

/** P S₀⁻¹ Pᵀ with hat functions written down independently: one at its node, zero at the neighbours and at T⁺. */
function denseCoarse(discretization: SpaceTimeDiscretization): Matrix {
  const { partition } = discretization;
  const { grid } = partition;
  const nodes = coarseNodes(partition, 1);
  const P = Matrix.zeros(grid.steps * MODES.length, nodes.length * MODES.length);
  nodes.forEach((node, k) => {
    const before = nodes[k - 1];
    const after = nodes[k + 1] ?? grid.steps + 1;
    for (let n = (before ?? node) + 1 - (before === undefined ? 1 : 0); n < after; n++) {
      const hat = n >= node ? (after - n) / (after - node) : (n - before) / (node - before);
      for (let j = 0; j < MODES.length; j++) P.set((n - 1) * MODES.length + j, k * MODES.length + j, hat);
    }
  });
  const coarse = serialDiscretization({ integrator: modalIntegrator(MODES, 1.5), steps: grid.coarsen(nodes), regularization: REGULARIZATION });
  return P.mmul(denseMatching(coarse, 1, nodes.length)).mmul(P.transpose());
}

const distance = (a: Matrix, b: Matrix): number => Matrix.sub(a, b).norm("frobenius") / b.norm("frobenius");

/** Dense inversions of condition up to 1e4 lose four digits. */
const TOLERANCE = 1e-11;

describe.each([
  { steps: 12, subdomains: 3, overlap: 1 },
  { steps: 13, subdomains: 3, overlap: 2 },
  { steps: 23, subdomains: 11, overlap: 2 },
  { steps: 12, subdomains: 4, overlap: 3 },
  { steps: 9, subdomains: 9, overlap: 1 },
  { steps: 12, subdomains: 5, overlap: 0 },
])("with N = $steps, P = $subdomains, δ = $overlap", ({ steps, subdomains, overlap }) => {
  const discretization = discretize(steps, subdomains, overlap);

  test("one level additive is Σ Rᵢᵀ Sᵢ⁻¹ Rᵢ", () => {
    const dense = denseOf(discretization, oneLevel(discretization, { combination: "additive", factor: "exact" }));
    expect(distance(dense, denseLocalSum(discretization, false))).toBeLessThan(TOLERANCE);
  });

  test("two levels additive are the sum of (TL.1), symmetric positive definite", () => {
    const dense = denseOf(discretization, twoLevel(discretization, { combination: "additive", factor: "exact" }));
    const formula = Matrix.add(denseLocalSum(discretization, false), denseCoarse(discretization));
    expect(distance(dense, formula)).toBeLessThan(TOLERANCE);
    expect(distance(dense, dense.transpose())).toBeLessThan(TOLERANCE);
    expect(symmetricEigenvalues(dense)[0]).toBeGreaterThan(0);
  });

  test("two levels restricted are the product of (TL.2)", () => {
    const dense = denseOf(discretization, twoLevel(discretization, { combination: "restricted", factor: "exact" }));
    const S = denseOf(discretization, schurComplement(discretization));
    const coarse = denseCoarse(discretization);
    const remaining = Matrix.sub(Matrix.eye(S.rows), S.mmul(coarse));
    const formula = Matrix.add(coarse, denseLocalSum(discretization, true).mmul(remaining));
    expect(distance(dense, formula)).toBeLessThan(TOLERANCE);
  });
});

test("with one subdomain, two levels and multilevel are matching bit for bit", () => {
  const discretization = discretize(40, 1, 0);
  const residual = randomSpaceTimeVector(discretization.stateLayout, 3);
  const apply = ({ apply }: Preconditioner): Float64Array => {
    const correction = new Float64Array(residual.length);
    apply(residual, correction);
    return correction;
  };
  const whole = apply(matching(discretization, "exact"));
  expect(apply(twoLevel(discretization, { combination: "restricted", factor: "exact" }))).toEqual(whole);
  expect(apply(multilevel(discretization, { combination: "additive", factor: "exact" }))).toEqual(whole);
  expect(apply(matching(discretization, "classical"))).not.toEqual(whole);
});

test("multilevel with a coarse grid of at most serialSteps steps is two-level bit for bit, and differs beyond", () => {
  const discretization = discretize(64, 16, 1);
  const residual = randomSpaceTimeVector(discretization.stateLayout, 5);
  const [two, many, three] = [0, 1, 2].map(() => new Float64Array(residual.length));
  twoLevel(discretization, { combination: "additive", factor: "dyadic" }).apply(residual, two);
  multilevel(discretization, { combination: "additive", factor: "dyadic", serialSteps: 16 }).apply(residual, many);
  multilevel(discretization, { combination: "additive", factor: "dyadic", serialSteps: 4 }).apply(residual, three);
  expect(many).toEqual(two);
  expect(three).not.toEqual(two);
});

test("the lane layout does not change the preconditioner: 11 lanes in groups of 8, 2, 1 give the correction of the formulas in step order", () => {
  const discretization = discretize(46, 11, 1);
  const dense = denseOf(discretization, oneLevel(discretization, { combination: "additive", factor: "exact" }));
  expect(distance(dense, denseLocalSum(discretization, false))).toBeLessThan(TOLERANCE);
});

test("prolongation reproduces linear functions that vanish at the end of the time axis, on unequal steps too, and restriction is its transpose", () => {
  const grid = timeGrid([0, 0.5, 0.6, 1.6, 2, 2.5, 3.5]);
  const fine = serialDiscretization({ integrator: modalIntegrator(MODES), steps: grid, subdomains: 3, regularization: 1 });
  const nodes = coarseNodes(fine.partition, 1);
  const coarse = serialDiscretization({ integrator: modalIntegrator(MODES), steps: grid.coarsen(nodes), regularization: 1 });
  const { prolong, restrict } = prolongation(fine, nodes);
  const linear = (start: number): number => 7 * (3.5 - start);
  const coarseValues = Float64Array.from({ length: coarse.stateLayout.length }, (_, i) => linear(coarse.partition.grid.step(Math.floor(i / 2) + 1).start));
  const fineValues = new Float64Array(fine.stateLayout.length);
  const size = fine.stateLayout.dofs;
  const prolongAll = (x: Float64Array, out: Float64Array): void =>
    prolong((node, state) => (node > nodes.length ? state.fill(0) : state.set(x.subarray((node - 1) * size, node * size))), out);
  const restrictAll = (x: Float64Array, out: Float64Array): void => restrict(x, (node, state) => out.set(state, (node - 1) * size));
  prolongAll(coarseValues, fineValues);
  for (let n = 1; n <= 6; n++) expect(fineValues[fine.stateLayout.offsetOf(n)]).toBeCloseTo(linear(grid.step(n).start), 12);

  const P = denseMatrix(fine.stateLayout.length, coarse.stateLayout.length, prolongAll);
  const R = denseMatrix(coarse.stateLayout.length, fine.stateLayout.length, restrictAll);
  expect(distance(R, P.transpose())).toBeLessThan(1e-15);
});

test("κ nodes a subdomain are evenly spread and begin at its first step", () => {
  const { partition } = discretize(32, 4, 1);
  expect(coarseNodes(partition, 1)).toEqual([1, 9, 17, 25]);
  expect(coarseNodes(partition, 2)).toEqual([1, 5, 9, 13, 17, 21, 25, 29]);
  expect(coarseNodes(partition, 100)).toHaveLength(32);
});

test.each(["exact", "dyadic", "classical"] as const)("the sign of the control scale does not matter: %s matching of −s is that of s", (kind) => {
  const corrections = [1.5, -1.5].map((controlScale) => {
    const discretization = serialDiscretization({ integrator: modalIntegrator(MODES, controlScale), steps: 8, regularization: REGULARIZATION });
    const correction = new Float64Array(discretization.stateLayout.length);
    matching(discretization, kind).apply(randomSpaceTimeVector(discretization.stateLayout, 9), correction);
    return correction;
  });
  expect(corrections[1]).toEqual(corrections[0]);
});

test("κ nodes that do not divide a subdomain sit at the floor of even spacing", () => {
  expect(coarseNodes(discretize(15, 3, 1).partition, 2)).toEqual([1, 3, 6, 8, 11, 13]);
});

test("three levels are the decomposition of the coarse grid into ⌈N_c/m⌉ subdomains with the same overlap, its own coarse grid swept as a whole", () => {
  const options = { combination: "additive", factor: "exact" } as const;
  const discretization = discretize(72, 18, 1);
  const residual = randomSpaceTimeVector(discretization.stateLayout, 6);
  const [found, expected] = [new Float64Array(residual.length), new Float64Array(residual.length)];
  multilevel(discretization, { ...options, serialSteps: 6 }).apply(residual, found);

  const coarse = coarseCorrection(discretization, {
    nodesPerSubdomain: 1,
    subdomainsOf: () => 5,
    inverse(level) {
      expect(level.partition).toMatchObject({ subdomains: 5, overlap: 1 });
      return twoLevel(level, options);
    },
    overlapped: true,
  });
  const local = subdomainSolves(discretization, "exact");
  coarse.restrict(residual);
  coarse.solve();
  coarse.prolong(expected);
  local.begin(residual);
  local.advance(1);
  local.addExtended(expected);
  expect(found).toEqual(expected);
});

test("by default a coarse grid of 64 steps is swept as a whole, and one of 65 is not", () => {
  const options = { combination: "additive", factor: "exact" } as const;
  for (const [subdomains, whole] of [[64, true], [65, false]] as const) {
    const discretization = discretize(2 * subdomains, subdomains, 1);
    const residual = randomSpaceTimeVector(discretization.stateLayout, 8);
    const [many, two] = [new Float64Array(residual.length), new Float64Array(residual.length)];
    multilevel(discretization, options).apply(residual, many);
    twoLevel(discretization, options).apply(residual, two);
    expect(many.every((value, i) => value === two[i])).toBe(whole);
  }
});
