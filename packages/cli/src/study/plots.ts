import type { TopLevelSpec } from "vega-lite";
import type { CellRecord } from "./cell-record.js";
import { groupName, quantityOf, type StudyFit } from "./fits.js";
import { factorOf, type StudyAxis } from "./study-axes.js";

/** A plot and the name of its files. */
export interface StudyPlot {
  readonly name: string;
  readonly spec: TopLevelSpec;
}

type Quantity = StudyFit["quantity"];

/** Iterations and seconds of the converged cells against each axis that is a number. */
export function studyPlots(records: readonly CellRecord[], axes: readonly StudyAxis[]): StudyPlot[] {
  const solved = records.filter(({ role, outcome }) => role === "cell" && outcome === "converged");
  const numeric = axes.filter(({ letter }) => letter !== undefined);
  if (solved.length === 0) return [];
  const lines = numeric.flatMap((axis) =>
    (["iterations", "seconds"] as const).map((quantity) => ({
      name: `${quantity}-${axis.key.split(".").at(-1)!}`,
      spec: lineSpec({ axis, quantity, points: pointsOf({ solved, axis, axes, quantity }), others: axes.filter((other) => other !== axis) }),
    })),
  );
  return [...lines, ...spectraPlot(solved, axes)];
}

/** Ritz values of every cell that has them, one row a cell; the first cells only where there are many. */
function spectraPlot(solved: readonly CellRecord[], axes: readonly StudyAxis[]): StudyPlot[] {
  const seen = solved.filter(({ result }) => result?.ritzValues !== undefined).slice(0, MOST_SPECTRA);
  if (seen.length === 0) return [];
  const values = seen.flatMap((record) => record.result!.ritzValues!.map((ritz) => ({ ritz, cell: groupName(record, axes) || "as configured" })));
  const spec = {
    $schema: VEGA_LITE,
    title: "Ritz values of the preconditioned operator",
    width: 420,
    height: { step: 22 },
    background: "white",
    config: LOOK,
    data: { values },
    mark: { type: "tick", thickness: 1.5, color: COLOURS[0]! },
    encoding: { x: { field: "ritz", type: "quantitative", title: "Ritz value (real part)", scale: { zero: true } }, y: { field: "cell", type: "nominal", title: null, sort: null, axis: { labelLimit: 360 } } },
  };
  return [{ name: "spectra", spec: spec as TopLevelSpec }];
}

/** Rows of the plot of spectra. */
const MOST_SPECTRA = 40;
const VEGA_LITE = "https://vega.github.io/schema/vega-lite/v6.json";
const LOOK = { font: "DejaVu Sans, Verdana, sans-serif", axis: { labelFontSize: 12, titleFontSize: 13 }, legend: { labelLimit: 360, labelFontSize: 11, symbolSize: 70 } };

interface Point {
  readonly x: number;
  readonly y: number;
  /** Values of all other axes: cells of one line. */
  readonly line: string;
  /** What the legend tells apart. */
  readonly series: string;
}

function pointsOf({ solved, axis, axes, quantity }: { solved: readonly CellRecord[]; axis: StudyAxis; axes: readonly StudyAxis[]; quantity: Quantity }): Point[] {
  const others = axes.filter((other) => other !== axis);
  const lines = solved.map((record) => groupName(record, others));
  const distinct = new Set(lines).size;
  const coarse = solved.some(({ method }) => method !== "") ? [] : others.slice(0, 1);
  return solved.flatMap((record, i) => {
    const x = factorOf(axis.key, record.values[axis.key]);
    const y = quantityOf(record.result!, quantity);
    const line = lines[i] || "all";
    return x === undefined || y <= 0 ? [] : [{ x, y, line, series: (distinct <= MOST_SERIES ? line : groupName(record, coarse)) || "all" }];
  });
}

/** More lines than this share a colour. */
const MOST_SERIES = 8;
/** Colours that stay apart for colour-blind readers and in grey [Okabe and Ito]. */
const COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7F6000", "#000000"];

/** What lines of one colour differ in, where there are more lines than colours. */
function sharedColours(points: readonly Point[], others: readonly StudyAxis[]): string[] {
  const count = (of: (point: Point) => string): number => new Set(points.map(of)).size;
  if (count(({ line }) => line) === count(({ series }) => series)) return [];
  const named = points[0]!.series;
  const unnamed = others.filter(({ symbol }) => !named.startsWith(`${symbol} = `)).map(({ symbol }) => symbol);
  return [`lines of one mark differ in ${unnamed.join(", ")}`];
}

function lineSpec({ axis, quantity, points, others }: { axis: StudyAxis; quantity: Quantity; points: Point[]; others: readonly StudyAxis[] }): TopLevelSpec {
  const xs = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b);
  const wide = xs.at(-1)! >= 4 * xs[0]!;
  const single = new Set(points.map(({ series }) => series)).size < 2;
  return {
    $schema: VEGA_LITE,
    title: { text: `${quantity === "iterations" ? "Iterations" : "Set-up and solve time"} against ${axis.symbol}`, subtitle: sharedColours(points, others), subtitleFontSize: 12 },
    width: 420,
    height: 280,
    background: "white",
    config: LOOK,
    data: { values: points },
    mark: { type: "line", point: { filled: true, size: 45 }, strokeWidth: 1.5 },
    encoding: {
      x: { field: "x", type: "quantitative", title: axisTitle(axis), scale: { ...(wide ? { type: "log" } : { type: "linear", zero: false }), nice: false, padding: 12 }, axis: { values: xs, labelExpr: "datum.value < 0.001 ? format(datum.value, '.0e') : datum.value", labelOverlap: true, grid: false } },
      y: { field: "y", type: "quantitative", title: quantity === "iterations" ? "iterations" : "seconds", scale: quantity === "iterations" ? { zero: true } : { type: "log", nice: true } },
      detail: { field: "line" },
      ...(!single && { color: { field: "series", type: "nominal", title: null, sort: null, scale: { range: COLOURS } }, shape: { field: "series", type: "nominal", title: null, sort: null } }),
    },
  } as TopLevelSpec;
}

const axisTitle = ({ symbol, key }: StudyAxis): string => (symbol === key.split(".").at(-1) ? symbol : `${symbol} (${key})`);
