import { boxGrid, cg, choleskySolver, diffusionOperator, fastDiagonalizationSolver, heatProblem, multigridSolver, nestedDissection, requireName, schurFormulation, solveOptimalControl, uniformTimeGrid } from "@parakkt/core";

/** A name as a program in plain JavaScript would misspell it. */
const misspelt = (name: string): never => name as never;

const operator = diffusionOperator(boxGrid({ extent: [1, 1], cells: [4, 4] }), 1);

test.each<[string, () => unknown, () => unknown]>([
  ["multigridSolver: precision", () => multigridSolver(operator, { precision: misspelt("singel") }), () => multigridSolver(operator, { precision: "single" })],
  ["choleskySolver: precision", () => choleskySolver(operator, { precision: misspelt("Double") }), () => choleskySolver(operator, { precision: "double" })],
  ["nestedDissection: neighbours", () => nestedDissection([3, 3], misspelt("axis")), () => nestedDissection([3, 3], "axes")],
])("a misspelt name is refused with those that were expected, and not taken for another: %s", (words, wrong, right) => {
  expect(wrong).toThrow(expect.objectContaining({ name: "InvalidArgumentError", message: expect.stringMatching(new RegExp(`^${words}: expected one of ".*", got "`)) }));
  expect(right).not.toThrow();
});

test("the message has every name, and the kind of what is no name", () => {
  const check = (value: unknown) => () => requireName(value, ["additive", "restricted"], { what: "combination", where: "twoLevel" });
  expect(check("aditive")).toThrow('twoLevel: combination: expected one of "additive", "restricted", got "aditive"');
  expect(check(undefined)).toThrow("got undefined");
  expect(check(3)).toThrow("got number");
  expect(check("restricted")).not.toThrow();
});

test.each(["space", "time", "diffusivity", "initialState", "target", "regularization", "spatialSolver"])("a heat problem without %s is refused by that name", (key) => {
  const complete = { space: boxGrid({ extent: [1], cells: [4] }), time: uniformTimeGrid(1, 2), diffusivity: 1, regularization: 1, initialState: () => 0, target: () => 1, spatialSolver: fastDiagonalizationSolver };
  expect(() => heatProblem(complete)).not.toThrow();
  expect(() => heatProblem({ ...complete, [key]: undefined })).toThrow(`heatProblem: ${key}: expected a value`);
});

test.each([
  ["formulation", { formulation: misspelt("schur") }],
  ["method", { method: misspelt("cg") }],
  ["preconditioner", { preconditioner: misspelt("two-level") }],
])("a name in place of the function that makes the %s is refused with an example", (what, wrong) => {
  const problem = heatProblem({ space: boxGrid({ extent: [1], cells: [4] }), time: uniformTimeGrid(1, 2), diffusivity: 1, regularization: 1, initialState: () => 0, target: () => 1, spatialSolver: fastDiagonalizationSolver });
  const options = { formulation: schurFormulation, method: cg };
  expect(() => solveOptimalControl(problem, { ...options, ...wrong })).toThrow(new RegExp(`^optimalControlSolver: ${what}: expected a function .* schurFormulation.*, got "`));
  expect(solveOptimalControl(problem, options).reason.kind).toBe("converged");
});
