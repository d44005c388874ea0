// `npm run bench`: runs the benchmarks and writes one JSON file; bench/README.md describes it.
import { fileURLToPath } from "node:url";
import { cases } from "./cases/index.mjs";
import { commit, load, machine } from "./machine.mjs";
import { measureCase } from "./measure.mjs";
import { benchOptions, USAGE } from "./options.mjs";
import { findPeers } from "./peers.mjs";
import { SCHEMA_VERSION, writeResult } from "./result-file.mjs";

const say = (text) => void process.stderr.write(`${text}\n`);

/** Runs what the options ask for; the result as the JSON file holds it. */
async function bench({ only, quick, rounds, name, peers: directory }) {
  const described = machine();
  const head = { schemaVersion: SCHEMA_VERSION, name, date: new Date().toISOString(), commit: commit(), options: { only, quick, rounds }, machine: described };
  const before = load();
  const started = performance.now();
  const plans = only.map((chosen) => cases[chosen]({ quick, machine: described }));
  const peers = await findPeers(directory, new Set(plans.flatMap(({ entries }) => entries.flatMap(({ needs }) => needs ?? []))));
  process.once("exit", peers.dispose);
  for (const { name: peer, available, reason, packages } of peers.list) if (!available) say(`without ${peer}: ${reason} (needs ${packages.join(", ")})`);
  const measured = [];
  for (const plan of plans) {
    say(`— ${plan.name}`);
    const progress = (text) => say(`${((performance.now() - started) / 1e3).toFixed(0).padStart(5)} s  ${text}`);
    measured.push(await measureCase(plan, { rounds, peers, progress, quick }));
  }
  const seconds = Math.round((performance.now() - started) / 1e3);
  return { ...head, seconds, load: { before, after: load() }, peers: peers.list, cases: measured };
}

try {
  const options = benchOptions(process.argv.slice(2));
  if (options.help) {
    console.log(USAGE);
  } else {
    const path = options.out ?? fileURLToPath(new URL(`results/${options.name}.json`, import.meta.url));
    const result = await bench(options);
    writeResult(path, result);
    say(`wrote ${path}`);
  }
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}
