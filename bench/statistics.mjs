/** Median, extremes and quartiles of a sample; quartiles interpolate linearly between the sorted values. */
export function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: quantile(sorted, 0.5), min: sorted[0], max: sorted[sorted.length - 1], lower: quantile(sorted, 0.25), upper: quantile(sorted, 0.75) };
}

function quantile(sorted, share) {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

export const median = (values) => summary(values).median;
