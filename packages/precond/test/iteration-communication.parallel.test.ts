import {
  cg,
  fgmres,
  frequencySchurComplement,
  heapArena,
  kktSystem,
  schurComplement,
  spaceTimeDiscretization,
  timePartition,
  uniformTimeGrid,
  writeStep,
  type Communicator,
  type KrylovSystem,
  type Preconditioner,
  type SpaceTimeDiscretization,
} from "@parakkt/core";
import { communicationTotals, frequencyBlocks, iterationCommunication, kktBlockElimination, matching, multilevel, oneLevel, overlappingMatching, timeDiagonalization, twoLevel, type DistributedSolve } from "@parakkt/precond";
import { modalIntegrator, seededRandom, simulateRanks } from "@parakkt/testing";

const MODES = Float64Array.of(1, 10, 100);

function preconditionerOf(d: SpaceTimeDiscretization, { preconditioner, combination, nodesPerSubdomain, coarsening, formulation }: DistributedSolve): Preconditioner {
  const options = { combination, factor: "exact", nodesPerSubdomain, ...coarsening } as const;
  const kinds: Record<string, () => Preconditioner> = {
    matching: () => matching(d, "exact"),
    "overlapping-matching": () => overlappingMatching(d, "exact"),
    "one-level": () => oneLevel(d, options),
    "two-level": () => twoLevel(d, options),
    multilevel: () => multilevel(d, options),
    "time-diagonalization": () => (formulation === "schur" ? frequencyBlocks(d) : timeDiagonalization(d)),
  };
  return kinds[preconditioner]();
}

function systemOf(d: SpaceTimeDiscretization, solve: DistributedSolve): KrylovSystem {
  const inverse = preconditionerOf(d, solve);
  if (solve.formulation === "full-space") {
    const kkt = kktSystem(d);
    return { operator: kkt, space: kkt.space, preconditioner: kktBlockElimination(d, inverse) };
  }
  const operator = solve.preconditioner === "time-diagonalization" ? frequencySchurComplement(d) : schurComplement(d);
  return { operator, space: d.stateSpace, preconditioner: inverse };
}

/** Messages and doubles of all ranks in the third iteration: those of three without those of two. */
function counted(solve: DistributedSolve, ranks: number): { messages: number; doubles: number } {
  const { steps, subdomains, overlap } = solve;
  const partition = timePartition(uniformTimeGrid(1, steps), solve.preconditioner === "matching" ? 1 : subdomains, solve.preconditioner === "matching" ? 0 : overlap);
  const sent = (iterations: number) => (communicator: Communicator) => {
    const d = spaceTimeDiscretization({ integrator: modalIntegrator(MODES), partition, regularization: 1e-2, communicator, arena: heapArena() });
    const system = systemOf(d, solve);
    const { stateLayout } = d;
    const rhs = new Float64Array(system.space.size);
    for (let n = stateLayout.steps.first; n <= stateLayout.steps.last; n++) writeStep({ layout: stateLayout, data: rhs }, n, seededRandom(n).normalVector(3));
    const method = solve.method === "cg" ? cg(system) : fgmres(system, { restart: 30 });
    method.solve(rhs, new Float64Array(rhs.length), { maxIterations: iterations, relativeTolerance: 1e-14 });
    return { messages: communicator.messages, bytes: communicator.bytes };
  };
  const total = (iterations: number): { messages: number; bytes: number } =>
    simulateRanks(ranks, sent(iterations)).reduce((sum, { messages, bytes }) => ({ messages: sum.messages + messages, bytes: sum.bytes + bytes }), { messages: 0, bytes: 0 });
  const [two, three] = [total(2), total(3)];
  return { messages: three.messages - two.messages, doubles: (three.bytes - two.bytes) / 8 };
}

const BASE: DistributedSolve = { formulation: "schur", method: "cg", preconditioner: "two-level", steps: 64, dofs: 3, subdomains: 16, overlap: 1, nodesPerSubdomain: 1, combination: "additive" };
const SOLVES: readonly [string, DistributedSolve][] = [
  ["matching", { ...BASE, preconditioner: "matching" }],
  ["windows", { ...BASE, preconditioner: "overlapping-matching", overlap: 3 }],
  ["one level", { ...BASE, preconditioner: "one-level" }],
  ["two levels", BASE],
  ["two levels, overlap 2, two coarse nodes", { ...BASE, overlap: 2, nodesPerSubdomain: 2 }],
  ["two levels that P does not divide", { ...BASE, steps: 61 }],
  ["levels of 4 steps", { ...BASE, preconditioner: "multilevel", coarsening: { stepsPerSubdomain: 4, serialSteps: 4 } }],
  ["levels of 8 steps", { ...BASE, preconditioner: "multilevel", coarsening: { stepsPerSubdomain: 8, serialSteps: 8 } }],
  ["time diagonalization", { ...BASE, preconditioner: "time-diagonalization" }],
];

describe.each(SOLVES)("an iteration of CG on S with %s", (_name, solve) => {
  test.each([2, 7])("sends as many messages and doubles on %i ranks as the model says", (ranks) => {
    expect(communicationTotals(iterationCommunication(solve, ranks))).toEqual(counted(solve, ranks));
  });
});

test.each([
  ["two levels restricted", { ...BASE, method: "fgmres", combination: "restricted" }],
  ["levels restricted", { ...BASE, method: "fgmres", combination: "restricted", preconditioner: "multilevel", coarsening: { stepsPerSubdomain: 4, serialSteps: 4 } }],
  ["two levels on the KKT matrix", { ...BASE, method: "fgmres", formulation: "full-space", combination: "restricted" }],
  ["time diagonalization on the KKT matrix", { ...BASE, method: "fgmres", formulation: "full-space", preconditioner: "time-diagonalization" }],
] as const)("an iteration of FGMRES with %s sends as many messages as the model says", (_name, solve) => {
  for (const ranks of [2, 4]) expect(communicationTotals(iterationCommunication(solve, ranks)).messages).toBe(counted(solve, ranks).messages);
});

test.each([BASE, { ...BASE, preconditioner: "time-diagonalization" }] as const)("sixteen ranks, one subdomain each: $preconditioner", (solve) => {
  expect(communicationTotals(iterationCommunication(solve, 16))).toEqual(counted(solve, 16));
});

test("one rank sends nothing, and a model without the coarse level counts too few (negative control)", () => {
  expect(iterationCommunication(BASE, 1)).toEqual([]);
  expect(communicationTotals(iterationCommunication({ ...BASE, preconditioner: "one-level" }, 4)).messages).toBeLessThan(counted(BASE, 4).messages);
});
