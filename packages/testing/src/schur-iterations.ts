import {
  defaultStoppingCriteria,
  heapArena,
  schurComplement,
  serialCommunicator,
  spaceTimeDiscretization,
  timePartition,
  uniformTimeGrid,
  writeStep,
  type KrylovMethod,
  type KrylovSystem,
  type Preconditioner,
  type SpaceTimeDiscretization,
  type SpaceTimeLayout,
  type TimeGrid,
  type TimeIntegrator,
  seededRandom,
} from "@parakkt/core";

/** A discretization of the unit time interval, or of the given grid, on one rank. */
export interface DiscretizationSpecification {
  readonly integrator: TimeIntegrator;
  readonly steps: number | TimeGrid;
  readonly regularization: number;
  /** P, default 1 */
  readonly subdomains?: number;
  /** δ, default 1 where subdomains are decomposed; never more than a subdomain. */
  readonly overlap?: number;
}

export function serialDiscretization({ integrator, steps, regularization, subdomains = 1, overlap = 1 }: DiscretizationSpecification): SpaceTimeDiscretization {
  const grid = typeof steps === "number" ? uniformTimeGrid(1, steps) : steps;
  const delta = Math.min(overlap, Math.floor(grid.steps / subdomains));
  return spaceTimeDiscretization({
    integrator,
    regularization,
    partition: timePartition(grid, subdomains, delta),
    communicator: serialCommunicator(),
    arena: heapArena(),
  });
}

/** Standard normal entries that depend on the seed only, not on the storage order. */
export function randomSpaceTimeVector(layout: SpaceTimeLayout, seed: number): Float64Array {
  const random = seededRandom(seed);
  const data = new Float64Array(layout.length);
  for (let n = layout.steps.first; n <= layout.steps.last; n++) writeStep({ layout, data }, n, random.normalVector(layout.dofs));
  return data;
}

export interface IterationCase extends DiscretizationSpecification {
  readonly method: (system: KrylovSystem) => KrylovMethod;
  readonly preconditioner: (discretization: SpaceTimeDiscretization) => Preconditioner;
}

/**
 * Iterations on S λ = random right-hand side until the method's own ‖rₖ‖ ≤ 1e-8 ‖r₀‖, zero initial guess; Infinity if 200 are not enough.
 * The recursive norm on purpose: for a stiff inclusion S has a condition of 1e13, and no true residual can be that small.
 */
export function schurIterations(specification: IterationCase): number {
  const discretization = serialDiscretization(specification);
  const system = {
    operator: schurComplement(discretization),
    space: discretization.stateSpace,
    preconditioner: specification.preconditioner(discretization),
  };
  const rhs = randomSpaceTimeVector(discretization.stateLayout, 1);
  const { residualNorms } = specification.method(system).solve(rhs, new Float64Array(rhs.length), defaultStoppingCriteria);
  const reached = residualNorms.findIndex((norm) => norm <= defaultStoppingCriteria.relativeTolerance * residualNorms[0]);
  return reached < 0 ? Infinity : reached;
}
