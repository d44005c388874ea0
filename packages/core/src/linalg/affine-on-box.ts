/**
 * start + Σ steps[axis] · x[axis] at every point x of a box of `shape` points, x fastest: levels, strides, indices in another box.
 *
 * Cost: one addition a point and axis.
 */
export function affineOnBox(shape: readonly number[], { start = 0, steps }: { readonly start?: number; readonly steps: readonly number[] }): Int32Array {
  let values = Int32Array.of(start);
  for (let axis = 0; axis < shape.length; axis++) {
    const inner = values;
    values = new Int32Array(inner.length * shape[axis]);
    let point = 0;
    for (let k = 0; k < shape[axis]; k++) {
      for (let i = 0; i < inner.length; i++) values[point++] = inner[i] + k * steps[axis];
    }
  }
  return values;
}
