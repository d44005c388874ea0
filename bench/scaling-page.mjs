// node bench/scaling-page.mjs: docs/scaling.md and docs/plots/*.svg from bench/results/scaling.json (predicted) and the case `model` of bench/results/latest.json (measured).
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { renderSvg } from "../packages/cli/dist/study/render-plot.js";

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
const scaling = read("results/scaling.json");
const measured = read("results/latest.json").cases.find(({ name }) => name === "model");
const strong = existsSync(new URL("results/strong.json", import.meta.url)) ? read("results/strong.json") : undefined;
const counts = read("results/weak-counts.json");

const seconds = (value) => (value >= 100 ? String(Math.round(value)) : value.toPrecision(3));
const unique = (values) => [...new Set(values)];
const table = (head, rows) => [`| ${head.join(" | ")} |`, `|${head.map(() => "---").join("|")}|`, ...rows.map((row) => `| ${row.join(" | ")} |`)].join("\n");
const networkOf = ({ name, latency, bandwidth, basis }) => `${name}: ${(latency * 1e6).toPrecision(2)} µs, ${(bandwidth / 1e9).toPrecision(2)} GB/s a rank, ${basis}`;

/** Rows by ranks, one column a method: seconds and what they wait for. */
function timesTable(rows, ranks) {
  const names = unique(rows.map(({ method }) => method));
  const cell = (method, count) => {
    const { seconds: time, limit } = rows.find((row) => row.method === method && row.ranks === count);
    return `${seconds(time)} (${limit})`;
  };
  return table(["ranks", ...names], ranks.map((count) => [count, ...names.map((name) => cell(name, count))]));
}

const best = (rows) => rows.reduce((a, b) => (b.seconds < a.seconds ? b : a));

function strongSection({ n, steps, subdomains, spatialSolver, network, serial, rows }) {
  const ranks = unique(rows.map((row) => row.ranks));
  const one = rows.find(({ method, ranks: count }) => method === "matching, schur" && count === 1).seconds;
  const summary = unique(rows.map(({ method }) => method)).map((method) => {
    const own = rows.filter((row) => row.method === method);
    const last = own.at(-1);
    const fastest = best(own);
    const even = own.find((row) => row.seconds < serial.seconds)?.ranks ?? "none";
    const efficiency = (row) => `${((100 * serial.seconds) / (row.ranks * row.seconds)).toPrecision(2)} %`;
    return [method, even, `${seconds(serial.seconds / last.seconds)} (${efficiency(last)})`, `${fastest.ranks}: ${seconds(serial.seconds / fastest.seconds)} (${efficiency(fastest)})`];
  });
  return `### n = ${n}, N = ${steps}, ω = ${scaling.omega}, smooth variable ν

Predicted. P = ${subdomains} subdomains where time is cut; ${spatialSolver.kind} in space; network ${networkOf(network)}. Best serial method: ${serial.method}, predicted ${seconds(serial.seconds)} s; matching
with the same solver in space on one rank ${seconds(one)} s.

${timesTable(rows, ranks)}

Against the best serial method: from how many ranks on faster; times as fast on ${ranks.at(-1)} ranks and parallel efficiency; the same on the best number of ranks.

${table(["method", "break-even ranks", `on ${ranks.at(-1)}`, "at best"], summary)}

![predicted strong scaling](plots/strong-${n}-${steps}.svg)`;
}

function weakSection({ n, stepsOfRank, network, rows, spatialSolver }) {
  const ranks = unique(rows.map((row) => row.ranks)).filter((count) => count === 1 || count % 4 === 0);
  return `### n = ${n}, ${stepsOfRank} steps a rank

Predicted. N = ${stepsOfRank} R, one subdomain a rank, ${spatialSolver.kind}; network ${networkOf(network)}. Seconds and what they wait for.

${timesTable(rows.filter((row) => ranks.includes(row.ranks)), ranks)}

![predicted weak scaling](plots/weak-${n}.svg)`;
}

function measuredSection() {
  if (!measured) return "Not recorded yet: `npm run bench -- --only model` measures twelve configs on one and two threads, and this page is made from the result.";
  const rows = measured.entries.map(({ label, available, reason, metrics, details }) =>
    available
      ? [label.replace("model, ", ""), details.iterations, seconds(metrics.wall.median), seconds(metrics.predicted.median), `${((metrics.predicted.median / metrics.wall.median - 1) * 100).toFixed(0)} %`]
      : [label, "not available", reason, "", ""],
  );
  return table(["config", "iterations (measured)", "measured s", "predicted s", "difference"], rows);
}

/** The case `strong`: seconds on one thread, two threads and two MPI ranks, and ratios. */
function strongMeasuredSection() {
  if (!strong) return "Not recorded yet: `npm run bench -- --only strong --name strong`, eight minutes on an idle machine, and this page anew.";
  const { entries, ratios } = strong.cases.find(({ name }) => name === "strong");
  const parts = entries.map((entry) => ({ entry, parts: entry.label.match(/^strong, (.*), ω = (.*), (.*)$/).slice(1) }));
  const places = unique(parts.map(({ parts: [, , place] }) => place));
  const wall = (row, place) => parts.find(({ parts: [way, omega, at] }) => `${omega} ${way}` === row && at === place)?.entry;
  const rows = unique(parts.map(({ parts: [way, omega] }) => `${omega} ${way}`)).map((row) => {
    const [omega, ...way] = row.split(" ");
    const iterations = wall(row, places[0])?.details?.iterations ?? "";
    return [omega, way.join(" "), iterations, ...places.map((place) => (wall(row, place)?.available ? seconds(wall(row, place).metrics.wall.median) : ""))];
  });
  const speedUps = ratios.filter(({ available }) => available).map(({ label, ratio, required, peer }) => {
    const between = label.endsWith("MPI against threads");
    const value = between ? `${Math.abs(100 * (ratio.median - 1)).toFixed(0)} % ${ratio.median < 1 ? "shorter" : "longer"}` : `${(1 / ratio.median).toFixed(2)} ×`;
    const asked = required === undefined ? "" : between ? `${(100 * (required - 1)).toFixed(0)} %` : `${(1 / required).toFixed(1)} ×`;
    return [label, peer.replace("strong, ", ""), value, asked];
  });
  return `${strong.machine.cpu}, ${strong.machine.cores} cores, ${strong.date.slice(0, 10)}. n = 127, N = 512, smooth variable ν, relative KKT residual 1e-8, Cholesky in space; set-up and everything after it, median of ${strong.options.rounds} rounds; "single": sweeps with factors in single precision.

${table(["ω", "method", "iterations", ...places.map((place) => `${place} [s]`)], rows)}

${table(["", "against", "measured", "asked for"], speedUps)}`;
}

async function plot(name, rows, title) {
  const spec = {
    ...{ width: 560, height: 340, title: `${title} (modelled, not measured)` },
    data: { values: rows.map(({ method, ranks, seconds: time }) => ({ method, ranks, time })) },
    mark: { type: "line", point: true },
    encoding: {
      x: { field: "ranks", type: "quantitative", scale: { type: "log", base: 2 }, title: "ranks" },
      y: { field: "time", type: "quantitative", scale: { type: "log" }, title: "predicted time [s]" },
      color: { field: "method", type: "nominal", title: null, legend: { labelLimit: 360 } },
    },
  };
  writeFileSync(new URL(`../docs/plots/${name}.svg`, import.meta.url), await renderSvg(spec));
}

mkdirSync(new URL("../docs/plots", import.meta.url), { recursive: true });
for (const { n, steps, rows, serial } of scaling.strong) {
  const reference = unique(rows.map(({ ranks }) => ranks)).map((ranks) => ({ method: "best serial method", ranks, seconds: serial.seconds }));
  await plot(`strong-${n}-${steps}`, [...rows, ...reference], `Strong scaling, n = ${n}, N = ${steps}`);
}
for (const { n, rows } of scaling.weak) await plot(`weak-${n}`, rows, `Weak scaling, n = ${n}`);

const page = `# Scaling

Iteration counts are measured. Times are measured where a table says so, on one and two threads; everything else is *predicted* by the [performance model](theory/performance-model.md) from costs of
${scaling.costs.machine} (${scaling.costs.date}) and counted messages, at predicted iteration counts. This page is made by \`node bench/scaling.mjs && node bench/scaling-page.mjs\`.

## Weak scaling by counts, measured

${counts.setting} Nine numbers a row: ν = 1, 1e-2, 1e-4, and for each ω = 1, 1e-4, 1e-6. Asserted in \`packages/precond/test/weak-scaling.slow.test.ts\`.

${table(["P", "two levels", "chosen hierarchy"], counts.rows.map(({ subdomains, twoLevels, chosen }) => [subdomains, groups(twoLevels), groups(chosen)]))}

## The model against measurement, one and two threads

${measuredSection()}

## Strong scaling, measured on two cores

${strongMeasuredSection()}

## Strong scaling, modelled

${scaling.strong.map(strongSection).join("\n\n")}

## Weak scaling, modelled

${scaling.weak.map(weakSection).join("\n\n")}

## What the tables say

- \`schur\` recovers the state by one sequential integration and measures (KKT.2) by about one more, which with inexact sweeps runs on all ranks at once. That is cheap on a few ranks and is all that is left on many: no \`schur\` method gets more than a few times
  faster than matching on one rank. On many ranks the formulation must be \`full-space\`.
- Two levels are limited by the coarse sweep over P steps. The multilevel method follows log P as long as every rank owns a step of the level; a coarse grid with fewer steps than ranks is gathered and
  solved by every rank for itself, which costs bandwidth and work from there on. So its best number of ranks is about an eighth of its subdomains.
- Diagonalization in time has no coarse level. In \`full-space\` it transforms twice an iteration, which dominates its work on few ranks and scales on many.
- The choice of \`auto\` (\`parakkt plan --ranks … --set solver.formulation=auto\`) follows the same predictions.
`;

function groups(row) {
  return [0, 3, 6].map((first) => row.slice(first, first + 3).join(" ")).join(" · ");
}

writeFileSync(new URL("../docs/scaling.md", import.meta.url), page);
