import { cg, euclideanSpace, fgmres, gmres, heapArena, InvalidArgumentError, minres, type KrylovMethod, type KrylovSystem, type StoppingCriteria } from "@parakkt/core";
import { Matrix } from "ml-matrix";
import { denseOperator, densePreconditioner, denseSystem } from "./krylov-matrices.js";

const methods: [string, (system: KrylovSystem) => KrylovMethod][] = [
  ["cg", cg],
  ["minres", minres],
  ["gmres", gmres],
  ["fgmres", fgmres],
];

function mistake(action: () => unknown): InvalidArgumentError {
  try {
    action();
  } catch (error) {
    if (error instanceof InvalidArgumentError) return error;
    throw error;
  }
  throw new Error("no mistake was found");
}

const identity = Matrix.eye(3);
const rhs = Float64Array.of(1, 2, 3);

describe.each(methods)("%s refuses", (name, create) => {
  test("an operator or a preconditioner of another size than the space", () => {
    expect(mistake(() => create({ operator: denseOperator(Matrix.eye(4)), space: euclideanSpace(3) })).report).toMatchObject({ where: name, got: "4 × 4" });
    const preconditioner = densePreconditioner(Matrix.eye(2));
    expect(mistake(() => create(denseSystem(identity, { preconditioner }))).report).toMatchObject({ what: "size of the preconditioner", got: "2" });
  });

  test("to be called without a system, as in `method: gmres({ restart: 30 })`, and says how it is meant", () => {
    const called = create as unknown as (options?: object) => unknown;
    for (const options of [undefined, { restart: 30 }]) expect(mistake(() => called(options)).report.hint).toContain(`(system) => ${name}(system, options)`);
  });

  test("vectors of another length, and the same one as right-hand side and solution", () => {
    const method = create(denseSystem(identity));
    expect(mistake(() => method.solve(rhs, new Float64Array(2))).message).toContain("3 and 2");
    expect(mistake(() => method.solve(rhs, rhs)).message).toContain("the same one");
  });

  test.each([
    { relativeTolerance: -1 },
    { relativeTolerance: Number.NaN },
    { absoluteTolerance: Number.POSITIVE_INFINITY },
    { maxIterations: 1.5 },
    { maxIterations: -1 },
    { stagnationWindow: 0 },
  ] satisfies Partial<StoppingCriteria>[])("criteria like %o", (criteria) => {
    const [key] = Object.keys(criteria);
    expect(mistake(() => create(denseSystem(identity)).solve(rhs, new Float64Array(3), criteria)).report.what).toBe(key);
  });

  test("to solve after dispose", () => {
    const method = create(denseSystem(identity));
    method.dispose();
    expect(mistake(() => method.solve(rhs, new Float64Array(3))).report.hint).toContain("new method");
  });
});

describe.each([["cg", cg], ["minres", minres]] as const)("%s refuses, with a way out,", (_, create) => {
  test("an operator that says it is not symmetric", () => {
    expect(mistake(() => create(denseSystem(identity, { symmetric: false }))).report.hint).toContain("gmres");
  });

  test.each([{ symmetric: false }, { stationary: false }])("a preconditioner with %o", (property) => {
    const preconditioner = densePreconditioner(identity, property);
    expect(mistake(() => create(denseSystem(identity, { preconditioner }))).report.hint).toContain("fgmres");
  });
});

describe("the methods with a basis", () => {
  const preconditioner = densePreconditioner(identity, { symmetric: false, stationary: false });

  test("differ in whether the preconditioner may vary", () => {
    expect(mistake(() => gmres(denseSystem(identity, { preconditioner }))).report.hint).toContain("fgmres");
    expect(() => fgmres(denseSystem(identity, { preconditioner }))).not.toThrow();
  });

  test.each([gmres, fgmres])("refuse a restart length that is no positive integer", (create) => {
    for (const restart of [0, -3, 2.5, Number.NaN]) {
      expect(mistake(() => create(denseSystem(identity), { restart })).report.what).toBe("restart");
    }
  });
});

test("dispose leaves an arena that was given to its owner", () => {
  const arena = heapArena();
  cg({ ...denseSystem(identity), arena }).dispose();
  expect(() => arena.allocate(1)).not.toThrow();
});
