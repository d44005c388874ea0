import {
  certify,
  heapArena,
  serialCommunicator,
  spaceTimeDiscretization,
  timePartition,
  writeStep,
  type Communicator,
  type ObjectiveValue,
  type OptimalControlProblem,
  type SpaceTimeLayout,
} from "@parakkt/core";
import { denseIntegrator, seededRandom, simulateRanks } from "@parakkt/testing";
import { randomScheme, unequalGrid } from "./dense-optimal-control.js";

const grid = unequalGrid(13);
const [stateSize, controlSize, regularization, cellVolume] = [5, 3, 0.07, 0.25];

const stepOf = (seed: number, n: number, dofs: number): Float64Array => seededRandom(1000 * seed + n).normalVector(dofs);

const problem: OptimalControlProblem = {
  grid,
  integrator: denseIntegrator(randomScheme(1, stateSize, controlSize)),
  regularization,
  cellVolume,
  initialState: stepOf(4, 0, stateSize),
  target: ({ index }, out) => out.set(stepOf(3, index, stateSize)),
};

function fieldOf(layout: SpaceTimeLayout, seed: number): Float64Array {
  const data = new Float64Array(layout.length).fill(99);
  for (let n = layout.steps.first; n <= layout.steps.last; n++) writeStep({ layout, data }, n, stepOf(seed, n, layout.dofs));
  return data;
}

/** What a rank finds, and how often it took part in an all-gather. */
const evaluateOn = (subdomains: number) => (communicator: Communicator): { objective: ObjectiveValue; gathers: number } => {
  let gathers = 0;
  const counting: Communicator = { ...communicator, allGather: (local, gathered) => (gathers++, communicator.allGather(local, gathered)) };
  const { stateLayout, controlLayout } = spaceTimeDiscretization({
    integrator: problem.integrator,
    partition: timePartition(grid, subdomains, 0),
    regularization,
    communicator,
    arena: heapArena(),
  });
  const field = (layout: SpaceTimeLayout, seed: number) => ({ layout, data: fieldOf(layout, seed) });
  const { objective } = certify(problem, { state: field(stateLayout, 1), control: field(controlLayout, 2), adjoint: field(stateLayout, 5) }, counting);
  return { objective, gathers };
};

describe("the objective", () => {
  const { objective: serial } = evaluateOn(1)(serialCommunicator());

  test("is (v/2) Σ τₙ (‖uₙ − ũₙ‖² + ω‖zₙ‖²) with steps of any size, and ignores the padding (OBJ.1)", () => {
    const squares = (x: Float64Array): number => x.reduce((sum, value) => sum + value * value, 0);
    let [tracking, control] = [0, 0];
    for (let n = 1; n <= grid.steps; n++) {
      const target = stepOf(3, n, stateSize);
      tracking += (cellVolume / 2) * grid.step(n).size * squares(stepOf(1, n, stateSize).map((value, j) => value - target[j]));
      control += ((cellVolume * regularization) / 2) * grid.step(n).size * squares(stepOf(2, n, controlSize));
    }
    expect(serial.tracking).toBeCloseTo(tracking, 13);
    expect(serial.control).toBeCloseTo(control, 13);
    expect(serial.total).toBe(serial.tracking + serial.control);
  });

  test("has the same bits for any number of subdomains and ranks", () => {
    for (const subdomains of [2, 5, 8, 13]) expect(evaluateOn(subdomains)(serialCommunicator()).objective).toEqual(serial);
    for (const ranks of [2, 3, 5]) expect(simulateRanks(ranks, evaluateOn(6)).map(({ objective }) => objective)).toEqual(new Array(ranks).fill(serial));
  });

  test("comes with the KKT residual in one all-gather", () => {
    expect(simulateRanks(2, evaluateOn(2)).map(({ gathers }) => gathers)).toEqual([1, 1]);
  });
});
