import { load } from "./machine.mjs";
import { summary } from "./statistics.mjs";

/**
 * Runs a case and summarises it. A case declares (see cases/*.mjs)
 *   entries  { id, label, side: "ours" | "peer", needs?, run(context) → sample } for what runs as a process of its own, in the order of a round; or
 *   collect(context) → { id: { samples } | { reason } } where rounds alternate inside one process, with entries that have no `run`;
 *   rounds?  of this case, in place of those asked for;
 *   ratios   { label, ours, peers: [ids], metric, required? }: against the best of the peers, round by round;
 *   limits   { label, entry, metric, unit, most };
 *   spreads  { label, entries, metric, required, beyond? }: largest over smallest median, minus 1, of the entries whose details say so.
 * A sample is { metrics, phases?, traffic?, details? }. What throws is not available, and the rest goes on.
 */
export async function measureCase(plan, context) {
  const before = load();
  const rounds = plan.rounds ?? context.rounds;
  const collected = plan.collect ? await plan.collect(context) : await interleave(plan.entries, { ...context, rounds });
  const entries = plan.entries.map((entry) => summarised(entry, collected[entry.id]));
  return {
    name: plan.name,
    title: plan.title,
    rounds,
    load: { before, after: load() },
    entries,
    ratios: (plan.ratios ?? []).map((ratio) => ratioOf(ratio, collected)),
    limits: (plan.limits ?? []).map((limit) => limitOf(limit, entries)),
    spreads: (plan.spreads ?? []).map((spread) => spreadOf(spread, entries)),
  };
}

/** Round by round, every entry once a round in the order given; an entry that fails is not run again. */
export async function interleave(entries, { rounds, peers, progress }) {
  const collected = Object.fromEntries(entries.map(({ id, needs }) => [id, needs && peers.missing(needs) ? { reason: peers.missing(needs) } : { samples: [] }]));
  for (let round = 1; round <= rounds; round++) {
    for (const { id, label, run } of entries) {
      if (collected[id].reason !== undefined) continue;
      try {
        const sample = await run({ peers });
        collected[id].samples.push(sample);
        progress(`round ${round}/${rounds}  ${label}: ${brief(sample.metrics)}`);
      } catch (error) {
        collected[id] = { reason: error.message };
        progress(`${label} is not available: ${error.message}`);
      }
    }
  }
  return collected;
}

const brief = (metrics) =>
  Object.entries(metrics)
    .slice(0, 2)
    .map(([name, value]) => `${name} ${value.toPrecision(3)}`)
    .join(", ");

function summarised({ id, label, side }, { samples, reason }) {
  if (reason !== undefined) return { id, label, side, available: false, reason };
  const [first] = samples;
  const each = (field) => Object.fromEntries(Object.keys(first[field]).map((name) => [name, summary(samples.map((sample) => sample[field][name]))]));
  return {
    ...{ id, label, side, available: true, metrics: each("metrics") },
    ...(first.phases && { phases: each("phases") }),
    ...(first.traffic && { traffic: first.traffic }),
    ...(first.details && { details: first.details }),
    samples: Object.fromEntries(Object.keys(first.metrics).map((name) => [name, samples.map(({ metrics }) => metrics[name])])),
  };
}

function ratioOf({ label, ours, peers, metric, required }, collected) {
  const value = (id, round) => collected[id].samples[round].metrics[metric];
  const present = (id) => collected[id].reason === undefined;
  const described = { label, ours, metric, ...(required !== undefined && { required }) };
  const candidates = peers.filter(present);
  if (!present(ours) || candidates.length === 0) return { ...described, available: false };
  const medianOf = (id) => summary(collected[id].samples.map(({ metrics }) => metrics[metric])).median;
  const best = candidates.reduce((a, b) => (medianOf(b) < medianOf(a) ? b : a));
  const ratio = summary(collected[ours].samples.map((_, round) => value(ours, round) / value(best, round)));
  return { ...described, peer: best, available: true, ratio, ...(required !== undefined && { met: ratio.median <= required }) };
}

function limitOf({ label, entry: id, metric, unit, most }, entries) {
  const entry = entries.find((candidate) => candidate.id === id);
  const described = { label, entry: id, metric, unit, most };
  if (!entry.available) return { ...described, available: false };
  const value = entry.metrics[metric].max;
  return { ...described, available: true, value, met: value <= most };
}

function spreadOf({ label, entries: ids, metric, required, beyond = () => true }, entries) {
  const found = entries.filter((entry) => ids.includes(entry.id) && entry.available && beyond(entry));
  const described = { label, metric, required, entries: found.map(({ id }) => id) };
  if (found.length < 2) return { ...described, available: false };
  const medians = found.map((entry) => entry.metrics[metric].median);
  const spread = Math.max(...medians) / Math.min(...medians) - 1;
  return { ...described, available: true, spread, met: spread <= required };
}
