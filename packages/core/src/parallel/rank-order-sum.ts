/** values ← ((part 0 + part 1) + part 2) + …, where part r of `parts` begins at r · stride: what rank r gave. */
export function rankOrderSum(parts: Float64Array, values: Float64Array, stride = values.length): void {
  for (let j = 0; j < values.length; j++) {
    let sum = parts[j];
    for (let i = j + stride; i < parts.length; i += stride) sum += parts[i];
    values[j] = sum;
  }
}
