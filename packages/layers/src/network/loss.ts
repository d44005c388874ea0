/** A loss ℓ of a batch of outputs against targets of the same shape, [batch][entries]: the mean over the batch. */
export interface Loss {
  readonly name: string;
  value(outputs: Float64Array, targets: Float64Array): number;
  /** out ← ∂ℓ/∂outputs */
  gradient(outputs: Float64Array, targets: Float64Array, out: Float64Array): void;
}

/** ½ Σ (y − t)²/batch */
export function meanSquare(batch: number): Loss {
  return {
    name: "mean-square",
    value: (outputs, targets) => outputs.reduce((sum, y, j) => sum + (y - targets[j]) ** 2, 0) / (2 * batch),
    gradient(outputs, targets, out) {
      for (let j = 0; j < out.length; j++) out[j] = (outputs[j] - targets[j]) / batch;
    },
  };
}

/** −Σ t log softmax(y)/batch, of logits y against probabilities t whose entries add up to 1 for each member of the batch. */
export function crossEntropy(batch: number): Loss {
  const rowsOf = (data: Float64Array): Float64Array[] => {
    const entries = data.length / batch;
    return Array.from({ length: batch }, (_, b) => data.subarray(b * entries, (b + 1) * entries));
  };
  return {
    name: "cross-entropy",
    value(outputs, targets) {
      const [logits, probabilities] = [rowsOf(outputs), rowsOf(targets)];
      const losses = logits.map((row, b) => row.reduce((sum, y, k) => sum + probabilities[b][k] * (logSumExp(row) - y), 0));
      return losses.reduce((sum, loss) => sum + loss, 0) / batch;
    },
    gradient(outputs, targets, out) {
      const [logits, probabilities, slopes] = [rowsOf(outputs), rowsOf(targets), rowsOf(out)];
      logits.forEach((row, b) => {
        const normalizer = logSumExp(row);
        for (let k = 0; k < row.length; k++) slopes[b][k] = (Math.exp(row[k] - normalizer) - probabilities[b][k]) / batch;
      });
    },
  };
}

/** log Σ exp yₖ, safe for large y. */
function logSumExp(row: Float64Array): number {
  const largest = row.reduce((a, b) => Math.max(a, b), -Infinity);
  return largest + Math.log(row.reduce((sum, y) => sum + Math.exp(y - largest), 0));
}
