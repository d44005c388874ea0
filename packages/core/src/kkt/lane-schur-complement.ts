import type { CombinationFactors } from "@parakkt/kernels";
import type { LaneIntegrator } from "../integrators/lane-integrator.js";
import type { LinearOperator } from "../linalg/linear-operator.js";
import { groupFactors, rowFactors, type StepFactors } from "../space-time/lane-jacobian.js";
import { laneProductSum, measuredOperator } from "../space-time/lane-product-sum.js";
import { laneNeighbours, type LaneNeighbours, rowBuffer } from "../space-time/lane-neighbours.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import type { LaneGroup } from "../space-time/space-time-layout.js";

/**
 * S of `schurComplement` by kernels on blocks of lanes, in one pass over the vector: with t = W⁻¹Jᵀλ,
 *
 *     tₙ = (1/τₙ + ρ) λₙ + L λₙ − λₙ₊₁/τₙ,      (Sλ)ₙ = (1 + τₙρ) tₙ + τₙ L tₙ − tₙ₋₁ + (s²τₙ/ω) λₙ
 *
 * Two combinations a row and one more a group. Storage: five rows of the widest lane group, a state and the halos.
 */
export function laneSchurComplement(discretization: SpaceTimeDiscretization, integrator: LaneIntegrator): LinearOperator {
  const { stateLayout: layout, communicator, arena, regularization } = discretization;
  const { operator, reaction, controlScale } = integrator;
  const neighbours = laneNeighbours(layout, communicator, arena);
  const transposed: StepFactors = { a: ({ size }) => 1 / size + reaction, b: () => 1, c: ({ size }) => -1 / size, d: () => 0 };
  const toWeighted = groupFactors(layout, transposed);
  const toWeightedBefore = layout.groups.map((group) => rowFactors(layout, { group, k: -1 }, transposed));
  const toImage = groupFactors(layout, {
    a: ({ size }) => 1 + size * reaction,
    b: ({ size }) => size,
    c: () => -1,
    d: ({ size }) => (controlScale ** 2 * size) / regularization,
  });
  let [current, previous] = [rowBuffer(layout, arena), rowBuffer(layout, arena)];

  const products = new Float64Array(16);
  const innerProduct = laneProductSum(layout, communicator);

  const applyGroup = (group: LaneGroup, factors: GroupFactors, { lambda, out, measured }: Application): void => {
    const { row, before, after } = neighbours;
    operator.combine(group.lanes, factors.before, { x: before(lambda, group, 0), y: row(lambda, group, 0), out: previous });
    for (let k = 0; k < group.rows; k++) {
      const here = row(lambda, group, k);
      operator.combine(group.lanes, factors.weighted[k], { x: here, y: after(lambda, group, k), out: current });
      operator.combine(group.lanes, factors.image[k], { x: current, y: previous, z: here, out: row(out, group, k) }, measured ? products : undefined);
      if (measured) innerProduct.set(group, k, products);
      [current, previous] = [previous, current];
    }
  };
  const factorsOf = layout.groups.map((_, g): GroupFactors => ({ weighted: toWeighted[g], image: toImage[g], before: toWeightedBefore[g] }));
  const applyTo = (lambda: Float64Array, out: Float64Array, measured: boolean): void => {
    const applyAt = (g: number): void => applyGroup(layout.groups[g], factorsOf[g], { lambda, out, measured });
    whileTravelling(neighbours, lambda, layout.groups.length, applyAt);
  };
  return measuredOperator(layout.length, innerProduct, applyTo);
}

/** Visits the groups that need nothing from other ranks while the states travel, then the first and the last one. */
function whileTravelling(neighbours: LaneNeighbours, lambda: Float64Array, groups: number, visit: (g: number) => void): void {
  neighbours.start(lambda);
  for (let g = 1; g < groups - 1; g++) visit(g);
  neighbours.finish();
  visit(0);
  if (groups > 1) visit(groups - 1);
}

/** Factors of t, of S λ, and of t in the row before the group. */
interface GroupFactors {
  readonly weighted: readonly CombinationFactors[];
  readonly image: readonly CombinationFactors[];
  readonly before: CombinationFactors;
}

/** out ← S λ, and where `measured` the products λₙ·(Sλ)ₙ of the steps. */
interface Application {
  readonly lambda: Float64Array;
  readonly out: Float64Array;
  readonly measured: boolean;
}
