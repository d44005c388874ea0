/** Samples with their targets, both row-major: [count][entries of a sample]. */
export interface DataSet {
  readonly count: number;
  /** Entries of one input, such as [2], [8, 8] or [steps, features]. */
  readonly inputShape: readonly number[];
  /** Entries of one target, such as [classes] or [length, symbols]. */
  readonly targetShape: readonly number[];
  readonly inputs: Float64Array;
  readonly targets: Float64Array;
}

/** What is trained on and what is only looked at. */
export interface SplitData {
  readonly training: DataSet;
  readonly validation: DataSet;
}

/** Some samples of a set. */
export type Batch = DataSet;

/** One sample. */
export interface Sample {
  readonly input: ArrayLike<number>;
  readonly target: ArrayLike<number>;
}

/** Entries of an array of this shape. */
export function entriesOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The set of the samples that `draw` makes. */
export function dataSetOf(count: number, shapes: Pick<DataSet, "inputShape" | "targetShape">, draw: (index: number) => Sample): DataSet {
  const [inputSize, targetSize] = [entriesOf(shapes.inputShape), entriesOf(shapes.targetShape)];
  const [inputs, targets] = [new Float64Array(count * inputSize), new Float64Array(count * targetSize)];
  for (let k = 0; k < count; k++) {
    const { input, target } = draw(k);
    inputs.set(input, k * inputSize);
    targets.set(target, k * targetSize);
  }
  return { count, inputShape: shapes.inputShape, targetShape: shapes.targetShape, inputs, targets };
}

/** The samples with these numbers, in this order. */
export function gatherRows(data: DataSet, rows: readonly number[]): Batch {
  const [inputSize, targetSize] = [entriesOf(data.inputShape), entriesOf(data.targetShape)];
  return dataSetOf(rows.length, data, (k) => ({
    input: data.inputs.subarray(rows[k] * inputSize, (rows[k] + 1) * inputSize),
    target: data.targets.subarray(rows[k] * targetSize, (rows[k] + 1) * targetSize),
  }));
}

/** The k-th unit vector: a class as a probability. */
export function oneHot(index: number, classes: number): Float64Array {
  const target = new Float64Array(classes);
  target[index] = 1;
  return target;
}
