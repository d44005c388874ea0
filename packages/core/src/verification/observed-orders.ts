import type { StopReason } from "../krylov/krylov-method.js";
import type { HeatProblem } from "../problem/heat-problem.js";
import type { SpaceTimeVector } from "../space-time/space-time-vector.js";
import { uniformTimeGrid } from "../time/time-grid.js";
import { fieldErrors, manufacturedProblem, type Course, type FieldErrors, type Manufactured, type Shape } from "./manufactured-problem.js";
import { notApplicable, verdictOn, type VerificationCheck } from "./verification-check.js";

/** A problem of the user's kind: its box, size of the diffusivity and weights. */
export interface OrderStudy extends Pick<Manufactured, "extent" | "regularization" | "controlScale" | "spatialSolver"> {
  readonly final: number;
  /** ν, or its mean where it varies: then a smooth one takes its place. */
  readonly diffusivity: { readonly size: number; readonly varies: boolean };
  /** Solves through the configured path. */
  readonly solve: (problem: HeatProblem) => Readonly<Record<keyof FieldErrors, SpaceTimeVector>> & { readonly reason: StopReason };
}

/** With whether the solve that made them came to its tolerance. */
interface MeasuredErrors extends FieldErrors {
  readonly converged: boolean;
}

const { PI, cos, exp, sin } = Math;
const FIELDS = ["state", "control", "adjoint"] as const;
const ORDER_TOLERANCE = 0.1;

/** The orders of state, control and adjoint between the two finest of three grids each, in time and in space. Six solves on small grids. */
export function verifyOrders(study: OrderStudy): VerificationCheck[] {
  return [
    ...orderChecks("time", 1, [64, 128, 256].map((steps) => errorsInTime(study, steps))),
    ...orderChecks("space", 2, cellsOf(study).map((cells) => errorsInSpace(study, cells))),
  ];
}

function orderChecks(where: "time" | "space", expected: number, errors: readonly MeasuredErrors[]): VerificationCheck[] {
  const converged = errors.slice(-2).every((error) => error.converged);
  return FIELDS.map((field) => {
    const [before, after] = errors.slice(-2).map((error) => error[field]);
    const order = Math.log2(before / after);
    const law = { name: `order in ${where}, ${field}`, law: `observed order ${expected} on a manufactured solution: it differs by`, tolerance: ORDER_TOLERANCE };
    const seen = `observed order ${order.toFixed(3)}`;
    if (!converged && !(Math.abs(order - expected) <= ORDER_TOLERANCE)) return notApplicable(law, "the solves did not converge");
    return verdictOn({ ...law, holds: seen, points: `${seen}: the discretization is not that of this problem, or solves are not accurate enough` }, Math.abs(order - expected));
  });
}

/** Products of sines, zero on the boundary. */
function sines(extent: readonly number[], frequency: number): Shape["value"] {
  return (x, y, z) => extent.reduce((product, length, axis) => product * sin((frequency * PI * [x, y, z][axis]) / length), 1);
}

/** ν(x) = ν̄ (1 + ½ sin(3x/ℓ)) and its derivative, or the constant. */
function smoothDiffusivity({ diffusivity: { size, varies }, extent: [length] }: OrderStudy): { value: (x: number) => number; derivative: (x: number) => number } {
  if (!varies) return { value: () => size, derivative: () => 0 };
  return { value: (x) => size * (1 + 0.5 * sin((3 * x) / length)), derivative: (x) => (1.5 * size * cos((3 * x) / length)) / length };
}

/** The discrete operator makes the data, so that space makes no error; the adjoint vanishes at T⁺ = T + τ, as the discrete one does. */
function errorsInTime(study: OrderStudy, steps: number): MeasuredErrors {
  const { final } = study;
  const end = 1 + 1 / steps;
  const wave: Course = { value: (t) => cos((3 * t) / final) + t / final, derivative: (t) => (1 - 3 * sin((3 * t) / final)) / final };
  const fading: Course = { value: (t) => (end - t / final) * exp(t / final), derivative: (t) => ((end - 1 - t / final) / final) * exp(t / final) };
  return errorsOf(study, study.extent.map(() => 4), steps, { state: { shape: { value: sines(study.extent, 1) }, course: wave }, adjoint: { shape: { value: sines(study.extent, 1) }, course: fading } });
}

/** Courses linear in time, for which backward Euler is exact; the adjoint vanishes at T⁺. */
function errorsInSpace(study: OrderStudy, cells: readonly number[]): MeasuredErrors {
  const [{ final }, steps] = [study, 4];
  const end = final + final / steps;
  const growing: Course = { value: (t) => 1 + (2 * t) / final, derivative: () => 2 / final };
  const vanishing: Course = { value: (t) => (end - t) / final, derivative: () => -1 / final };
  return errorsOf(study, cells, steps, { state: { shape: exactShape(study, 1), course: growing }, adjoint: { shape: exactShape(study, 2), course: vanishing } });
}

/** −∇·(ν∇φ) = ν Σ(kπ/ℓᵢ)² φ − ν' ∂φ/∂x */
function exactShape(study: OrderStudy, frequency: number): Shape {
  const { extent } = study;
  const value = sines(extent, frequency);
  const nu = smoothDiffusivity(study);
  const square = extent.reduce((sum, length) => sum + ((frequency * PI) / length) ** 2, 0);
  const others = sines(extent.slice(1), frequency);
  const slope: Shape["value"] = (x, y, z) => ((frequency * PI) / extent[0]) * cos((frequency * PI * x) / extent[0]) * others(y, z, 0);
  return { value, image: (x, y, z) => nu.value(x) * square * value(x, y, z) - nu.derivative(x) * slope(x, y, z) };
}

function cellsOf({ extent }: OrderStudy): number[][] {
  const counts = extent.length === 3 ? [8, 16, 32] : [16, 32, 64];
  return counts.map((count) => extent.map(() => count));
}

function errorsOf(study: OrderStudy, cells: readonly number[], steps: number, fields: Pick<Manufactured, "state" | "adjoint">): MeasuredErrors {
  const { extent, regularization, controlScale, spatialSolver, diffusivity } = study;
  const nu = smoothDiffusivity(study).value;
  const manufactured: Manufactured = { extent, cells, regularization, controlScale, spatialSolver, ...fields, diffusivity: diffusivity.varies ? (x) => nu(x) : diffusivity.size };
  const problem = manufacturedProblem(manufactured, uniformTimeGrid(study.final, steps));
  const solution = study.solve(problem);
  return { ...fieldErrors(manufactured, problem, solution), converged: solution.reason.kind === "converged" };
}
