import { digits, spread, table } from "./markdown.mjs";
import { ratioTable, requirementsTable } from "./requirements.mjs";
import { phaseTable, rooflineTable, solveTable } from "./solve-tables.mjs";

const ROOFLINES = ["direct", "schur", "schur-variable", "reduced"];

/** docs/performance.md from a result of the benchmarks. */
export function performancePage(result) {
  const { cases } = result;
  const solves = cases.filter(({ entries }) => entries.some(({ metrics }) => metrics?.cpu));
  const ratios = cases.filter((measured) => !solves.includes(measured) && measured.ratios.length > 0);
  const parts = [
    "# Performance",
    introduction(result),
    machineTable(result),
    "## Figures that are asked for",
    requirementsTable(cases.filter((measured) => !ratios.includes(measured)), { counted: ratios }),
    ...solves.flatMap((measured) => [`## ${measured.title}`, solveTable(measured)]),
    ...ratios.flatMap((measured) => [`## ${measured.title}`, RATIO_NOTES[measured.name], ratioTable(measured)]),
    ...whereTheTimeGoes(solves),
    ...roofline(cases),
    ...absent(result),
  ];
  return `${parts.filter(Boolean).join("\n\n")}\n`;
}

const RATIO_NOTES = {
  kernels: "Microseconds per state, CPU time of the thread, ours and the C peer in turn in one process; median (min – max) of the ratios round by round.",
  cholesky: "Milliseconds of CPU; solves per right-hand side.",
  "layer-ranks": "Wall time, the shortest of many, beside the model of the same solve from the times of a layer and of a message that were measured in the same run. Two cores cannot show a gain over the serial march.",
  layers: "Microseconds of CPU, sides in turn in one process: of a product; of a layer forward, its product for the state and that for the parameters; of a layer evaluated in a network, in two cycles of two levels (c = 4) and in the serial march.",
  planner: "What `formulation: auto` chooses against the fastest of its other alternatives, each a whole solve in a process of its own.",
};

/** Cases that were measured in a run of their own: when, and on which commit. */
function recordedApart(cases) {
  const apart = cases.filter(({ recorded }) => recorded);
  if (apart.length === 0) return [];
  const words = apart.map(({ name, rounds, recorded: { date, commit } }) => `${name} (${date.slice(0, 10)}, commit ${commit.slice(0, 12)}${commit.endsWith("+") ? " and changes" : ""}, rounds: ${rounds})`);
  return [`Measured in runs of their own: ${words.join(", ")}.`];
}

function introduction({ date, commit, options: { rounds, quick }, seconds, cases }) {
  const made = `Made by \`npm run bench:page\` from the result of \`npm run bench\` of ${date.slice(0, 10)}${commit ? `, commit ${commit.slice(0, 12)}` : ""}: ${rounds} rounds, ${seconds} s.`;
  const warning = quick ? ["**Tiny sizes (`--quick`): the times say nothing.**"] : [];
  return [
    [made, ...recordedApart(cases), ...warning, "[bench/README.md](../bench/README.md) says how to run it."].join(" "),
    "In each round ours and the peers run in turn, each solve in a process of its own, on one thread. Times are CPU seconds, median (min – max) of the rounds; " +
      "ratios are taken round by round against the best variant of the peer. The evaluation of the data is left out on both sides; everything else " +
      "of an iterative solve counts: set-up, iteration, recovery, certificate. The direct solver's time is that of a solve with everything set up, as its peer times itself; " +
      "“first solve” is the first one of a process with set-up and certificate.",
  ].join("\n\n");
}

function machineTable({ machine, load }) {
  const caches = machine.caches.map(({ level, bytes }) => `L${level} ${bytes >= 2 ** 20 ? `${bytes / 2 ** 20} MiB` : `${bytes / 2 ** 10} KiB`}`).join(", ");
  return table(["machine", ""], [
    ["processor", `${machine.cpu}, ${machine.cores} cores, ${machine.architecture}`],
    ["caches", caches || "not known"],
    ["memory", `${(machine.memoryBytes / 2 ** 30).toFixed(1)} GiB`],
    ["system", machine.os],
    ["Node", `${machine.node} (V8 ${machine.v8})`],
    ["load average before, after", `${load.before[0]}, ${load.after[0]}`],
  ]);
}

function whereTheTimeGoes(solves) {
  const kinds = [solves.filter(({ name }) => name.startsWith("direct")), solves.filter(({ name }) => !name.startsWith("direct"))];
  const tables = kinds.filter((cases) => cases.some(({ entries }) => entries.some(({ phases, side }) => phases && side === "ours"))).map(phaseTable);
  return tables.length === 0 ? [] : ["## Where the time goes", ...tables];
}

/** Against the triad in WebAssembly, or the C one where only that was measured. */
function roofline(cases) {
  const measured = cases.find(({ name }) => name === "bandwidth")?.entries.filter(({ available }) => available) ?? [];
  if (measured.length === 0) return [];
  const gigabytes = (summary) => spread(summary, (value) => digits(value / 1e9));
  const bandwidths = table(["GB/s", "copy", "triad"], measured.map(({ label, metrics }) => [label, gigabytes(metrics.copy), gigabytes(metrics.triad)]));
  const tables = cases.filter(({ name }) => ROOFLINES.includes(name)).map((found) => rooflineTable(found, measured[0].metrics.triad.median));
  const explanation =
    `Bytes: every state series that a pass reads or writes counts once (bench/traffic.mjs); a phase at the bandwidth of the triad, ${digits(measured[0].metrics.triad.median / 1e9)} GB/s, ` +
    "would show a share of 100 %. What lies below is arithmetic, or passes that could be saved.";
  return ["## Roofline", bandwidths, explanation, ...tables];
}

function absent({ peers, cases }) {
  const missing = peers.filter(({ available }) => !available).map(({ name, reason, packages }) => `- peer ${name}: ${reason} (needs ${packages.join(", ")})`);
  const failed = cases.flatMap(({ entries }) => entries.filter(({ available, side }) => !available && side === "ours").map(({ label, reason }) => `- ${label}: ${reason}`));
  return missing.length + failed.length === 0 ? [] : ["## Not available", [...missing, ...failed].join("\n")];
}
