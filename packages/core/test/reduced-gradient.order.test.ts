import {
  boxGrid,
  certify,
  choleskySolver,
  heapArena,
  heatProblem,
  reducedFormulation,
  reducedHessian,
  serialCommunicator,
  spaceTimeDiscretization,
  timePartition,
  type SpaceTimeDiscretization,
} from "@parakkt/core";
import { dot, observedOrders, randomSpaceTimeVector, relativeDistance, taylorRemainders } from "@parakkt/testing";
import { unequalGrid } from "./dense-optimal-control.js";

/** Variable ν, a source, a scaled control, unequal steps, three subdomains in storage. */
const problem = heatProblem({
  space: boxGrid({ extent: [1, 0.5], cells: [6, 5] }),
  time: unequalGrid(10),
  diffusivity: (x, y) => 1 + x * y,
  source: (x, y, _z, t) => Math.cos(t + x) * y,
  initialState: (x, y) => x * (1 - x) * Math.sin(2 * Math.PI * y),
  target: (x, y, _z, t) => Math.sin(3 * t) * (x + y),
  regularization: 1e-2,
  controlScale: 2.5,
  spatialSolver: choleskySolver,
});

interface ReducedObjective {
  value(z: Float64Array): number;
  /** v (ωW z − Bᵀλ), λ by an adjoint integration of Jᵀλ = W (ũ − u): minus the defect of the reduced formulation, times v */
  gradient(z: Float64Array): Float64Array;
}

/** z ↦ J_h(u(z), z) with u by a forward integration. */
function reducedObjective(discretization: SpaceTimeDiscretization): ReducedObjective {
  const { iterate, candidate, complete, defect } = reducedFormulation(discretization, problem);
  const moveTo = (z: Float64Array): void => {
    iterate.set(z);
    complete();
  };
  return {
    value(z) {
      moveTo(z);
      return certify(problem, candidate, discretization.communicator).objective.total;
    },
    gradient(z) {
      moveTo(z);
      return defect().map((value) => -problem.cellVolume * value);
    },
  };
}

const discretization = spaceTimeDiscretization({
  integrator: problem.integrator,
  partition: timePartition(problem.grid, 3, 0),
  regularization: problem.regularization,
  communicator: serialCommunicator(),
  arena: heapArena(),
});
const objective = reducedObjective(discretization);
const z = randomSpaceTimeVector(discretization.controlLayout, 1);
const direction = randomSpaceTimeVector(discretization.controlLayout, 2);
const moved = (epsilon: number): Float64Array => z.map((value, i) => value + epsilon * direction[i]);
const hessianTimes = (d: Float64Array): Float64Array => {
  const out = new Float64Array(d.length);
  reducedHessian(discretization).apply(d, out);
  return out.map((value) => problem.cellVolume * value);
};

describe("the reduced gradient", () => {
  const value = objective.value(z);
  const slopeOf = (gradient: Float64Array): number => dot(gradient, direction);
  const remainder = (slope: number) => (epsilon: number): number => objective.value(moved(epsilon)) - value - epsilon * slope;
  /** From 1 down to 1/64: below that, rounding of the values would be seen. */
  const orders = (slope: number): number[] => observedOrders(taylorRemainders(remainder(slope), { start: 1, count: 7 }));

  test("by one state and one adjoint integration leaves a Taylor remainder of order 2", () => {
    for (const order of orders(slopeOf(objective.gradient(z)))) {
      expect(order).toBeGreaterThanOrEqual(1.95);
      expect(order).toBeLessThanOrEqual(2.05);
    }
  });

  test("leaves the remainder ½ε² dᵀHd exactly, because the objective is quadratic", () => {
    const slope = slopeOf(objective.gradient(z));
    const curvature = dot(direction, hessianTimes(direction));
    for (const epsilon of [2, 0.5, 0.1]) expect(remainder(slope)(epsilon)).toBeCloseTo(0.5 * epsilon ** 2 * curvature, 12);
  });

  test("leaves one of order 1 if the adjoint is integrated with a wrong sign, or the control is not scaled (negative control)", () => {
    const gradient = objective.gradient(z);
    const controlPart = z.map(() => 0);
    discretization.controlWeights.multiply(problem.cellVolume * problem.regularization, z, controlPart);
    const adjointPart = gradient.map((entry, i) => entry - controlPart[i]);
    const [wrongSign, unscaled] = [-1, 1 / 2.5].map((factor) => slopeOf(controlPart.map((entry, i) => entry + factor * adjointPart[i])));
    for (const slope of [wrongSign, unscaled]) expect(orders(slope).at(-1)).toBeLessThan(1.1);
  });
});

describe("the reduced Hessian", () => {
  test("is the difference of two gradients, ∇j(z + d) − ∇j(z) = v H d, up to rounding", () => {
    const [after, before] = [objective.gradient(moved(1)), objective.gradient(z)];
    expect(relativeDistance(after.map((entry, i) => entry - before[i]), hessianTimes(direction))).toBeLessThanOrEqual(1e-13);
  });

  test("is the second difference of the objective, j(z + d) − 2 j(z) + j(z − d) = v dᵀHd, up to rounding", () => {
    const difference = objective.value(moved(1)) - 2 * objective.value(z) + objective.value(moved(-1));
    expect(difference / dot(direction, hessianTimes(direction))).toBeCloseTo(1, 12);
  });

  test("is symmetric", () => {
    const other = randomSpaceTimeVector(discretization.controlLayout, 3);
    expect(dot(hessianTimes(direction), other) / dot(direction, hessianTimes(other))).toBeCloseTo(1, 12);
  });
});
