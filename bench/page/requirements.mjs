import { digits, percent, spread, table, withUnit } from "./markdown.mjs";

const verdict = ({ met, available }) => (available ? (met ? "yes" : "**no**") : "not measured");

const isRequired = ({ required }) => required !== undefined;

/** One row for every figure that is asked for (ratios, limits, growth), and one for each of the cases that are counted only. */
export function requirementsTable(cases, { counted }) {
  const rows = cases.flatMap((measured) => [
    ...measured.ratios.filter(isRequired).map((ratio) => ratioRow(ratio, measured)),
    ...measured.limits.map((limit) => limitRow(limit)),
    ...measured.spreads.map((growth) => growthRow(growth)),
  ]);
  return table(["what", "ours", "peer", "ratio or value", "must be", "met"], [...rows, ...counted.map(countRow)]);
}

/** Every ratio of one case, those without a requirement too. */
export function ratioTable(measured) {
  return table(["what", "ours", "peer", "ratio", "must be", "met"], measured.ratios.map((ratio) => ratioRow(ratio, measured)));
}

function countRow({ title, ratios }) {
  const figures = ratios.filter(isRequired);
  const [measured, met] = [figures.filter(({ available }) => available), figures.filter((figure) => figure.met)];
  const open = measured.length < figures.length ? `${figures.length - measured.length} not measured` : "yes";
  const answer = met.length < measured.length ? "**no**" : open;
  return [`${title}: figures of the table below`, "", "", `${met.length} of ${figures.length}`, "all", answer];
}

function ratioRow(ratio, { entries }) {
  const { label, ours, peer, metric, required, available } = ratio;
  const value = (id) => {
    const entry = entries.find((candidate) => candidate.id === id);
    return entry?.available ? withUnit(metric, entry.metrics[metric].median) : "–";
  };
  return [label, value(ours), available ? value(peer) : "–", available ? spread(ratio.ratio) : "–", isRequired(ratio) ? `≤ ${digits(required)}` : "", isRequired(ratio) ? verdict(ratio) : ""];
}

function limitRow(limit) {
  const { label, unit, most, value, available } = limit;
  return [label, available ? withUnit(unit, value) : "–", "", available ? withUnit(unit, value) : "–", `≤ ${withUnit(unit, most)}`, verdict(limit)];
}

function growthRow(growth) {
  const { label, entries, required, spread: found, available } = growth;
  return [label, available ? entries.length + " sizes" : "–", "", available ? `varies by ${percent(found)}` : "–", `≤ ${percent(required)}`, verdict(growth)];
}
