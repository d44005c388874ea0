import { COORDINATES } from "../formula/compile-formula.js";
import { formulaFunctions } from "../formula/formula-functions.js";
import type { Finding } from "./cross-checks.js";
import type { ConfigInput } from "./schema.js";

/** Mistakes in the section `problem` that its schema cannot see: lengths, order of times, names, signs. */
export function checkProblem({ problem }: ConfigInput): Finding[] {
  return [checkDomain(problem), ...checkTime(problem), ...checkParameters(problem), checkControlScale(problem), checkSomethingToDo(problem)].filter(
    (finding) => finding !== undefined,
  );
}

type Problem = ConfigInput["problem"];

function checkDomain({ domain }: Problem): Finding | undefined {
  const { extent, cells } = domain ?? {};
  if (extent === undefined || cells === undefined || extent.length === cells.length) return undefined;
  const what = `expected one entry per axis in both, got ${cells.length} cells and ${extent.length} extents`;
  return { at: "problem.domain.cells", because: ["problem.domain.extent"], what, hint: "give both lists the same length" };
}

function checkTime({ time }: Problem): Finding[] {
  const { final, steps, nodes } = time ?? {};
  if (nodes === undefined) return [];
  const findings: Finding[] = [];
  if (final !== undefined || steps !== undefined) {
    const what = "nodes cannot stand beside final and steps";
    findings.push({ at: "problem.time.nodes", what, hint: "keep nodes for unequal steps, or final and steps for equal ones" });
  }
  if (nodes[0] !== 0) {
    findings.push({ at: "problem.time.nodes.0", what: `expected the first time to be 0, got ${nodes[0]}`, hint: "start the list with 0" });
  }
  const wrong = nodes.findIndex((time, k) => k > 0 && !(time > nodes[k - 1]!));
  if (wrong > 0) {
    const what = `expected a time after ${nodes[wrong - 1]}, got ${nodes[wrong]}`;
    findings.push({ at: `problem.time.nodes.${wrong}`, what, hint: "list the times in ascending order" });
  }
  return findings;
}

function checkParameters({ parameters }: Problem): Finding[] {
  const reserved = new Set<string>([...COORDINATES, "pi", ...formulaFunctions.keys()]);
  return Object.keys(parameters ?? {}).flatMap((name): Finding[] => {
    const at = ["problem", "parameters", name];
    if (reserved.has(name)) return [{ at, what: `the name ${name} has a meaning in formulas already`, hint: "choose another name" }];
    if (/^[A-Za-z_]\w{0,63}$/.test(name)) return [];
    return [{ at, what: "a parameter's name must be letters, digits and _ (at most 64), not starting with a digit", hint: "choose another name" }];
  });
}

function checkControlScale({ controlScale }: Problem): Finding | undefined {
  if (controlScale !== 0) return undefined;
  return { at: "problem.controlScale", what: "expected a number other than 0, got 0", hint: "with 0 the control has no effect; leave it out for 1" };
}

/** With nothing but zeros the solution is zero and a relative residual has no meaning. */
function checkSomethingToDo({ target = 0, initialState = 0, source = 0 }: Problem): Finding | undefined {
  const isZero = (field: unknown): boolean => field === 0 || (typeof field === "string" && field.trim() !== "" && Number(field) === 0);
  if (!isZero(target) || !isZero(initialState) || !isZero(source)) return undefined;
  const what = "target, initialState and source are all 0, so there is nothing to solve";
  return { at: "problem.target", because: ["problem.initialState", "problem.source"], what, hint: 'give a target, such as "sin(pi*x)"' };
}
