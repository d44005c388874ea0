import { digits, table } from "./markdown.mjs";

/** docs/training-results.md from bench/results/training.json. */
export function trainingPage({ date, machine, entries }) {
  const rows = entries.map((entry) => [
    `${entry.example}${entry.about === "" ? "" : `, ${entry.about}`}`,
    entry.variant,
    `${entry.epochs} / ${entry.updates}`,
    digits(entry.trainingLoss),
    digits(entry.validationLoss),
    entry.validationAccuracy === null ? "" : `${(100 * entry.validationAccuracy).toFixed(1)} %`,
    entry.reason,
    entry.leastCosine === null ? "" : entry.leastCosine.toFixed(4),
    entry.largestError === null ? "" : digits(entry.largestError),
    entry.largestIndicator === null ? "" : digits(entry.largestIndicator),
    entry.modelledSpeedup === null ? "" : digits(entry.modelledSpeedup),
    `${digits(entry.cpuSeconds)} s`,
  ]);
  return [
    "# The training examples at full size",
    "",
    `Made by \`npm run bench:train\` from bench/results/training.json (${date.slice(0, 10)}, ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}). Each example is run serially and with the cycles of its`,
    "config, with the same initial weights and batches. Cosine and error: of the gradients that were compared with the serial ones, the worst. ρ: largest convergence",
    "indicator. The speed-up is *modelled*: counted layers that follow one another in an update, best number of workers, no communication. CPU times are those of one process on one core,",
    "in which the layer-parallel one does more arithmetic than the serial one; on a busy machine they are too large.",
    "",
    table(["example", "propagation", "epochs / updates", "training loss", "validation loss", "accuracy", "ended", "least cosine", "largest error", "largest ρ", "modelled speed-up", "CPU"], rows),
    "",
  ].join("\n");
}
