import { digits, megabytes, percent, spread, table } from "./markdown.mjs";

const ours = (measured) => measured.entries.filter(({ side, available }) => side === "ours" && available);

/** CPU and wall time, memory, accuracy of each entry of a case. */
export function solveTable({ entries }) {
  const rows = entries
    .filter(({ available }) => available)
    .map(({ label, metrics, details }) => [
      label,
      spread(metrics.cpu),
      spread(metrics.wall),
      metrics.dataCpu && digits(metrics.dataCpu.median),
      metrics.wholeCpu && digits(metrics.wholeCpu.median),
      metrics.nanosecondsPerState && digits(metrics.nanosecondsPerState.median),
      megabytes(metrics.peakBytes.max),
      details.iterations,
      details.objective?.toPrecision(9),
      details.relativeResidual?.toExponential(1),
    ]);
  const head = ["", "CPU s", "wall s", "data s", "first solve s", "ns per state", "peak memory", "iterations", "objective", "relative KKT residual"];
  return withoutEmptyColumns(head, rows);
}

function withoutEmptyColumns(head, rows) {
  const kept = head.map((_, column) => rows.some((row) => row[column] !== undefined));
  const keep = (cells) => cells.filter((_, column) => kept[column]);
  return table(keep(head), rows.map(keep));
}

/** Seconds of CPU and share of each phase, one row an entry; what was measured in two cases is shown once. */
export function phaseTable(cases) {
  const entries = cases.flatMap(ours).filter(({ id, phases }, k, all) => phases && all.findIndex((entry) => entry.id === id) === k);
  const names = [...new Set(entries.flatMap(({ phases }) => Object.keys(phases)))].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
  const rows = entries.map(({ label, phases }) => {
    const total = Object.values(phases).reduce((sum, { median }) => sum + median, 0);
    return [label, ...names.map((name) => phases[name] && `${digits(phases[name].median)} (${percent(phases[name].median / total)})`)];
  });
  return table(["CPU seconds", ...names], rows);
}

const ORDER = [
  ...["data", "set-up"],
  ...["forward transform", "solve in time", "backward transforms"],
  ...["operator", "preconditioner", "vectors", "recovery", "certificate"],
];

/** What each phase would take if it only moved its bytes once at the bandwidth of memory. */
export function rooflineTable({ entries }, bandwidth) {
  const [entry] = ours({ entries }).filter(({ traffic }) => traffic);
  if (!entry) return undefined;
  const names = ORDER.filter((name) => entry.traffic[name] > 0 && entry.phases[name]);
  const rows = names.map((name) => {
    const [bytes, seconds] = [entry.traffic[name], entry.phases[name].median];
    return [name, megabytes(bytes), digits(bytes / bandwidth), digits(seconds), percent(bytes / bandwidth / seconds)];
  });
  return table([entry.label, "bytes at least", "s at the bandwidth", "CPU s measured", "share"], rows);
}
