import {
  boxGrid,
  certify,
  choleskySolver,
  heapArena,
  heatProblem,
  laneCertificate,
  schurFormulation,
  serialCommunicator,
  spaceTimeDiscretization,
  timeGrid,
  timePartition,
  writeStep,
  type Certificate,
  type Communicator,
  type KktCandidate,
  type SpaceTimeDiscretization,
  type SpaceTimeLayout,
} from "@parakkt/core";
import { plainKernels, simdKernels, type Kernels } from "@parakkt/kernels";
import { differingBits, roundingBound, seededRandom, simulateRanks, toStepOrder } from "@parakkt/testing";

const steps = 19;
const problem = heatProblem({
  space: boxGrid({ extent: [1, 0.7], cells: [6, 8] }),
  time: timeGrid(Array.from({ length: steps + 1 }, (_, n) => 2 * (n / steps) ** 1.3)),
  diffusivity: (x, y) => 1 + x + 2 * y,
  source: (x, y, _z, t) => x * y * Math.cos(t),
  controlScale: 1.4,
  regularization: 0.03,
  initialState: (x, y) => Math.sin(Math.PI * x) * y * (0.7 - y),
  target: (x, y, _z, t) => t * x * (1 - x) + y,
  spatialSolver: choleskySolver,
});

function discretize(subdomains: number, communicator: Communicator, kernels?: Kernels): SpaceTimeDiscretization {
  return spaceTimeDiscretization({
    integrator: problem.integrator,
    lanes: kernels && problem.integrator.lanes?.(kernels),
    partition: timePartition(problem.grid, subdomains, 0),
    regularization: problem.regularization,
    communicator,
    arena: kernels ?? heapArena(),
  });
}

/** Values that belong to (seed, step), whoever stores them. */
function fieldOf({ arena }: SpaceTimeDiscretization, layout: SpaceTimeLayout, seed: number): Float64Array {
  const data = arena.allocate(layout.length);
  for (let n = layout.steps.first; n <= layout.steps.last; n++) writeStep({ layout, data }, n, seededRandom(1000 * seed + n).normalVector(layout.dofs));
  return data;
}

function candidateOn(discretization: SpaceTimeDiscretization): KktCandidate {
  const { stateLayout, controlLayout } = discretization;
  const field = (layout: SpaceTimeLayout, seed: number) => ({ layout, data: fieldOf(discretization, layout, seed) });
  return { state: field(stateLayout, 4), control: field(controlLayout, 5), adjoint: field(stateLayout, 6) };
}

const plainly = (subdomains: number): Certificate => certify(problem, candidateOn(discretize(subdomains, serialCommunicator())), serialCommunicator());

function onLanes(kernels: Kernels, subdomains: number, communicator: Communicator): Certificate {
  const discretization = discretize(subdomains, communicator, kernels);
  if (!discretization.lanes) throw new Error("the problem has no lanes");
  return laneCertificate(problem, discretization.lanes, discretization)(candidateOn(discretization));
}

const numbersOf = ({ objective, ...norms }: Certificate): number[] => [...Object.values(norms), ...Object.values(objective)];

describe.each([
  ["SIMD", simdKernels],
  ["plain", plainKernels],
])("the certificate on lanes of %s kernels", (_, create) => {
  const reference = plainly(1);
  const serial = onLanes(create(), 1, serialCommunicator());

  test("is the plain one up to rounding, in every residual and part of the objective", () => {
    const expected = numbersOf(reference);
    numbersOf(serial).forEach((value, i) => expect(Math.abs(value / expected[i] - 1)).toBeLessThanOrEqual(roundingBound(200)));
  });

  test("has the same bits for any number of lanes and ranks", () => {
    for (const subdomains of [2, 5, 8, 15]) expect(onLanes(create(), subdomains, serialCommunicator())).toEqual(serial);
    for (const ranks of [2, 3]) expect(simulateRanks(ranks, (communicator) => onLanes(create(), 11, communicator))).toEqual(new Array(ranks).fill(serial));
  });

  test("sees a change of one value in u, z or λ", () => {
    for (const field of ["state", "control", "adjoint"] as const) {
      const discretization = discretize(8, serialCommunicator(), create());
      const candidate = candidateOn(discretization);
      candidate[field].data[17] += 1e-2;
      const changed = laneCertificate(problem, discretization.lanes!, discretization)(candidate);
      expect(Math.abs(changed.residualNorm / serial.residualNorm - 1)).toBeGreaterThan(1e-9);
    }
  });
});

const defectOf = (discretization: SpaceTimeDiscretization): Float64Array => toStepOrder([discretization.stateLayout], schurFormulation(discretization, problem).defect());

test("the right-hand side J ũ − b on lanes is the plain one up to rounding, with the same bits for any number of lanes", () => {
  const plain = defectOf(discretize(1, serialCommunicator()));
  const serial = defectOf(discretize(1, serialCommunicator(), simdKernels()));
  const largest = Math.max(...plain.map(Math.abs));
  plain.forEach((value, i) => expect(Math.abs(serial[i] - value)).toBeLessThanOrEqual(roundingBound(20) * largest));
  for (const subdomains of [3, 8, 12]) expect(differingBits(defectOf(discretize(subdomains, serialCommunicator(), simdKernels())), serial)).toBe(0);
});
