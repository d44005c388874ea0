import { productStrides, type DenseKernels, type MatrixProductData, type MatrixProductKernel } from "../dense-kernels.js";
import type { DenseExports } from "./dense-exports.js";
import type { KernelMemory } from "./kernel-memory.js";

/** Room in the memory for a vector that lives elsewhere; it grows to the largest one asked for. */
type Staging = (length: number) => Float64Array;

/** What all products share. */
interface Workspace {
  readonly wasm: DenseExports;
  readonly memory: KernelMemory;
  /** Work space of a product, made when the first one is. */
  work(): number;
  readonly staging: { readonly a: Staging; readonly b: Staging; readonly c: Staging };
}

export function simdDense(wasm: DenseExports, memory: KernelMemory): DenseKernels {
  let work: Float64Array | undefined;
  const space: Workspace = {
    wasm,
    memory,
    work: () => (work ??= memory.doubles(wasm.matrixProductWork())).byteOffset,
    staging: { a: staging(memory), b: staging(memory), c: staging(memory) },
  };
  return {
    matrixProduct: (data) => product(space, data),
    tanh(x) {
      if (memory.owns(x)) return wasm.tanhAll(x.byteOffset, x.length);
      const copy = space.staging.a(x.length);
      copy.set(x);
      wasm.tanhAll(copy.byteOffset, x.length);
      x.set(copy);
    },
  };
}

function product(space: Workspace, data: MatrixProductData): MatrixProductKernel {
  const { wasm, memory, staging: room } = space;
  const { rows, columns, inner, alpha = 1, beta = 0 } = data;
  const strides = productStrides(data);
  const bytes = [...strides.a, ...strides.b, strides.c[0]].map((stride) => 8 * stride);
  const [aRow, aColumn, bRow, bColumn, cRow] = bytes;
  const length = ([row, column]: readonly [number, number], m: number, n: number): number => (m === 0 || n === 0 ? 0 : (m - 1) * row + (n - 1) * column + 1);
  const lengths = { a: length(strides.a, rows, inner), b: length(strides.b, inner, columns), c: length(strides.c, rows, columns) };
  const work = space.work();
  let table: Uint32Array = new Uint32Array(0);
  const addressOf = (x: Float64Array, used: number, place: Staging): number => {
    if (memory.owns(x)) return x.byteOffset;
    const copy = place(used);
    copy.set(x.length === used ? x : x.subarray(0, used));
    return copy.byteOffset;
  };
  const apply: MatrixProductKernel["apply"] = (a, b, c) => {
    const [atA, atB] = [addressOf(a, lengths.a, room.a), addressOf(b, lengths.b, room.b)];
    const inPlace = memory.owns(c);
    const target = inPlace ? c : room.c(lengths.c);
    if (!inPlace && (beta !== 0 || strides.c[0] !== columns)) target.set(c.subarray(0, lengths.c));
    wasm.matrixProduct(rows, columns, inner, atA, aRow, aColumn, atB, bRow, bColumn, target.byteOffset, cRow, alpha, beta, work);
    if (!inPlace) c.set(target);
  };
  return {
    apply,
    applyMany(a, b, c) {
      if (![a, b, c].every((vectors) => vectors.every(memory.owns))) return c.forEach((each, k) => apply(a[k], b[k], each));
      if (table.length < 3 * c.length) table = memory.words(new Array<number>(3 * c.length).fill(0));
      for (let k = 0; k < c.length; k++) {
        table[3 * k] = a[k].byteOffset;
        table[3 * k + 1] = b[k].byteOffset;
        table[3 * k + 2] = c[k].byteOffset;
      }
      wasm.matrixProducts(c.length, table.byteOffset, rows, columns, inner, aRow, aColumn, bRow, bColumn, cRow, alpha, beta, work);
    },
  };
}

function staging(memory: KernelMemory): Staging {
  let room: Float64Array = new Float64Array(0);
  let view = room;
  return (length) => {
    if (room.length < length) room = memory.doubles(Math.max(length, 2 * room.length));
    if (view.length !== length || view.byteOffset !== room.byteOffset) view = room.subarray(0, length);
    return view;
  };
}
