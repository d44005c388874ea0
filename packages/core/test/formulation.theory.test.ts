import { fullSpaceFormulation, kktSystem, reducedFormulation, schurFormulation, type FormulationFactory } from "@parakkt/core";
import { denseIntegrator, denseMatrix, seededRandom, serialDiscretization } from "@parakkt/testing";
import { Matrix, solve } from "ml-matrix";
import { randomScheme, unequalGrid } from "./dense-optimal-control.js";

/** Dense solves of systems with a condition of up to 1e4. */
const TOLERANCE = 1e-9;

test.each<[string, FormulationFactory]>([
  ["full-space", fullSpaceFormulation],
  ["schur", schurFormulation],
  ["reduced", reducedFormulation],
])("%s: reduce, an exact solve and recover are the inverse of the KKT matrix for any right-hand side, that of the control row too", (_name, create) => {
  const discretization = serialDiscretization({ integrator: denseIntegrator(randomScheme(11, 4, 3)), steps: unequalGrid(6), regularization: 0.3 });
  const system = kktSystem(discretization);
  const formulation = create(discretization, system);
  const r = seededRandom(12).normalVector(system.rows);
  const rhs = new Float64Array(formulation.operator.rows);
  formulation.reduce(r, rhs);
  const operator = denseMatrix(rhs.length, rhs.length, formulation.operator.apply);
  const x = Float64Array.from(solve(operator, Matrix.columnVector(rhs)).to1DArray());
  const kkt = new Float64Array(system.rows);
  formulation.recover(x, r, kkt);
  const expected = solve(denseMatrix(system.rows, system.rows, system.apply), Matrix.columnVector(r)).to1DArray();
  kkt.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(TOLERANCE * Math.max(1, Math.abs(expected[i]))));
});
