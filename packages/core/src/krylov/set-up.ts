import { requireArgument } from "../errors.js";
import type { KrylovSystem } from "./krylov-method.js";

/** Throws `InvalidArgumentError` unless operator, preconditioner and space fit together. */
export function requireFittingSizes(method: string, system: KrylovSystem | undefined): void {
  requireArgument(system?.operator !== undefined && system.space !== undefined, () => ({
    what: "system",
    where: method,
    expected: "{ operator, space, … }",
    got: typeof system,
    hint: `A solver makes the system: give it ${method} itself as the method, or (system) => ${method}(system, options).`,
  }));
  const { operator, preconditioner, space } = system;
  const { size } = space;
  requireArgument(operator.rows === size && operator.cols === size, () => ({
    what: "size of the operator",
    where: method,
    expected: `${size} × ${size}, as the vector space`,
    got: `${operator.rows} × ${operator.cols}`,
  }));
  requireArgument(preconditioner === undefined || preconditioner.size === size, () => ({
    what: "size of the preconditioner",
    where: method,
    expected: `${size}, as the vector space`,
    got: String(preconditioner?.size),
  }));
}

/** Throws `InvalidArgumentError` unless A is symmetric and M symmetric positive definite, as they themselves say. */
export function requireSymmetry(method: string, { operator, preconditioner }: KrylovSystem): void {
  requireArgument(operator.symmetric, () => ({
    what: "operator",
    where: method,
    expected: "a symmetric operator",
    got: "one with symmetric = false",
    hint: "Use gmres, or fgmres if the preconditioner varies.",
  }));
  requireArgument(preconditioner === undefined || (preconditioner.symmetric && preconditioner.stationary), () => ({
    what: "preconditioner",
    where: method,
    expected: "a symmetric positive definite, stationary preconditioner",
    got: `one with symmetric = ${preconditioner?.symmetric}, stationary = ${preconditioner?.stationary}`,
    hint: "Use the additive (symmetric) form of the preconditioner, or fgmres.",
  }));
}

/** Throws `InvalidArgumentError` unless M is the same linear map at every call. */
export function requireStationarity(method: string, { preconditioner }: KrylovSystem): void {
  requireArgument(preconditioner === undefined || preconditioner.stationary, () => ({
    what: "preconditioner",
    where: method,
    expected: "a stationary preconditioner",
    got: "one with stationary = false",
    hint: "Use fgmres: it keeps each preconditioned vector and allows M to vary.",
  }));
}

/** Throws `InvalidArgumentError` unless `restart` is a number of basis columns. */
export function requireRestart(method: string, restart: number): void {
  requireArgument(Number.isInteger(restart) && restart >= 1, () => ({
    what: "restart",
    where: method,
    expected: "an integer, 1 or more",
    got: String(restart),
  }));
}
