import type { UpdateRecord } from "@parakkt/layers";
import type { TopLevelSpec } from "vega-lite";
import { thinned } from "./thinned.js";
import type { TrainingReport } from "./training-report.js";

/** A plot of a training and what it shows. */
export interface TrainingPlot {
  readonly title: string;
  readonly about: string;
  readonly spec: TopLevelSpec;
}

interface Point {
  readonly x: number;
  readonly y: number;
  readonly series: string;
}

const MOST_POINTS = 600;

/** Those of the plots for which the training has data. */
export function trainingPlots(report: TrainingReport, updates: readonly UpdateRecord[]): TrainingPlot[] {
  const { epochs, agreement, indicator } = report;
  const plots = [
    plot("Loss", "mean of the epoch, and of the validation set after it", { x: "epoch", y: "loss", log: true }, [
      ...epochs.map(({ epoch, trainingLoss }) => ({ x: epoch + 1, y: trainingLoss, series: "training" })),
      ...epochs.flatMap(({ epoch, validationLoss }) => (validationLoss === null ? [] : [{ x: epoch + 1, y: validationLoss, series: "validation" }])),
    ]),
    plot("Validation accuracy", "share of right answers", { x: "epoch", y: "accuracy", log: false }, epochs.flatMap(({ epoch, validationAccuracy }) => (validationAccuracy === null ? [] : [{ x: epoch + 1, y: validationAccuracy, series: "validation" }]))),
    plot("Residuals of the solves", "reduction of the residual over the cycles of an update", { x: "update", y: "last / first", log: true }, thinned(updates, MOST_POINTS).flatMap(reductions)),
    plot("Error of the gradient", "against the serial gradient, relative (TRN.4)", { x: "update", y: "error", log: true }, agreement.map(({ update, relativeError }) => ({ x: update, y: relativeError, series: "relative error" }))),
    plot("Angle to the serial gradient", "1 − cosine (TRN.4)", { x: "update", y: "1 − cos", log: true }, agreement.map(({ update, cosine }) => ({ x: update, y: Math.max(1 - cosine, 1e-16), series: "1 − cosine" }))),
    plot("Convergence indicator", "ratio of the last two residuals of a doubled solve (TRN.3); above the threshold the iteration is given up", { x: "update", y: "ρ", log: true }, indicator.flatMap(({ update, forward, backward }) => [
      { x: update, y: forward, series: "forward" },
      { x: update, y: backward, series: "backward" },
    ])),
    plot("Modelled speed-up", "of an update over serial propagation, by workers: counted layers, no communication; not measured", { x: "workers", y: "speed-up", log: false }, (report.modelled?.workers ?? []).flatMap(({ workers, speedup }) => (workers === null ? [] : [{ x: workers, y: speedup, series: "modelled" }]))),
  ];
  return plots.flatMap((each) => (each ? [each] : []));
}

function reductions({ update, forwardResiduals, backwardResiduals }: UpdateRecord): Point[] {
  const of = (norms: readonly number[], series: string): Point[] => (norms.length > 1 && norms[0]! > 0 ? [{ x: update, y: norms.at(-1)! / norms[0]!, series }] : []);
  return [...of(forwardResiduals, "forward"), ...of(backwardResiduals, "backward")];
}

function plot(title: string, about: string, axes: { readonly x: string; readonly y: string; readonly log: boolean }, points: readonly Point[]): TrainingPlot | undefined {
  const shown = points.filter(({ y }) => Number.isFinite(y) && (!axes.log || y > 0));
  if (shown.length === 0) return undefined;
  const single = new Set(shown.map(({ series }) => series)).size < 2;
  const spec: TopLevelSpec = {
    width: 460,
    height: 240,
    data: { values: shown.map((point) => ({ ...point })) },
    mark: { type: "line", point: shown.length < 40 },
    encoding: {
      x: { field: "x", type: "quantitative", title: axes.x, axis: { tickMinStep: 1 } },
      y: { field: "y", type: "quantitative", title: axes.y, scale: axes.log ? { type: "log" } : { zero: false } },
      color: { field: "series", type: "nominal", title: null, legend: single ? null : {}, scale: { range: ["#0072B2", "#D55E00"] } },
    },
  };
  return { title, about, spec };
}
