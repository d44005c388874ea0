/** A config with a mistake: what it says, and what the loader must answer. */
export interface MalformedConfig {
  readonly name: string;
  readonly text: string;
  readonly overrides?: readonly string[];
  readonly exitCode?: number;
  /** line:column of the first mistake, or the option that holds it. */
  readonly at: string;
  readonly key?: string;
  /** Words that the message must hold. */
  readonly says: readonly string[];
}

const GOOD = 'problem:\n  target: "sin(pi*x)"\n';

const yaml: readonly MalformedConfig[] = [
  { name: "an empty file", text: "", at: "1:1", says: ["empty", "problem:"] },
  { name: "only a comment", text: "# nothing\n", at: "1:1", says: ["empty"] },
  { name: "only null", text: "~\n", at: "1:1", says: ["empty"] },
  { name: "a text instead of sections", text: "hello\n", at: "1:1", says: ["a mapping of sections", "hello"] },
  { name: "a list instead of sections", text: "- problem\n", at: "1:1", says: ["a mapping of sections"] },
  { name: "two documents", text: `${GOOD}---\nproblem: {}\n`, at: "4:1", says: ["second document"] },
  { name: "a document after its end", text: `${GOOD}...\nfoo\n`, at: "4:1", says: ["second document"] },
  { name: "an anchor", text: "problem:\n  target: &a 1\n", at: "2:14", key: "problem.target", says: ["anchors"] },
  { name: "an alias", text: "problem:\n  target: *a\n", at: "2:11", key: "problem.target", says: ["aliases", "quotes"] },
  { name: "an alias as key", text: "problem:\n  *a : 1\n", at: "2:3", says: ["aliases"] },
  { name: "a merge key", text: "problem:\n  <<: { target: 1 }\n", at: "2:3", says: ["merge keys"] },
  { name: "a custom tag", text: "problem:\n  target: !formula x\n", at: "2:11", says: ["!formula"] },
  { name: "a binary tag", text: "problem:\n  target: !!binary aGk=\n", at: "2:20", says: ["tags"] },
  { name: "a __proto__ key", text: "problem:\n  __proto__: { target: 1 }\n", at: "2:3", key: "problem.__proto__", says: ["refused"] },
  { name: "a constructor key", text: "constructor: 1\n", at: "1:1", key: "constructor", says: ["refused"] },
  { name: "a prototype key in JSON", text: '{"problem": {"prototype": 1}}', at: "1:14", key: "problem.prototype", says: ["refused"] },
  { name: "a key that stands twice", text: `${GOOD}  target: 2\n`, at: "3:3", key: "problem.target", says: ["twice", "2:3"] },
  { name: "a JSON key that stands twice", text: '{"problem": {"target": 1,\n "target": 2}}', at: "2:2", key: "problem.target", says: ["twice"] },
  { name: "a number as key", text: `${GOOD}1: 2\n`, at: "3:1", says: ["key must be a name"] },
  { name: "a list as key", text: `${GOOD}? [a]\n: 2\n`, at: "3:3", says: ["key must be a name"] },
  { name: "an unclosed quote", text: 'problem:\n  target: "sin(x)\n', at: "3:1", says: ["not valid YAML"] },
  { name: "an unclosed bracket", text: "problem: { target: 1\n", at: "2:1", says: ["not valid YAML"] },
  { name: "a tab as indentation", text: "problem:\n\ttarget: 1\n", at: "2:1", says: ["Tabs"] },
  { name: "an unquoted choice", text: "problem:\n  target: x > 0.5 ? 1 : 0\n", at: "2:11", says: ["not valid YAML", "quotes"] },
  { name: "an old YAML version", text: `%YAML 1.1\n---\n${GOOD}`, at: "1:1", says: ["1.1"] },
  { name: "nesting without end", text: "[".repeat(100_000), at: "1:65", says: ["64 levels"] },
  { name: "block nesting without end", text: "- ".repeat(100_000), at: "1:129", says: ["64 levels"] },
  { name: "too many entries", text: `problem: [${"1,".repeat(150_000)}]`, at: "1:200007", says: ["100000 entries"] },
  { name: "a file of more than 1 MiB", text: `# ${"x".repeat(1024 * 1024)}\n${GOOD}`, at: "1:1", says: ["1048576"] },
  { name: "not a number", text: "problem:\n  regularization: .nan\n", at: "2:19", key: "problem.regularization", says: ["finite", ".nan"] },
  { name: "infinity", text: "problem:\n  regularization: -.inf\n", at: "2:19", says: ["finite"] },
  { name: "a number beyond doubles", text: "problem:\n  regularization: 1e400\n", at: "2:19", says: ["finite", "1e400"] },
];

const structure: readonly MalformedConfig[] = [
  { name: "no problem", text: "solver: { method: cg }\n", at: "1:1", key: "problem", says: ["missing", "add problem:"] },
  { name: "a problem of the wrong kind", text: "problem: 3\n", at: "1:10", key: "problem", says: ["a mapping of keys", "got 3"] },
  { name: "a misspelled section", text: `${GOOD}solvr: {}\n`, at: "3:1", key: "solvr", says: ["unknown key", "solver"] },
  { name: "a misspelled key", text: 'problem:\n  tagret: "x"\n', at: "2:3", key: "problem.tagret", says: ["unknown key", "target"] },
  { name: "a key in the wrong section", text: `${GOOD}maxIterations: 5\n`, at: "3:1", key: "maxIterations", says: ["solver.maxIterations"] },
  { name: "a key nobody knows", text: `${GOOD}qwertyuiop: 5\n`, at: "3:1", says: ["unknown key", "sections: problem"] },
  { name: "a misspelled nested key", text: `${GOOD}preconditioner: { coarse: { nodePerSubdomain: 1 } }\n`, at: "3:29", key: "preconditioner.coarse.nodePerSubdomain", says: ["nodesPerSubdomain"] },
  { name: "a misspelled file key", text: "problem: { target: { fil: a.npy } }\n", at: "1:22", key: "problem.target.fil", says: ["file"] },
  { name: "a text for a number", text: 'problem:\n  target: 1\n  regularization: "1e-4x"\n', at: "3:19", key: "problem.regularization", says: ["positive number", '"1e-4x"'] },
  { name: "a comma as decimal point", text: "problem: { target: 1 }\nsolver:\n  relativeTolerance: 1,5\n", at: "3:22", says: ["1,5", "plain number"] },
  { name: "a negative regularization", text: "problem: { target: 1, regularization: -1 }\n", at: "1:39", key: "problem.regularization", says: ["positive", "-1"] },
  { name: "a zero regularization", text: "problem: { target: 1, regularization: 0 }\n", at: "1:39", says: ["positive"] },
  { name: "a key without value", text: "problem:\n  target: 1\n  regularization:\n", at: "3:18", key: "problem.regularization", says: ["nothing (null)"] },
  { name: "a truth value as field", text: "problem:\n  target: true\n", at: "2:11", key: "problem.target", says: ["formula", "got true"] },
  { name: "a list as field", text: "problem:\n  target: [x]\n", at: "2:11", says: ["formula", "quotes"] },
  { name: "a formula split by a flow mapping", text: "problem: { target: max(x, y) }\n", at: "1:20", key: "problem.target", says: ["unknown key", "1:27", "in quotes"] },
  { name: "a file without a name", text: 'problem: { target: { file: "" } }\n', at: "1:28", key: "problem.target.file", says: ["path"] },
  { name: "cells that are no list", text: "problem: { target: 1, domain: { cells: 32 } }\n", at: "1:40", key: "problem.domain.cells", says: ["list", "[32]"] },
  { name: "too few cells", text: "problem: { target: 1, domain: { cells: [1, 4] } }\n", at: "1:41", key: "problem.domain.cells.0", says: ["at least 2", "got 1"] },
  { name: "broken cells", text: "problem: { target: 1, domain: { cells: [4.5] } }\n", at: "1:41", says: ["whole number", "4.5"] },
  { name: "four dimensions", text: "problem: { target: 1, domain: { cells: [4, 4, 4, 4] } }\n", at: "1:40", says: ["1 to 3"] },
  { name: "no dimension", text: "problem: { target: 1, domain: { cells: [] } }\n", at: "1:40", says: ["1 to 3"] },
  { name: "a negative extent", text: "problem: { target: 1, domain: { extent: [1, -1] } }\n", at: "1:45", key: "problem.domain.extent.1", says: ["positive"] },
  { name: "a fraction of a step", text: "problem: { target: 1, time: { steps: 2.5 } }\n", at: "1:38", key: "problem.time.steps", says: ["whole number"] },
  { name: "an unknown method", text: `${GOOD}solver:\n  method: gmrse\n`, at: "4:11", key: "solver.method", says: ["cg, minres, gmres, fgmres", "did you mean gmres"] },
  { name: "an unknown formulation", text: `${GOOD}solver: { formulation: shur }\n`, at: "3:24", says: ["did you mean schur"] },
  { name: "an unknown integrator", text: `${GOOD}integrator: { kind: crank-nicolson }\n`, at: "3:21", key: "integrator.kind", says: ["backward-euler"] },
  { name: "a tolerance of 1", text: `${GOOD}solver: { relativeTolerance: 1 }\n`, at: "3:30", says: ["less than 1"] },
  { name: "no iterations", text: `${GOOD}solver: { maxIterations: 0 }\n`, at: "3:26", says: ["at least 1"] },
  { name: "a negative time limit", text: `${GOOD}solver: { timeLimit: -3 }\n`, at: "3:22", says: ["seconds"] },
  { name: "an unknown format of fields", text: `${GOOD}output: { fields: [npy, hdf5] }\n`, at: "3:25", key: "output.fields.1", says: ["vtk, npy", "hdf5"] },
  { name: "a budget in words", text: `${GOOD}budget: { memory: plenty }\n`, at: "3:19", says: ["4GiB"] },
  { name: "checkpoints", text: `${GOOD}checkpoints: { every: 10 }\n`, at: "3:1", says: ["not available in this version"] },
  { name: "a parameter that is no number", text: "problem: { target: 1, parameters: { a: b } }\n", at: "1:40", key: "problem.parameters.a", says: ["a number"] },
];

const combinations: readonly MalformedConfig[] = [
  { name: "nothing to solve", text: "problem: {}\n", at: "1:1", key: "problem.target", says: ["nothing to solve"] },
  { name: "only zeros", text: 'problem:\n  initialState: "0.0"\n', at: "2:3", says: ["nothing to solve"] },
  { name: "more cells than extents", text: "problem: { target: 1, domain: { extent: [1], cells: [4, 4] } }\n", at: "1:46", says: ["2 cells and 1 extents"] },
  { name: "two kinds of time grid", text: "problem: { target: 1, time: { steps: 4, nodes: [0, 1] } }\n", at: "1:41", says: ["beside"] },
  { name: "times that go back", text: "problem: { target: 1, time: { nodes: [0, 0.5, 0.25] } }\n", at: "1:47", key: "problem.time.nodes.2", says: ["after 0.5"] },
  { name: "times that start late", text: "problem: { target: 1, time: { nodes: [0.5, 1] } }\n", at: "1:39", says: ["first time to be 0"] },
  { name: "a parameter named x", text: "problem: { target: 1, parameters: { x: 1 } }\n", at: "1:37", key: "problem.parameters.x", says: ["meaning"] },
  { name: "a parameter named sin", text: "problem: { target: 1, parameters: { sin: 1 } }\n", at: "1:37", says: ["meaning"] },
  { name: "a parameter with a point", text: "problem: { target: 1, parameters: { a.b: 1 } }\n", at: "1:37", says: ["letters"] },
  { name: "a control without effect", text: "problem: { target: 1, controlScale: 0 }\n", at: "1:23", key: "problem.controlScale", says: ["other than 0"] },
  { name: "a negative diffusivity", text: "problem: { target: 1, diffusivity: -2 }\n", at: "1:36", key: "problem.diffusivity", says: ["positive", "-2"] },
  { name: "a negative constant formula as diffusivity", text: "problem: { target: 1, parameters: { a: 1 }, diffusivity: a - 2 }\n", at: "1:58", says: ["positive", "-1"] },
  { name: "cg with a restricted preconditioner", text: `${GOOD}solver: { method: cg }\npreconditioner: { combination: restricted }\n`, at: "4:19", key: "preconditioner.combination", says: ["not symmetric", "additive", "gmres"] },
  { name: "minres with a restricted preconditioner", text: `${GOOD}solver: { method: minres }\npreconditioner: { kind: one-level, combination: restricted }\n`, at: "4:36", says: ["minres"] },
  { name: "cg on the full system", text: `${GOOD}solver: { formulation: full-space, method: cg }\n`, at: "3:36", key: "solver.method", says: ["indefinite", "fgmres"] },
  { name: "gmres on the reduced system", text: `${GOOD}solver: { formulation: reduced, method: gmres }\n`, at: "3:33", says: ["reduced", "cg"] },
  { name: "a preconditioned reduced system", text: `${GOOD}solver: { formulation: reduced }\npreconditioner: { kind: two-level }\n`, at: "4:19", key: "preconditioner.kind", says: ["without a preconditioner"] },
  { name: "direct with a variable diffusivity", text: "problem: { target: 1, diffusivity: 1 + x }\nsolver: { formulation: direct }\n", at: "2:11", key: "solver.formulation", says: ["constant diffusivity"] },
  { name: "fast diagonalization with a variable diffusivity", text: "problem: { target: 1, diffusivity: 1 + x }\nspatialSolver: { kind: fast-diagonalization }\n", at: "2:18", key: "spatialSolver.kind", says: ["constant", "multigrid"] },
  { name: "multigrid in one dimension", text: "problem: { target: 1, domain: { cells: [8] } }\nspatialSolver: { kind: multigrid }\n", at: "2:18", says: ["cholesky"] },
  { name: "cycles of a direct solver", text: `${GOOD}spatialSolver: { kind: cholesky, cycles: 2 }\n`, at: "3:34", key: "spatialSolver.cycles", says: ["belong to multigrid"] },
  { name: "more subdomains than steps", text: "problem: { target: 1, time: { steps: 8 } }\npreconditioner: { subdomains: 9 }\n", at: "2:19", key: "preconditioner.subdomains", says: ["1 to 8", "got 9"] },
  { name: "too much overlap", text: "problem: { target: 1, time: { steps: 8 } }\npreconditioner: { subdomains: 4, overlap: 3 }\n", at: "2:34", key: "preconditioner.overlap", says: ["0 to 2", "got 3"] },
  { name: "too many coarse nodes", text: "problem: { target: 1, time: { steps: 8 } }\npreconditioner: { subdomains: 4, coarse: { nodesPerSubdomain: 3 } }\n", at: "2:44", says: ["1 to 2"] },
  { name: "time diagonalization", text: `${GOOD}preconditioner: { kind: time-diagonalization }\n`, at: "3:19", says: ["not available in this version"] },
  { name: "threads", text: `${GOOD}parallel: { backend: threads }\n`, at: "3:13", key: "parallel.backend", says: ["not available in this version", "serial"] },
  { name: "mpi", text: `${GOOD}parallel: { backend: mpi }\n`, at: "3:13", says: ["not available in this version"] },
  { name: "two tolerances of zero", text: `${GOOD}solver: { relativeTolerance: 0 }\n`, at: "3:11", says: ["both tolerances are 0"] },
];

const formula = (name: string, text: string, column: number, ...says: string[]): MalformedConfig => ({
  name,
  text: `problem:\n  parameters: { peak: 2 }\n  target: ${JSON.stringify(text)}\n`,
  at: "3:11",
  key: "problem.target",
  says: [`(column ${column} of the formula)`, ...says],
});

const formulas: readonly MalformedConfig[] = [
  formula("an empty formula", "  ", 1, "empty"),
  formula("an unknown name", "sin(pi*q)", 8, 'unknown name "q"', "x, y, t, pi, peak", "       ^"),
  formula("a misspelled parameter", "paek*x", 1, "did you mean peak"),
  formula("z in two dimensions", "x*z", 3, "z is not available here", "2 dimensions"),
  formula("Euler's number", "e^x", 1, "exp(1)"),
  formula("an unknown function", "sine(x)", 1, "did you mean sin"),
  formula("a function without arguments", "sin*x", 1, "brackets"),
  formula("too many arguments", "sin(x, y)", 1, "sin takes 1 argument, got 2"),
  formula("too few arguments", "max(x)", 1, "two or more"),
  formula("a missing bracket", "sin(pi*(x)", 11, 'expected ")"', "column 1"),
  formula("a bracket too many", "x)", 2, "closing bracket"),
  formula("an operator without operand", "x + ", 5, "end of the formula"),
  formula("two operators", "x */ y", 4, 'got "/"'),
  formula("a product without sign", "2x", 2, "2*x"),
  formula("two names side by side", "x y", 3, "2*x"),
  formula("a call of a number", "2(x)", 2, "2*x"),
  formula("a call of a variable", "x(y)", 1, "not a function"),
  formula("a power by stars", "x**2", 2, "^"),
  formula("chained comparisons", "0 < x < 1", 7, "chained", "multiply"),
  formula("an assignment", "x = 1", 3, "=="),
  formula("a logical and", "(x > 0) && (y > 0)", 9, "multiply"),
  formula("a logical not", "!x", 1, "1 - "),
  formula("a text in a formula", "'x'", 1, "no text"),
  formula("a member", "Math.sin(x)", 5, "point"),
  formula("brackets of a list", "x[0]", 2, "round brackets"),
  formula("a typographic minus", "1 − x", 3, "minus"),
  formula("a superscript", "x²", 2, "^2"),
  formula("a Greek pi", "sin(π*x)", 5, "pi"),
  formula("a choice without else", "x > 1 ? 2", 10, 'expected ":"', "column 7"),
  formula("a colon without choice", "x : 2", 3, "without its ?"),
  formula("a comma outside of a call", "1,5", 2, "point"),
  formula("a number with two points", "1.2.3", 4, "second point"),
  formula("a hexadecimal number", "0x10", 2, "2*x"),
  formula("a number beyond doubles in a formula", "1e400*x", 1, "too large"),
  formula("brackets without end", `${"(".repeat(65)}x${")".repeat(65)}`, 66, "64 levels"),
  formula("signs without end", `${"-".repeat(100)}x`, 66, "64 levels"),
  formula("too many parts", `0${"+1".repeat(600)}`, 1000, "1000"),
  formula("too many characters", "x".repeat(5000), 4097, "4096"),
  { name: "a time in the initial state", text: 'problem:\n  initialState: "x*t"\n', at: "2:17", key: "problem.initialState", says: ["t is not available here", "does not depend on time"] },
  { name: "a time in the diffusivity", text: 'problem:\n  target: 1\n  diffusivity: "1+t"\n', at: "3:16", key: "problem.diffusivity", says: ["does not depend on time"] },
  { name: "y in one dimension", text: 'problem: { domain: { cells: [8] }, target: "y" }\n', at: "1:44", says: ["the domain has 1 dimension (column 1"] },
];

const options: readonly MalformedConfig[] = [
  { name: "an option with an unknown key", text: GOOD, overrides: ["solver.metod=cg"], at: "--set solver.metod=cg", key: "solver.metod", says: ["method"] },
  { name: "an option with a wrong value", text: GOOD, overrides: ["problem.time.steps=abc"], at: "--set problem.time.steps=abc", key: "problem.time.steps", says: ["whole number", '"abc"'] },
  { name: "an option with a bad formula", text: GOOD, overrides: ["problem.target=sin(x"], at: "--set problem.target=sin(x", key: "problem.target", says: ["column 6"] },
  { name: "an option with a forbidden key", text: GOOD, overrides: ["problem.__proto__.x=1"], at: "--set problem.__proto__.x=1", says: ["refused"] },
  { name: "an option below a number", text: GOOD, overrides: ["problem.regularization.x=1"], at: "--set problem.regularization.x=1", says: ["positive number"] },
  { name: "an option past the end of a list", text: "problem: { target: 1, domain: { cells: [4, 4] } }\n", overrides: ["problem.domain.cells.2=4"], at: "--set problem.domain.cells.2=4", says: ["no entry 2"] },
  { name: "an option with broken YAML", text: GOOD, overrides: ["problem.domain.cells=[4,"], at: "--set problem.domain.cells=[4,", says: ["not valid YAML"] },
  { name: "an option beyond doubles", text: GOOD, overrides: ["problem.regularization=1e400"], at: "--set problem.regularization=1e400", says: ["positive number", "Infinity"] },
];

const files: readonly MalformedConfig[] = [
  { name: "a file that is not there", text: "problem: { target: { file: no.npy } }\n", exitCode: 66, at: "1:28", key: "problem.target.file", says: ["no such file"] },
  { name: "a path that leads up", text: "problem: { target: { file: ../no.npy } }\n", at: "1:28", says: ["leads out", "--allow-path"] },
  { name: "an absolute path", text: "problem: { target: { file: /etc/passwd } }\n", at: "1:28", says: ["absolute", "--allow-path"] },
  { name: "a directory as file", text: "problem: { target: { file: . } }\n", exitCode: 66, at: "1:28", says: ["not a file"] },
  { name: "a null character in a path", text: 'problem: { target: { file: "a\\0b" } }\n', at: "1:28", says: ["null character"] },
];

/** Every malformed config with its expected answer. */
export const malformedConfigs: readonly MalformedConfig[] = [...yaml, ...structure, ...combinations, ...formulas, ...options, ...files];
