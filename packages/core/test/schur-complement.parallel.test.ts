import {
  cg,
  heapArena,
  kktFields,
  kktSystem,
  minres,
  schurComplement,
  serialCommunicator,
  spaceTimeDiscretization,
  timeIntegration,
  timePartition,
  writeStep,
  type Communicator,
  type SpaceTimeDiscretization,
  type SpaceTimeLayout,
} from "@parakkt/core";
import { denseIntegrator, differingBits, seededRandom, simulateRanks, toStepOrder } from "@parakkt/testing";
import { randomScheme, unequalGrid } from "./dense-optimal-control.js";

const grid = unequalGrid(17);
const scheme = randomScheme(4, 4, 3);
const subdomains = 7;
const rankCounts = [1, 2, 3, 5, 7];

const discretizationOn = (communicator: Communicator): SpaceTimeDiscretization =>
  spaceTimeDiscretization({
    integrator: denseIntegrator(scheme),
    partition: timePartition(grid, subdomains, 1),
    regularization: 1e-2,
    communicator,
    arena: heapArena(),
  });

/** Values that belong to (seed, step), whoever stores them; padding that is not zero would show too. */
function fieldOf(layout: SpaceTimeLayout, seed: number): Float64Array {
  const data = new Float64Array(layout.length);
  for (let n = layout.steps.first; n <= layout.steps.last; n++) writeStep({ layout, data }, n, seededRandom(1000 * seed + n).normalVector(layout.dofs));
  return data;
}

const joined = (parts: readonly Float64Array[]): Float64Array => Float64Array.from(parts.flatMap((part) => [...part]));

type Program = (discretization: SpaceTimeDiscretization) => Record<string, Float64Array>;

/** The results of all ranks, each joined along the time axis, against those of one rank with the same subdomains. */
function expectSameBits(program: Program, ranks: number): void {
  const serial = program(discretizationOn(serialCommunicator()));
  const parts = simulateRanks(ranks, (communicator) => program(discretizationOn(communicator)));
  for (const name of Object.keys(serial)) {
    expect(serial[name].some((value) => value !== 0)).toBe(true);
    expect(differingBits(joined(parts.map((part) => part[name])), serial[name])).toBe(0);
  }
}

const applied = (discretization: SpaceTimeDiscretization): Record<string, Float64Array> => {
  const { jacobian, control, stateLayout, controlLayout } = discretization;
  const image = (apply: (x: Float64Array, out: Float64Array) => void, from: SpaceTimeLayout, to: SpaceTimeLayout): Float64Array => {
    const out = new Float64Array(to.length);
    apply(fieldOf(from, 1), out);
    return toStepOrder([to], out);
  };
  return {
    jacobian: image(jacobian.apply, stateLayout, stateLayout),
    jacobianTransposed: image(jacobian.applyTranspose, stateLayout, stateLayout),
    control: image(control.apply, controlLayout, stateLayout),
    controlTransposed: image(control.applyTranspose, stateLayout, controlLayout),
    schur: image(schurComplement(discretization).apply, stateLayout, stateLayout),
  };
};

const kktApplied = (discretization: SpaceTimeDiscretization): Record<string, Float64Array> => {
  const { stateLayout, controlLayout } = discretization;
  const system = kktSystem(discretization);
  const [x, out] = [new Float64Array(system.cols), new Float64Array(system.rows)];
  const fields = kktFields(discretization, x);
  fields.state.set(fieldOf(stateLayout, 1));
  fields.control.set(fieldOf(controlLayout, 2));
  fields.adjoint.set(fieldOf(stateLayout, 3));
  system.apply(x, out);
  const image = kktFields(discretization, out);
  return { state: toStepOrder([stateLayout], image.state), control: toStepOrder([controlLayout], image.control), adjoint: toStepOrder([stateLayout], image.adjoint) };
};

describe.each(rankCounts)("on %i ranks", (ranks) => {
  test("J, Jᵀ, B, Bᵀ and S have the bits of one rank", () => {
    expectSameBits(applied, ranks);
  });

  test("K has the bits of one rank", () => {
    expectSameBits(kktApplied, ranks);
  });

  test("S costs two exchanges, one state each way across every cut", () => {
    const counts = simulateRanks(ranks, (communicator) => {
      const discretization = discretizationOn(communicator);
      const { stateLayout } = discretization;
      schurComplement(discretization).apply(fieldOf(stateLayout, 1), new Float64Array(stateLayout.length));
      return communicator.messages;
    });
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2 * (ranks - 1));
  });
});

describe("a whole solve", () => {
  /** Few iterations, because simulated ranks start again at every communication. */
  const iterate = (communicator: Communicator) => {
    const discretization = discretizationOn(communicator);
    const system = { operator: schurComplement(discretization), space: discretization.stateSpace };
    const rhs = fieldOf(discretization.stateLayout, 9);
    const x = new Float64Array(rhs.length);
    const { residualNorms } = cg(system).solve(rhs, x, { maxIterations: 6, relativeTolerance: 1e-12 });
    const kkt = kktSystem(discretization);
    const kktRhs = new Float64Array(kkt.rows).fill(1);
    const history = minres({ operator: kkt, space: kkt.space }).solve(kktRhs, new Float64Array(kkt.rows), { maxIterations: 6 });
    return { norms: [...residualNorms, ...history.residualNorms], x: toStepOrder([discretization.stateLayout], x) };
  };
  const serial = iterate(serialCommunicator());

  test.each([2, 3, 5])("by CG on S and by MINRES on K has the same residual history and solution, bit for bit, on %i ranks", (ranks) => {
    const results = simulateRanks(ranks, iterate);
    for (const { norms } of results) expect(norms).toEqual(serial.norms);
    expect(differingBits(joined(results.map(({ x }) => x)), serial.x)).toBe(0);
  });

  test("would have another history with inner products that each rank sums by itself first (negative control)", () => {
    const history = (ranks: number): readonly number[] =>
      simulateRanks(ranks, (communicator) => {
        const discretization = discretizationOn(communicator);
        const rhs = fieldOf(discretization.stateLayout, 9);
        const plainSum = (x: Float64Array, y: Float64Array): number => {
          const parts = new Float64Array(communicator.size);
          communicator.allGather(Float64Array.of(x.reduce((sum, value, i) => sum + value * y[i], 0)), parts);
          return parts.reduce((sum, value) => sum + value, 0);
        };
        const space = { ...discretization.stateSpace, innerProduct: plainSum };
        return cg({ operator: schurComplement(discretization), space }).solve(rhs, new Float64Array(rhs.length), { maxIterations: 6 }).residualNorms;
      })[0];
    expect(history(3)).not.toEqual(history(1));
  });
});

describe.each([...rankCounts, grid.steps])("an integration over the whole interval on %i ranks", (ranks) => {
  const integrated = (discretization: SpaceTimeDiscretization): Record<string, Float64Array> => {
    const { stateLayout } = discretization;
    const integration = timeIntegration(discretization);
    const [state, adjoint] = [fieldOf(stateLayout, 5), fieldOf(stateLayout, 6)];
    integration.forward(state);
    integration.adjoint(adjoint);
    return { state: toStepOrder([stateLayout], state), adjoint: toStepOrder([stateLayout], adjoint) };
  };

  test("has the bits of one rank", () => {
    expectSameBits(integrated, ranks);
  });

  test("passes one state from rank to rank and direction", () => {
    const counts = simulateRanks(ranks, (communicator) => {
      integrated(discretizationOn(communicator));
      return { messages: communicator.messages, bytes: communicator.bytes };
    });
    const total = (of: "messages" | "bytes"): number => counts.reduce((sum, count) => sum + count[of], 0);
    expect([total("messages"), total("bytes")]).toEqual([2 * (ranks - 1), 16 * (ranks - 1) * 4]);
  });
});
