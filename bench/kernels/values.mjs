/** Reproducible values in (−1, 1). */
export function randomValues(length, seed = 1) {
  const values = new Float64Array(length);
  let state = seed;
  for (let j = 0; j < length; j++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    values[j] = state / 2 ** 31 - 1;
  }
  return values;
}

/** Largest difference relative to the largest value. */
export function relativeDifference(a, b) {
  let [difference, size] = [0, 0];
  for (let j = 0; j < a.length; j++) {
    const distance = Math.abs(a[j] - b[j]);
    difference = distance > difference || Number.isNaN(distance) ? distance : difference;
    size = Math.max(size, Math.abs(b[j]));
  }
  return difference / size;
}

/** A block of the kernels' memory with the given values. */
export function filledBlock(made, values) {
  const data = made.allocate(values.length);
  data.set(values);
  return { data, offset: 0 };
}

/** The same factor in every lane. */
export const everyLane = (lanes, value) => new Float64Array(lanes).fill(value);
