import { heapArena, schurComplement, serialCommunicator, spaceTimeDiscretization, timeIntegration, timePartition, uniformTimeGrid } from "@parakkt/core";
import { decayingIntegrator, euclideanNorm, modalIntegrator, seededRandom } from "@parakkt/testing";
import { Matrix, solve } from "ml-matrix";
import { stateRowExpectation } from "../dist/kkt/state-row-expectation.js";

const [DURATION, STEPS] = [2, 24];
const EIGENVALUES = Float64Array.of(5, 1e5);

interface Setting {
  readonly regularization: number;
  readonly integrator?: ReturnType<typeof modalIntegrator>;
}

/** ‖W J⁻¹r‖, what is expected of it with the energy rᵀS⁻¹r, and √τ times the root of that energy, all in the unit of the state row, 1/T. */
function measured({ regularization, integrator = decayingIntegrator(EIGENVALUES) }: Setting, r: Float64Array) {
  const discretization = spaceTimeDiscretization({
    ...{ integrator, regularization, communicator: serialCommunicator(), arena: heapArena() },
    partition: timePartition(uniformTimeGrid(DURATION, STEPS), 1, 0),
  });
  const { apply } = schurComplement(discretization);
  const columns = Array.from(r, (_, j) => {
    const image = new Float64Array(r.length);
    apply(Float64Array.from(r, (__, i) => Number(i === j)), image);
    return [...image];
  });
  const solved = solve(new Matrix(columns).transpose(), Matrix.columnVector(r)).to1DArray();
  const energy = r.reduce((sum, value, i) => sum + value * solved[i], 0);
  const e = r.slice();
  timeIntegration(discretization).forward(e);
  const step = DURATION / STEPS;
  return { row: (step * euclideanNorm(e)) / DURATION, expected: stateRowExpectation(discretization)(energy), lower: Math.sqrt(step * energy) / DURATION };
}

const size = STEPS * EIGENVALUES.length;
const random = seededRandom(7).normalVector(size);
/** Entries of one mode in all steps, with the values of a function of the step. */
const inMode = (mode: number, value: (n: number) => number): Float64Array =>
  Float64Array.from({ length: size }, (_, i) => (i % EIGENVALUES.length === mode ? value(Math.floor(i / EIGENVALUES.length)) : 0));
/** What enters the slowest mode from one direction throughout. */
const slow = inMode(0, () => 1);
const stiff = inMode(1, (n) => random[n]);

describe.each([1, 1e-2, 1e-4, 1e-8])("the state row that rᵀS⁻¹r lets expect (KKT.5), ω = %f,", (regularization) => {
  test.each([
    ["random", random],
    ["slow", slow],
    ["stiff", stiff],
  ])("lies between bounds as the row itself does, %s r", (_, r) => {
    const { row, expected, lower } = measured({ regularization }, r);
    const upper = expected ** 2 / lower;
    expect(row).toBeGreaterThanOrEqual(lower * (1 - 1e-9));
    expect(row).toBeLessThanOrEqual(upper * 1.05);
    expect(expected).toBeGreaterThanOrEqual(lower);
  });
});

test("both bounds are sharp: stiff modes are at the lower one, the slowest one is at the upper one where ω is small", () => {
  const stiffly = measured({ regularization: 1e-4 }, stiff);
  expect(stiffly.row).toBeLessThan(1.01 * stiffly.lower);
  const slowly = measured({ regularization: 1e-8 }, slow);
  expect(slowly.row).toBeGreaterThan((0.5 * slowly.expected ** 2) / slowly.lower);
});

test("an integrator that does not tell its slowest decay is expected to have a slower one (negative control of the upper bound)", () => {
  const [told, untold] = [measured({ regularization: 1e-4 }, random), measured({ regularization: 1e-4, integrator: modalIntegrator(EIGENVALUES) }, random)];
  expect(untold.row).toBe(told.row);
  expect(untold.expected).toBeGreaterThan(1.5 * told.expected);
});
