import { cg, euclideanSpace, fgmres, gmres, heapArena, minres, type KrylovMethod, type KrylovSystem } from "@parakkt/core";
import { seededRandom } from "@parakkt/testing";
import { densePreconditioner, denseSystem, geometricSpectrum, symmetricMatrix } from "./krylov-matrices.js";

const n = 50;
const matrix = symmetricMatrix(geometricSpectrum(n, 1000), seededRandom(95));
const inverseOfM = symmetricMatrix(geometricSpectrum(n, 3), seededRandom(96));
const rhs = seededRandom(97).normalVector(n);

interface Tally {
  operator: number;
  preconditioner: number;
  products: number;
  batches: number;
}

/** The system with every part counting what is asked of it. */
function tallied(preconditioned: boolean): { system: KrylovSystem; tally: Tally } {
  const tally: Tally = { operator: 0, preconditioner: 0, products: 0, batches: 0 };
  const { operator } = denseSystem(matrix);
  const preconditioner = densePreconditioner(inverseOfM);
  const space = euclideanSpace(n);
  const counting: KrylovSystem = {
    operator: { ...operator, apply: (x, out) => (tally.operator++, operator.apply(x, out)) },
    space: {
      ...space,
      innerProduct: (x, y) => (tally.products++, tally.batches++, space.innerProduct(x, y)),
      innerProducts: (basis, count, y, out) => ((tally.products += count), tally.batches++, space.innerProducts(basis, count, y, out)),
      axpyInnerProduct: (a, x, y) => (tally.products++, tally.batches++, space.axpyInnerProduct(a, x, y)),
    },
  };
  const apply = (r: Float64Array, z: Float64Array): void => (tally.preconditioner++, preconditioner.apply(r, z));
  return { tally, system: preconditioned ? { ...counting, preconditioner: { ...preconditioner, apply } } : counting };
}

/** Iterations of each cycle when restarted after m of k. */
function cycles(k: number, m: number): number[] {
  return Array.from({ length: Math.ceil(k / m) }, (_, c) => Math.min(m, k - c * m));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Iteration j of a cycle orthogonalises against j vectors twice and takes ‖w‖² along: 2(j + 1) products; the rest is in the docstrings. */
function arnoldiCounts(k: number, m: number, perCycle: { preconditioner: number }) {
  const parts = cycles(k, m);
  return {
    operatorApplications: k + parts.length + 1,
    preconditionerApplications: k + parts.length * perCycle.preconditioner,
    innerProducts: sum(parts.map((length) => length * (length + 3) + 2)) + 1,
    reductions: 2 * k + 2 * parts.length + 1,
  };
}

type Formula = (k: number, preconditioned: boolean) => { operatorApplications: number; preconditionerApplications: number; innerProducts: number; reductions: number };

const cases: [string, (system: KrylovSystem) => KrylovMethod, Formula][] = [
  ["cg", cg, (k, preconditioned) => {
    const innerProducts = (preconditioned ? 3 : 2) * k + 2;
    return { operatorApplications: k + 2, preconditionerApplications: k, innerProducts, reductions: innerProducts };
  }],
  ["minres", minres, (k, preconditioned) => {
    const innerProducts = 2 * k + (preconditioned ? 4 : 2);
    return { operatorApplications: k + 2, preconditionerApplications: k + 2, innerProducts, reductions: innerProducts };
  }],
  ["gmres", (system) => gmres(system, { restart: 7 }), (k) => arnoldiCounts(k, 7, { preconditioner: 1 })],
  ["fgmres", (system) => fgmres(system, { restart: 7 }), (k) => arnoldiCounts(k, 7, { preconditioner: 0 })],
];

describe.each(cases)("the counts of %s", (_, create, formula) => {
  test.each([true, false])("are those of its documentation and of the parts themselves (preconditioned: %s)", (preconditioned) => {
    for (const maxIterations of [1, 2, 6, 7, 8, 20]) {
      const { system, tally } = tallied(preconditioned);
      const { counts, iterations } = create(system).solve(rhs, new Float64Array(n), { maxIterations, relativeTolerance: 1e-14 });
      expect(iterations).toBe(maxIterations);
      const expected = formula(maxIterations, preconditioned);
      expect(counts).toEqual(preconditioned ? expected : { ...expected, preconditionerApplications: 0 });
      const { operator, preconditioner, products, batches } = tally;
      expect(counts).toEqual({ operatorApplications: operator, preconditionerApplications: preconditioner, innerProducts: products, reductions: batches });
    }
  });

  test("begin again with every solve", () => {
    const method = create(tallied(true).system);
    const first = method.solve(rhs, new Float64Array(n), { maxIterations: 5 });
    expect(method.solve(rhs, new Float64Array(n), { maxIterations: 5 }).counts).toEqual(first.counts);
  });
});

describe("storage", () => {
  const workOf = (m: number): number => (m * (m + 1)) / 2 + 6 * m + 3;

  test.each([
    ["cg", cg, 3 * n, 0],
    ["minres", minres, 6 * n, 0],
    ["gmres", (system: KrylovSystem) => gmres(system, { restart: 12 }), n + workOf(12), 11 * n],
    ["fgmres", (system: KrylovSystem) => fgmres(system, { restart: 12 }), workOf(12), 21 * n],
  ] as const)("of %s is its documented formula, basis columns apart", (_, create, storage, columnsOfTenIterations) => {
    const arena = heapArena();
    const method = create({ ...tallied(true).system, arena });
    expect(method.storage).toBe(storage);
    expect(arena.allocatedDoubles).toBe(storage);
    method.solve(rhs, new Float64Array(n), { maxIterations: 10 });
    expect(arena.allocatedDoubles).toBe(storage + columnsOfTenIterations);
  });

  test("of restarted methods is bounded by the restart length however long they run", () => {
    const arenas = [heapArena(), heapArena()];
    const { system } = tallied(true);
    gmres({ ...system, arena: arenas[0] }, { restart: 4 }).solve(rhs, new Float64Array(n), { maxIterations: 40, relativeTolerance: 1e-14 });
    fgmres({ ...system, arena: arenas[1] }, { restart: 4 }).solve(rhs, new Float64Array(n), { maxIterations: 40, relativeTolerance: 1e-14 });
    expect(arenas[0].allocatedDoubles).toBe(workOf(4) + n + 5 * n);
    expect(arenas[1].allocatedDoubles).toBe(workOf(4) + 9 * n);
  });

  test("of GMRES without preconditioner is the small arrays alone", () => {
    const { system } = tallied(false);
    expect(gmres(system, { restart: 12 }).storage).toBe(workOf(12));
  });
});
