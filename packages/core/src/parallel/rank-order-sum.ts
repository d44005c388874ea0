/** values ← ((part 0 + part 1) + part 2) + …, where `parts` holds vectors as long as `values`, one behind the other in rank order. */
export function rankOrderSum(parts: Float64Array, values: Float64Array): void {
  const { length } = values;
  for (let j = 0; j < length; j++) {
    let sum = parts[j];
    for (let i = j + length; i < parts.length; i += length) sum += parts[i];
    values[j] = sum;
  }
}
