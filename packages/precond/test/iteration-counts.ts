import {
  cg,
  countingIntegrator,
  fgmres,
  gmres,
  frequencySchurComplement,
  heapArena,
  kktSystem,
  minres,
  reducedHessian,
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
import { communicationTotals, frequencyBlocks, iterationCommunication, iterationSolves, kktBlockDiagonal, kktBlockElimination, matching, multilevel, oneLevel, overlappingMatching, timeDiagonalization, twoLevel, type DistributedSolve } from "@parakkt/precond";
import { modalIntegrator, seededRandom } from "@parakkt/testing";

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
  if (solve.formulation === "reduced") return { operator: reducedHessian(d), space: d.controlSpace };
  if (solve.preconditioner === "none") return { operator: schurComplement(d), space: d.stateSpace };
  const inverse = preconditionerOf(d, solve);
  if (solve.formulation === "full-space") {
    const kkt = kktSystem(d);
    return { operator: kkt, space: kkt.space, preconditioner: solve.method === "minres" ? kktBlockDiagonal(d, inverse) : kktBlockElimination(d, inverse) };
  }
  const operator = solve.preconditioner === "time-diagonalization" ? frequencySchurComplement(d) : schurComplement(d);
  return { operator, space: d.stateSpace, preconditioner: inverse };
}

/** What a rank sends and solves, or all of them. */
export interface IterationCounts {
  readonly messages: number;
  readonly doubles: number;
  readonly solves: number;
}

const methods = { cg, minres, gmres: (system: KrylovSystem) => gmres(system, { restart: 30 }), fgmres: (system: KrylovSystem) => fgmres(system, { restart: 30 }) };

/** Those of this rank in the third iteration: of three without those of two. */
export function iterationCounts(solve: DistributedSolve, communicator: Communicator): IterationCounts {
  const { steps, subdomains, overlap } = solve;
  const partition = timePartition(uniformTimeGrid(1, steps), solve.preconditioner === "matching" ? 1 : subdomains, solve.preconditioner === "matching" ? 0 : overlap);
  const upTo = (maxIterations: number): IterationCounts => {
    const before = { messages: communicator.messages, bytes: communicator.bytes };
    const counter = { spatialSolves: 0 };
    const integrator = countingIntegrator(modalIntegrator(MODES), counter);
    const d = spaceTimeDiscretization({ integrator, partition, regularization: 1e-2, communicator, arena: heapArena() });
    const system = systemOf(d, solve);
    const { stateLayout } = d;
    const rhs = new Float64Array(system.space.size);
    for (let n = stateLayout.steps.first; n <= stateLayout.steps.last; n++) writeStep({ layout: stateLayout, data: rhs }, n, seededRandom(n).normalVector(3));
    methods[solve.method](system).solve(rhs, new Float64Array(rhs.length), { maxIterations, relativeTolerance: 1e-14 });
    return { messages: communicator.messages - before.messages, doubles: (communicator.bytes - before.bytes) / 8, solves: counter.spatialSolves };
  };
  const [two, three] = [upTo(2), upTo(3)];
  return { messages: three.messages - two.messages, doubles: three.doubles - two.doubles, solves: three.solves - two.solves };
}

/** What all ranks send and solve together. */
export function ofAllRanks(counts: readonly IterationCounts[]): IterationCounts {
  return counts.reduce((sum, of) => ({ messages: sum.messages + of.messages, doubles: sum.doubles + of.doubles, solves: sum.solves + of.solves }));
}

/** What the formulas say. */
export const modelledCounts = (solve: DistributedSolve, ranks: number): IterationCounts => ({ ...communicationTotals(iterationCommunication(solve, ranks)), solves: iterationSolves(solve, ranks) });

export const BASE: DistributedSolve = { formulation: "schur", method: "cg", preconditioner: "two-level", steps: 64, dofs: 3, subdomains: 16, overlap: 1, nodesPerSubdomain: 1, combination: "additive" };
/** Iterations of CG on S, whose every double is counted exactly. */
export const SOLVES: readonly [string, DistributedSolve][] = [
  ["nothing", { ...BASE, preconditioner: "none" }],
  ["the reduced Hessian in its place", { ...BASE, formulation: "reduced", preconditioner: "none" }],
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

export const RESTRICTED: DistributedSolve = { ...BASE, method: "fgmres", combination: "restricted" };

/** An Arnoldi basis sends one coefficient more with each iteration, so that doubles grow; MINRES adds up other records. */
export const OTHER_SOLVES: readonly (readonly [string, DistributedSolve])[] = [
  ["two levels restricted", RESTRICTED],
  ["two levels restricted, GMRES", { ...RESTRICTED, method: "gmres" }],
  ["levels restricted", { ...RESTRICTED, preconditioner: "multilevel", coarsening: { stepsPerSubdomain: 4, serialSteps: 4 } }],
  ["matching on the KKT matrix", { ...RESTRICTED, formulation: "full-space", preconditioner: "matching" }],
  ["two levels on the KKT matrix", { ...RESTRICTED, formulation: "full-space" }],
  ["two levels on the KKT matrix, MINRES", { ...BASE, method: "minres", formulation: "full-space" }],
  ["time diagonalization on the KKT matrix", { ...RESTRICTED, formulation: "full-space", preconditioner: "time-diagonalization" }],
];
