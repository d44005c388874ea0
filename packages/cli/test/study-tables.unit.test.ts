import type { CellRecord } from "../dist/study/cell-record.js";
import { fitStudy } from "../dist/study/fits.js";
import { speedUps } from "../dist/study/speed-up.js";
import { studyPlots } from "../dist/study/plots.js";
import { studyAxes } from "../dist/study/study-axes.js";
import { csvText, studyColumns } from "../dist/study/study-columns.js";
import { agreement, cellTable, methodTable, type TableSource } from "../dist/study/study-table.js";
import { latexTable, markdownTable } from "../dist/study/table-formats.js";

interface Given {
  readonly values: CellRecord["values"];
  readonly iterations?: number;
  readonly seconds?: number;
  readonly residual?: number;
  readonly role?: CellRecord["role"];
  readonly method?: string;
}

function cell({ values, iterations = 10, seconds = 1, residual = 1e-9, role = "cell", method = "" }: Given): CellRecord {
  const result = { iterations, relativeResidual: residual, relativeTolerance: 1e-8, objective: 1, unknowns: 1, setupSeconds: 0, solveSeconds: seconds, runSeconds: [seconds], peakRss: 1, spatialSolves: 1, digest: "", report: "" };
  return { schemaVersion: 1, id: JSON.stringify([method, values]), role, method, values, outcome: "converged", exitCode: 0, message: "converged", result };
}

const failed = (values: CellRecord["values"]): CellRecord => {
  const { schemaVersion, id, role, method } = cell({ values });
  return { schemaVersion, id, role, method, values, outcome: "failed", exitCode: 77, message: "over budget | too large" };
};

const source = (records: readonly CellRecord[]): TableSource => ({ records, axes: studyAxes(records), speedUp: speedUps(records) });

test("a speed-up is measured against the fastest serial method of the same problem that reached the same true residual", () => {
  const small = { "problem.time.steps": 64 };
  const records = [
    cell({ values: { ...small, ranks: 4 }, seconds: 2 }),
    cell({ values: { ...small, ranks: 8 }, seconds: 1, residual: 2e-8 }),
    cell({ values: { "problem.time.steps": 128, ranks: 4 }, seconds: 1 }),
    cell({ values: small, role: "baseline", method: "slow", seconds: 30 }),
    cell({ values: small, role: "baseline", method: "best", seconds: 10 }),
    cell({ values: small, role: "baseline", method: "inaccurate", seconds: 0.1, residual: 2e-8 }),
  ];
  expect(records.map(speedUps(records))).toEqual([{ factor: 5, baseline: "best" }, undefined, undefined, undefined, undefined, undefined]);
});

test("failed cells are shown in every table and left out of the fit", () => {
  const records = [...[64, 128, 256].map((N) => cell({ values: { "problem.time.steps": N }, iterations: N / 8 })), failed({ "problem.time.steps": 512 })];
  expect(cellTable(source(records)).rows.at(-1)).toEqual(["512", "–", "–", "–", "failed"]);
  expect(csvText(studyColumns(source(records)))).toContain("over budget | too large");
  const [fit] = fitStudy(records, studyAxes(records), { seed: 1, resamples: 200, robustWithin: 0.1 });
  expect(fit).toMatchObject({ formula: "iterations ≈ 0.125 · N^1.00", law: { observations: 3 }, verdicts: [{ symbol: "N", verdict: "no, grows" }] });
});

test("methods become columns, with the reference beside what was found, and counts that differ are named", () => {
  const at = (N: number, method: string, iterations: number) => cell({ values: { "problem.time.steps": N }, method, iterations });
  const records = [at(64, "one", 7), at(64, "two", 12), at(128, "one", 8), at(128, "two", 15)];
  const reference = ({ method }: Pick<CellRecord, "method">) => (method === "two" ? 12 : undefined);
  const given = { ...source(records), reference };
  expect(methodTable(given)).toEqual({ heading: ["N", "one", "two"], rows: [["64", "– | 7", "12 | 12"], ["128", "– | 8", "12 | 15"]] });
  expect(agreement(given, 1)).toEqual({ compared: 2, agreeing: 1, differing: ["N = 128, two: reference 12, here 15"] });
  expect(agreement(given, 3).differing).toEqual([]);
});

test("symbols: a list of cells stands for its interior points, a text makes groups, a baseline does not vary anything", () => {
  const records = [
    cell({ values: { "problem.domain.cells": [16, 8], "solver.method": "cg" } }),
    cell({ values: { "problem.domain.cells": [32, 8], "solver.method": "gmres" } }),
    cell({ values: { "problem.domain.cells": [32, 8] }, role: "baseline", method: "direct" }),
  ];
  expect(studyAxes(records)).toEqual([{ key: "problem.domain.cells", symbol: "n", letter: "d" }, { key: "solver.method", symbol: "method" }]);
});

test("an entry of a list is named with the list", () => {
  const records = [16, 32].map((cells) => cell({ values: { "problem.domain.cells.0": cells, "problem.time.steps": cells } }));
  expect(studyAxes(records).map(({ symbol }) => symbol)).toEqual(["cells.0", "N"]);
});

test("special characters survive Markdown, LaTeX and CSV, and no spreadsheet takes them for a formula", () => {
  const table = { heading: ["a|b", "ω"], rows: [["x_1 & 50%", "1e-4"], ["\\input{x}", "2.5e6"]] };
  expect(markdownTable(table)).toBe("| a\\|b | ω |\n|---|---|\n| x_1 & 50% | 1e-4 |\n| \\\\input{x} | 2.5e6 |\n");
  const latex = latexTable(table);
  expect(latex).toContain("x\\_1 \\& 50\\% & $10^{-4}$");
  expect(latex).toContain("\\textbackslash{}input\\{x\\} & $2.5\\cdot 10^{6}$");
  expect(latex).toContain("{lr}");
  const columns = [{ name: "text", type: "STRING" as const, values: ['=cmd("x")', "a,b", undefined] }];
  expect(csvText(columns)).toBe('text\r\n"\'=cmd(""x"")"\r\n"a,b"\r\n\r\n');
});

test("LaTeX rows that begin with what a line end would take for its argument are kept apart from it; letters without a command are told", () => {
  const latex = latexTable({ heading: ["n", "* λ ≥ 2₁ é"], rows: [["[8,8]", "1"], ["*", "[2]"], ["8", "[2]"]] });
  expect(latex.split("\n").slice(3, 9)).toEqual(["  n & * $\\lambda$ $\\ge$ 2$_1$ é \\\\", "  \\midrule", "  {}[8,8] & 1 \\\\", "  {}* & [2] \\\\", "  8 & [2] \\\\", "  \\bottomrule"]);
  expect(latex).not.toContain("LuaLaTeX");
  expect(latexTable({ heading: ["中"], rows: [] })).toContain("% needs LuaLaTeX or XeLaTeX, and a font that has 中\n");
});

test("methods of equal configs keep a row each, in tables and against their references, and count once in fits", () => {
  const at = (N: number, method: string): CellRecord => ({ ...cell({ values: { "problem.time.steps": N }, method, iterations: 5 }), id: `solve ${N}` });
  const records = [64, 128, 256].flatMap((N) => ["auto", "by name"].map((method) => at(N, method)));
  expect(methodTable(source(records))!.rows).toEqual([["64", "5", "5"], ["128", "5", "5"], ["256", "5", "5"]]);
  const twice = [64, 128, 256].flatMap((N) => [8, 16].map((P) => ({ ...at(N, ""), values: { "problem.time.steps": N, "preconditioner.subdomains": P } })));
  const [fit] = fitStudy(twice, studyAxes(twice), { seed: 1, resamples: 100, robustWithin: 0.1 });
  expect(fit!.law!.observations).toBe(3);
  expect(fit!.verdicts.map(({ words }) => words)).toEqual([expect.stringContaining("(N = 64 … 256: 3 values in 3 solves)"), "robust in P: undecided, it does not vary on its own"]);
});

test("a plot with more lines than colours says what lines of one mark differ in", () => {
  const grid = (subdomains: readonly number[]) => [64, 128, 256].flatMap((N) => subdomains.flatMap((P) => [1e-2, 1e-4].map((omega) => cell({ values: { "problem.time.steps": N, "preconditioner.subdomains": P, "problem.regularization": omega } }))));
  const subtitle = (records: readonly CellRecord[]): unknown => JSON.parse(JSON.stringify(studyPlots(records, studyAxes(records)).find(({ name }) => name === "iterations-regularization")!.spec.title));
  expect(subtitle(grid([4, 8, 16]))).toMatchObject({ text: "Iterations against ω", subtitle: ["lines of one mark differ in P"] });
  expect(subtitle(grid([4, 8]))).toMatchObject({ subtitle: [] });
});
