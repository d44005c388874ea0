import type { Block, CombinationFactors } from "@parakkt/kernels";
import type { LaneIntegrator } from "../integrators/lane-integrator.js";
import type { OptimalControlProblem } from "../problem/optimal-control-problem.js";
import { groupFactors, type StepFactors } from "../space-time/lane-jacobian.js";
import { rowBuffer } from "../space-time/lane-neighbours.js";
import { laneSeries, type LaneSeries } from "../space-time/lane-series.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import type { LaneGroup, SpaceTimeLayout } from "../space-time/space-time-layout.js";
import type { KktCandidate } from "./certificate.js";
import type { Certificate } from "./certificate-sums.js";
import { certificateOf, laneSquares, stepSums, type StepSums } from "./certificate-sums.js";
import { laneData } from "./lane-data.js";

/** The scheme by which a candidate is judged: its operator L, not its solves. */
export type JudgingLanes = Pick<LaneIntegrator, "operator" | "vectors" | "reaction" | "controlScale">;

/** Where the candidates of a solver live. */
type CandidatePlace = Pick<SpaceTimeDiscretization, "stateLayout" | "communicator" | "arena">;

/**
 * The certificate of `certify` by kernels on blocks of lanes, from the problem's own data, u, z and λ in one pass:
 *
 *     W (ũ − u) − Jᵀλ,    Bᵀλ − ωW z,    b − J u + B z
 *
 * A control that is not stored is z = (ωW)⁻¹Bᵀλ.
 * Two applications of L, three combinations and seven products a row. Storage: four rows of the widest lane group and two `laneSeries`.
 */
export function laneCertificate(problem: OptimalControlProblem, lanes: JudgingLanes, place: CandidatePlace): (candidate: KktCandidate) => Certificate {
  const { stateLayout: layout, communicator, arena } = place;
  const sums = stepSums(layout, communicator);
  const [state, adjoint] = [laneSeries(layout, communicator, arena), laneSeries(layout, communicator, arena)];
  const series = { state, adjoint };
  const measure = rowMeasurement(problem, lanes, place, sums);
  return (candidate) => {
    state.read(candidate.state.data);
    adjoint.read(candidate.adjoint.data);
    const control = candidate.control.read ? undefined : controlRows(layout, candidate.control.data);
    layout.groups.forEach((group, g) => {
      for (let k = 0; k < group.rows; k++) measure({ group, g, k }, series, control);
    });
    return certificateOf(problem, sums.totals());
  };
}

/** Row k of group number g. */
interface RowPlace {
  readonly group: LaneGroup;
  readonly g: number;
  readonly k: number;
}

type ControlRow = (place: RowPlace) => Block;

/** The rows of a stored control. */
function controlRows({ dofs }: SpaceTimeLayout, data: Float64Array): ControlRow {
  return ({ group, k }) => ({ data, offset: group.offset + k * dofs * group.lanes });
}

/** Factors of the combinations of a row, as functions of its step. */
function rowFactors({ regularization }: OptimalControlProblem, { reaction, controlScale }: JudgingLanes): Record<"error" | "state" | "recovered" | "control" | "constraint" | "source", StepFactors> {
  const none = (): number => 0;
  return {
    error: { a: () => 1, b: () => -1, c: none, d: none },
    state: { a: ({ size }) => -(1 + size * reaction), b: ({ size }) => -size, c: () => 1, d: ({ size }) => size },
    recovered: { a: () => controlScale / regularization, b: none, c: none, d: none },
    control: { a: ({ size }) => controlScale * size, b: ({ size }) => -regularization * size, c: none, d: none },
    constraint: { a: ({ size }) => 1 + size * reaction, b: ({ size }) => size, c: () => -1, d: ({ size }) => -controlScale * size },
    source: { a: () => 1, b: () => -1, c: none, d: none },
  };
}

/** Measures one row: the squares of each of its steps. */
function rowMeasurement(problem: OptimalControlProblem, lanes: JudgingLanes, { stateLayout: layout, arena }: CandidatePlace, sums: StepSums) {
  const { operator, vectors } = lanes;
  const { dofs } = layout;
  const data = laneData(problem, layout, vectors, arena);
  const kinds = rowFactors(problem, lanes);
  const factors = Object.fromEntries(Object.entries(kinds).map(([name, of]) => [name, groupFactors(layout, of)])) as Record<keyof typeof kinds, CombinationFactors[][]>;
  const [datum, error, residual] = [rowBuffer(layout, arena), rowBuffer(layout, arena), rowBuffer(layout, arena)];
  const record = laneSquares(layout, vectors, sums);

  const stateRow = (place: RowPlace, u: Block, { adjoint }: Record<"adjoint", LaneSeries>): void => {
    const { group, g, k } = place;
    data.target(group, k, datum);
    record("target", place, datum, 2);
    vectors.combine(group.lanes, dofs, factors.error[g][k], { x: datum, y: u, out: error });
    record("tracking", place, error, 1);
    operator.combine(group.lanes, factors.state[g][k], { x: adjoint.row(group, k), y: adjoint.after(group, k), z: error, out: residual });
    record("state", place, residual, 0);
  };
  const controlRow = (place: RowPlace, lambda: Block, z: Block): void => {
    record("cost", place, z, 1);
    vectors.combine(place.group.lanes, dofs, factors.control[place.g][place.k], { x: lambda, y: z, out: residual });
    record("control", place, residual, 0);
  };
  const constraintRow = (place: RowPlace, { u, before, z }: Record<"u" | "before" | "z", Block>): void => {
    const { group, g, k } = place;
    operator.combine(group.lanes, factors.constraint[g][k], { x: u, y: before, z, out: residual });
    if (data.source(group, k, datum)) {
      record("source", place, datum, 0);
      vectors.combine(group.lanes, dofs, factors.source[g][k], { x: residual, y: datum, out: residual });
    }
    record("adjoint", place, residual, 0);
  };
  /** z = (ωW)⁻¹Bᵀλ */
  const recovered = ({ group, g, k }: RowPlace, lambda: Block): Block => {
    vectors.combine(group.lanes, dofs, factors.recovered[g][k], { x: lambda, y: lambda, out: error });
    return error;
  };
  return (place: RowPlace, { state, adjoint }: Record<"state" | "adjoint", LaneSeries>, control: ControlRow | undefined): void => {
    const before = state.before(place.group, place.k);
    const u = state.row(place.group, place.k);
    stateRow(place, u, { adjoint });
    const lambda = adjoint.row(place.group, place.k);
    const z = control ? control(place) : recovered(place, lambda);
    controlRow(place, lambda, z);
    constraintRow(place, { u, before, z });
  };
}
