import { secondsOf, type CellRecord } from "./cell-record.js";
import type { ReferenceCounts } from "./reference-counts.js";
import type { SpeedUp } from "./speed-up.js";
import { formatValue, type StudyAxis } from "./study-axes.js";
import { groupBy } from "./fits.js";

/** What tables are made of. */
export interface TableSource {
  readonly records: readonly CellRecord[];
  readonly axes: readonly StudyAxis[];
  readonly speedUp: (record: CellRecord) => SpeedUp | undefined;
  readonly reference?: ReferenceCounts;
}

/** A heading and text rows; numbers are already written out. */
export interface TextTable {
  readonly heading: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** One row a cell, failed ones too. */
export function cellTable({ records, axes, speedUp, reference }: TableSource): TextTable {
  const methods = records.some(({ method }) => method !== "");
  const compared = records.some((record) => speedUp(record) !== undefined);
  const heading = [
    ...(methods ? ["method"] : []),
    ...axes.map(({ symbol }) => symbol),
    ...(reference ? ["reference", "here"] : ["iterations"]),
    "relKKT",
    "seconds",
    ...(compared ? ["speed-up"] : []),
    "outcome",
  ];
  const rows = records.map((record) => {
    const { method, values, result, role } = record;
    const up = speedUp(record);
    return [
      ...(methods ? [role === "baseline" ? `${method} (baseline)` : method || "as configured"] : []),
      ...axes.map(({ key }) => formatValue(values[key])),
      ...(reference ? [formatCount(reference(record))] : []),
      result === undefined ? "–" : String(result.iterations),
      result?.relativeResidual?.toExponential(1) ?? "–",
      result === undefined ? "–" : secondsOf(result).toPrecision(3),
      ...(compared ? [up === undefined ? "–" : `${up.factor.toPrecision(3)} (${up.baseline})`] : []),
      record.outcome,
    ];
  });
  return { heading, rows };
}

/** Iterations with one column a method, as "reference | here" where there is a reference; `undefined` for a single method. */
export function methodTable({ records, axes, reference }: TableSource): TextTable | undefined {
  const cells = records.filter(({ role }) => role === "cell");
  const methods = [...new Set(cells.map(({ method }) => method))];
  if (methods.length < 2) return undefined;
  const points = groupBy(cells, ({ values }) => JSON.stringify(axes.map(({ key }) => values[key])));
  const rows = [...points.values()].map((members) => [
    ...axes.map(({ key }) => formatValue(members[0]!.values[key])),
    ...methods.map((method) => describeCount(members.find((record) => record.method === method), reference)),
  ]);
  return { heading: [...axes.map(({ symbol }) => symbol), ...methods], rows };
}

function describeCount(record: CellRecord | undefined, reference: ReferenceCounts | undefined): string {
  if (record === undefined) return "–";
  const here = record.outcome === "converged" ? String(record.result!.iterations) : record.outcome;
  return reference === undefined ? here : `${formatCount(reference(record))} | ${here}`;
}

const formatCount = (count: number | undefined): string => count?.toString() ?? "–";

/** How many of the cells with a reference agree with it, and those that do not. */
export interface Agreement {
  readonly compared: number;
  readonly agreeing: number;
  readonly differing: readonly string[];
}

/** Compares counts with their references: a cell that did not converge differs. */
export function agreement({ records, axes, reference }: TableSource, within: number): Agreement {
  const compared = records.flatMap((record) => {
    const count = record.role === "cell" ? reference?.(record) : undefined;
    return count === undefined ? [] : [{ record, count }];
  });
  const differing = compared.filter(({ record, count }) => record.outcome !== "converged" || Math.abs(record.result!.iterations - count) > within);
  const words = differing.map(({ record, count }) => `${describeCell(record, axes)}: reference ${count}, here ${record.result?.iterations ?? record.outcome}`);
  return { compared: compared.length, agreeing: compared.length - differing.length, differing: words };
}

/** "N = 64, P = 8, two-level". */
export function describeCell({ method, role, values }: Pick<CellRecord, "method" | "role" | "values">, axes: readonly StudyAxis[]): string {
  const place = axes.flatMap(({ key, symbol }) => (values[key] === undefined ? [] : [`${symbol} = ${formatValue(values[key])}`]));
  return [...place, ...(method === "" ? [] : [role === "baseline" ? `baseline ${method}` : method])].join(", ") || "the config as it is";
}
