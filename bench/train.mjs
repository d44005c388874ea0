// `npm run bench:train`: the training examples at full size, serial and layer-parallel. Results: bench/results/training.json and docs/training-results.md.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { commit, load, machine } from "./machine.mjs";
import { readResult, SCHEMA_VERSION, writeResult } from "./result-file.mjs";
import { trainingPage } from "./page/training-page.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const RESULT = join(root, "bench", "results", "training.json");
const PAGE = join(root, "docs", "training-results.md");

const seeds = [1, 2, 3].map((seed) => `training.seed=${seed}`);
const SERIAL = "propagation={ kind: serial }";
/** A group is an example with settings; each of its variants is run with the same seed. */
const groups = [
  ...seeds.map((seed, k) => ({ example: "peaks", about: `seed ${k + 1}`, sets: [seed] })),
  { example: "digits", about: "", sets: [] },
  ...[128, 256, 512, 1024].map((steps) => ({ example: "sine", about: `${steps} elements`, sets: [`data.steps=${steps}`, `network.duration=${steps / 4}`] })),
  { example: "spirals", about: "", sets: [] },
  { example: "reverse", about: "", sets: [] },
  { example: "adding", about: "", sets: [] },
];
const variants = [
  { name: "serial", sets: [SERIAL] },
  { name: "layer-parallel", sets: [] },
];
const QUICK = ["data.samples=40", "data.validationSamples=20", "training.epochs=1", "training.batchSize=20"];

function runOne({ example, sets }, variant, quick) {
  const out = mkdtempSync(join(tmpdir(), "parakkt-bench-"));
  const all = [...sets, ...variant.sets, ...(quick ? QUICK : []), "output.page=false"].flatMap((set) => ["--set", set]);
  const before = load();
  const { stdout, stderr } = spawnSync(process.execPath, [join(root, "packages/cli/bin/parakkt.js"), "train", join(root, `examples/train-${example}.yaml`), "--out", join(out, "run"), "--json", ...all], { encoding: "utf8", maxBuffer: 1e9 });
  rmSync(out, { recursive: true, force: true });
  if (stdout === "") throw new Error(stderr);
  return { ...summary(JSON.parse(stdout)), load: { before, after: load() } };
}

function summary({ reason, updates, layers, parameters, epochs, agreement, indicator, fallbacks, modelled, timings, digest }) {
  const last = epochs.at(-1);
  return {
    reason: `${reason.kind} (${reason.by})`,
    ...{ updates, layers, parameters, epochs: epochs.length, fallbacks, digest },
    ...{ trainingLoss: last.trainingLoss, validationLoss: last.validationLoss, validationAccuracy: last.validationAccuracy, effort: last.effort },
    leastCosine: agreement.length > 0 ? Math.min(...agreement.map(({ cosine }) => cosine)) : null,
    largestError: agreement.length > 0 ? Math.max(...agreement.map(({ relativeError }) => relativeError)) : null,
    largestIndicator: indicator.length > 0 ? Math.max(...indicator.map(({ forward, backward }) => Math.max(forward, backward))) : null,
    modelledSpeedup: modelled ? Math.max(...modelled.workers.map(({ speedup }) => speedup)) : null,
    cpuSeconds: timings.cpu,
  };
}

const [quick, only] = [process.argv.includes("--quick"), /^--only=(.*)$/.exec(process.argv.find((text) => text.startsWith("--only=")) ?? "")?.[1]?.split(",")];
const earlier = existsSync(RESULT) && !quick ? readResult(RESULT).entries : [];
const entries = new Map(earlier.map((entry) => [entry.id, entry]));
for (const group of groups.filter(({ example }) => only === undefined || only.includes(example))) {
  for (const variant of variants) {
    const id = [group.example, group.about, variant.name].filter((part) => part !== "").join(", ");
    const found = { id, example: group.example, about: group.about, variant: variant.name, ...runOne(group, variant, quick) };
    console.error(`${id}: training loss ${found.trainingLoss.toPrecision(4)}, validation loss ${found.validationLoss.toPrecision(4)}, accuracy ${found.validationAccuracy ?? "-"}, ${found.cpuSeconds.toFixed(1)} s CPU`);
    entries.set(id, { ...found, commit: commit() });
    if (!quick) writeResult(RESULT, { schemaVersion: SCHEMA_VERSION, name: "training", date: new Date().toISOString(), machine: machine(), entries: [...entries.values()] });
  }
}
if (!quick) writeFileSync(PAGE, trainingPage(readResult(RESULT)));
