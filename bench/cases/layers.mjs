import { runTask } from "../processes.mjs";

const LEAST_ROUNDS = 9;
const MILLISECONDS = 40;

/** What is measured, and which sides are compared: [ours, peer, largest ratio allowed or none]. */
function layerSettings({ quick }) {
  const size = (full) => (quick ? 8 : full);
  const products = [
    { rows: 256, columns: 512, inner: 512, transposed: true },
    { rows: 256, columns: 512, inner: 512, transposed: false },
    { rows: 16, columns: 64, inner: 64, transposed: true },
    { rows: 16, columns: 16, inner: 16, transposed: true },
  ].map(({ rows, columns, inner, transposed }) => ({
    benchmark: "product",
    label: `matrix product ${rows} × ${columns} × ${inner}${transposed ? ", second factor transposed" : ""}`,
    setting: { rows: size(rows), columns: size(columns), inner: size(inner), transposed },
    compared: [["simd", "plain"]],
  }));
  const dense = [{ benchmark: "dense", label: "dense layer forward and backward, width 512, batch 256", setting: { width: size(512), batch: size(256) }, compared: [["simd", "plain", 0.25]] }];
  const sweeps = [
    ["dense", 16, 1],
    ["dense", 16, 16],
    ["dense", 64, 1],
    ["dense", 64, 16],
    ["recurrent", 16, 1],
    ["recurrent", 16, 16],
    ["recurrent", 64, 1],
    ["recurrent", 64, 16],
  ].map(([kind, width, batch]) => ({
    benchmark: "sweep",
    label: `${kind} network of 256 layers, width ${width}, batch ${batch}`,
    setting: { kind, width: size(width), batch },
    compared: [
      ["batched", "serial"],
      ["batched", "single"],
    ],
  }));
  return [...products, ...dense, ...sweeps].map((made) => ({ ...made, id: made.label.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-") }));
}

const SIDES = {
  simd: "SIMD kernels",
  plain: "plain TypeScript",
  batched: "sweep, all intervals at once",
  single: "sweep, one interval after the other",
  serial: "serial march",
};

/** Layers against themselves in one process: by SIMD kernels and in plain TypeScript; per layer evaluated in a sweep and in the serial march. */
export function layersCase(options) {
  const settings = layerSettings(options);
  const sidesOf = ({ compared }) => [...new Set(compared.flatMap(([ours, peer]) => [ours, peer]))];
  return {
    name: "layers",
    title: "Layers",
    entries: settings.flatMap((setting) => sidesOf(setting).map((side) => ({ id: `${setting.id}/${side}`, label: `${setting.label}: ${SIDES[side]}`, side: side === "simd" || side === "batched" ? "ours" : "peer" }))),
    collect: (context) => collectSettings(settings, context),
    ratios: settings.flatMap(({ id, label, compared }) =>
      compared.map(([ours, peer, required]) => ({ label: `${label}: ${SIDES[ours]} / ${SIDES[peer]}`, ours: `${id}/${ours}`, peers: [`${id}/${peer}`], metric: "microseconds", required })),
    ),
  };
}

/** Wall time of a forward solve on one and on two threads, beside what the model says for it. */
export function layerRanksCase({ quick }) {
  const setting = quick ? { layers: 32, width: 4, batch: 2, cycles: 2 } : { layers: 256, width: 64, batch: 16, cycles: 2 };
  const runs = [1, 2].map((ranks) => ({ id: `threads-${ranks}`, ranks, label: `two cycles through ${setting.layers} layers, ${ranks} thread${ranks > 1 ? "s" : ""}` }));
  const kinds = { measured: "measured, wall", modelled: "modelled", serial: "serial march, measured" };
  return {
    name: "layer-ranks",
    title: "Layers on ranks: measured and modelled",
    entries: runs.flatMap(({ id, label }) => Object.entries(kinds).map(([kind, words]) => ({ id: `${id}/${kind}`, label: `${label}: ${words}`, side: kind === "measured" ? "ours" : "peer" }))),
    async collect({ rounds, progress }) {
      const collected = Object.fromEntries(runs.flatMap(({ id }) => Object.keys(kinds).map((kind) => [`${id}/${kind}`, { samples: [] }])));
      for (let round = 1; round <= rounds; round++) {
        for (const { id, ranks, label } of runs) {
          const result = await runTask("layer-ranks", { ranks, ...setting });
          for (const kind of Object.keys(kinds)) collected[`${id}/${kind}`].samples.push({ metrics: { microseconds: 1e6 * result[kind] }, details: { ...setting, ...result } });
          progress(`round ${round}/${rounds}  ${label}: measured ${(1e6 * result.measured).toFixed(0)} µs, modelled ${(1e6 * result.modelled).toFixed(0)} µs, serial march ${(1e6 * result.serial).toFixed(0)} µs`);
        }
      }
      return collected;
    },
    ratios: runs.flatMap(({ id, label }) => [
      { label: `${label}: measured / modelled`, ours: `${id}/measured`, peers: [`${id}/modelled`], metric: "microseconds" },
      { label: `${label}: measured / serial march`, ours: `${id}/measured`, peers: [`${id}/serial`], metric: "microseconds" },
    ]),
  };
}

async function collectSettings(settings, { rounds, progress, quick }) {
  const collected = {};
  for (const { id, label, benchmark, setting, compared } of settings) {
    const parameters = { benchmark, setting, rounds: quick ? rounds : Math.max(rounds, LEAST_ROUNDS), milliseconds: quick ? 1 : MILLISECONDS };
    const { times, details, reason } = await runTask("layers", parameters).catch((error) => ({ reason: error.message }));
    progress(reason === undefined ? `${label}: ${Object.entries(times).map(([side, values]) => `${side} ${[...values].sort((a, b) => a - b)[values.length >> 1].toPrecision(3)} µs`).join(", ")}` : `${label} is not available: ${reason}`);
    for (const side of compared.flat().filter((name) => name in SIDES)) {
      collected[`${id}/${side}`] = reason === undefined ? { samples: times[side].map((microseconds) => ({ metrics: { microseconds }, details })) } : { reason };
    }
  }
  return collected;
}
