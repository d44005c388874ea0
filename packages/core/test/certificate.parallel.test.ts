import {
  certify,
  heapArena,
  kktFields,
  kktRightHandSide,
  kktSystem,
  serialCommunicator,
  spaceTimeDiscretization,
  timePartition,
  writeStep,
  type Communicator,
  type Certificate,
  type OptimalControlProblem,
  type SpaceTimeDiscretization,
  type SpaceTimeLayout,
} from "@parakkt/core";
import { denseIntegrator, roundingBound, seededRandom, simulateRanks } from "@parakkt/testing";
import { randomScheme, unequalGrid } from "./dense-optimal-control.js";

const [stateSize, controlSize] = [4, 3];
const stepValues = (seed: number, n: number, dofs: number): Float64Array => seededRandom(1000 * seed + n).normalVector(dofs);

const problem: OptimalControlProblem = {
  grid: unequalGrid(14),
  integrator: denseIntegrator(randomScheme(6, stateSize, controlSize)),
  regularization: 0.02,
  initialState: stepValues(1, 0, stateSize),
  target: ({ index }, out) => out.set(stepValues(2, index, stateSize)),
  forcing: ({ index }, out) => out.set(stepValues(3, index, stateSize)),
};

const discretize = (subdomains: number, communicator: Communicator): SpaceTimeDiscretization => {
  const { grid, integrator, regularization } = problem;
  return spaceTimeDiscretization({ integrator, partition: timePartition(grid, subdomains, 0), regularization, communicator, arena: heapArena() });
};

function fieldOf(layout: SpaceTimeLayout, seed: number): Float64Array {
  const data = new Float64Array(layout.length);
  for (let n = layout.steps.first; n <= layout.steps.last; n++) writeStep({ layout, data }, n, stepValues(seed, n, layout.dofs));
  return data;
}

const streamed = (subdomains: number) => (communicator: Communicator): Certificate => {
  const { stateLayout, controlLayout } = discretize(subdomains, communicator);
  const field = (layout: SpaceTimeLayout, seed: number) => ({ layout, data: fieldOf(layout, seed) });
  return certify(problem, { state: field(stateLayout, 4), control: field(controlLayout, 5), adjoint: field(stateLayout, 6) }, communicator);
};

describe("the certificate", () => {
  const serial = streamed(1)(serialCommunicator());

  test("is that of the assembled system: ‖K x − r‖, ‖r‖ and their quotient (KKT.2)", () => {
    const discretization = discretize(5, serialCommunicator());
    const system = kktSystem(discretization);
    const [x, rhs] = [new Float64Array(system.rows), new Float64Array(system.rows)];
    const fields = kktFields(discretization, x);
    fields.state.set(fieldOf(discretization.stateLayout, 4));
    fields.control.set(fieldOf(discretization.controlLayout, 5));
    fields.adjoint.set(fieldOf(discretization.stateLayout, 6));
    kktRightHandSide(discretization, problem, rhs);
    const assembled = system.relativeResidual(x, rhs, new Float64Array(system.rows));
    expect(Math.abs(serial.relativeResidual / assembled - 1)).toBeLessThanOrEqual(roundingBound(100));
    expect(Math.abs(serial.rhsNorm / system.residualNorm(rhs) - 1)).toBeLessThanOrEqual(roundingBound(100));
    expect(serial.relativeResidual).toBe(serial.residualNorm / serial.rhsNorm);
  });

  test("has the same bits for any number of subdomains and ranks", () => {
    for (const subdomains of [2, 5, 8, 14]) expect(streamed(subdomains)(serialCommunicator())).toEqual(serial);
    for (const ranks of [2, 3, 5]) expect(simulateRanks(ranks, streamed(7))).toEqual(new Array(ranks).fill(serial));
  });
});
