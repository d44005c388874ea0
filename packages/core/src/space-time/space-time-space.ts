import type { Block, Lanes, VectorKernels } from "@parakkt/kernels";
import { axpy, xpay } from "../linalg/vector-kernels.js";
import type { VectorSpace } from "../linalg/vector-space.js";
import { binaryTreeSum } from "../parallel/binary-tree-sum.js";
import type { Communicator } from "../parallel/communicator.js";
import { laneStepValues, type LaneStepValues } from "./lane-step-values.js";
import type { SpaceTimeLayout } from "./space-time-layout.js";

/** One of the fields that make up a vector, and where it begins. */
interface Field {
  readonly layout: SpaceTimeLayout;
  readonly start: number;
}

/** n ↦ value of step n, in the state of the moment when it was made. */
type StepValues = (step: number) => number;

/** What the space needs to do on one field. */
interface FieldOperations {
  axpy(a: number, x: Float64Array, y: Float64Array): void;
  xpay(x: Float64Array, a: number, y: Float64Array): void;
  advance: VectorSpace["advance"];
  /** ⟨basis[k]ₙ, yₙ⟩ of each k < count, even and odd dofs apart. Valid until the next call. */
  products(field: Field, basis: readonly Float64Array[], count: number, y: Float64Array): (k: number) => StepValues;
  /** y ← y + a x on the field; ⟨yₙ, yₙ⟩ */
  axpyProducts(field: Field, a: number, x: Float64Array, y: Float64Array): StepValues;
}

/**
 * ⟨x, y⟩ = Σₙ Σⱼ xₙⱼ yₙⱼ with rounding that depends neither on the lane layout nor on the number of ranks:
 * each step sums its even and its odd dofs in ascending order and adds the two; steps combine by the binary tree
 * over the global step index. One all-gather for a batch of products.
 *
 * Blocks: the layouts of the fields that make up one vector, stored one behind the other (KKT: state, control, adjoint);
 * field k's steps are leaves of a tree of their own, and the trees are added in order. `kernels`: for vectors of their memory.
 */
export function spaceTimeSpace(layouts: readonly SpaceTimeLayout[], communicator: Communicator, kernels?: VectorKernels): VectorSpace {
  const fields: Field[] = [];
  let size = 0;
  for (const layout of layouts) {
    fields.push({ layout, start: size });
    size += layout.length;
  }
  const operations = kernels ? kernelOperations(kernels, layouts[0], size) : plainOperations;
  const sumSteps = rankInvariantSums(layouts[0], communicator);
  const fieldSums = growingBuffer();
  const single: Float64Array[] = [];
  const product = new Float64Array(1);
  /** Product k on field f is sum number f · count + k. */
  const innerProducts = (basis: readonly Float64Array[], count: number, y: Float64Array, out: Float64Array): void => {
    const sums = fieldSums(fields.length * count);
    let ofField: (k: number) => StepValues;
    sumSteps(sums, (i) => {
      if (i % count === 0) ofField = operations.products(fields[i / count], basis, count, y);
      return ofField(i % count);
    });
    out.fill(0, 0, count);
    for (let i = 0; i < sums.length; i++) out[i % count] += sums[i];
  };
  return {
    size,
    innerProducts,
    locateNonFinite: (x) => firstNonFinite(fields, x),
    innerProduct(x, y) {
      single[0] = x;
      innerProducts(single, 1, y, product);
      return product[0];
    },
    axpy: operations.axpy,
    xpay: operations.xpay,
    advance: operations.advance,
    axpyInnerProduct(a, x, y) {
      const sums = fieldSums(fields.length);
      sumSteps(sums, (f) => operations.axpyProducts(fields[f], a, x, y));
      return sums.reduce((total, sum) => total + sum, 0);
    },
  };
}

/** The step that comes first in time, and its first degree of freedom. */
function firstNonFinite(fields: readonly Field[], x: Float64Array): string | undefined {
  for (const { layout, start } of fields) {
    for (let step = layout.steps.first; step <= layout.steps.last; step++) {
      const [offset, stride] = [start + layout.offsetOf(step), layout.strideOf(step)];
      for (let j = 0; j < layout.dofs; j++) if (!Number.isFinite(x[offset + j * stride])) return `first at time step ${step}, degree of freedom ${j}`;
    }
  }
  return undefined;
}

const plainOperations: FieldOperations = {
  axpy,
  xpay,
  advance({ a, b }, z, ...[p, x]) {
    axpy(a, p, x);
    xpay(z, b, p);
  },
  products: (field, basis, ...[, y]) => (k) => (step) => stepProduct(field, basis[k], y, step),
  axpyProducts(field, a, x, y) {
    const { start, layout } = field;
    axpy(a, x.subarray(start, start + layout.length), y.subarray(start, start + layout.length));
    return (step) => stepProduct(field, y, y, step);
  },
};

/** All lanes of a row, and all vectors of a batch, in one call. */
function kernelOperations(kernels: VectorKernels, layout: SpaceTimeLayout, size: number): FieldOperations {
  const values: LaneStepValues[] = [];
  const valuesOf = (k: number): LaneStepValues => (values[k] ??= laneStepValues(layout));
  const productsOf = growingBuffer();
  const whole = (data: Float64Array): Block => ({ data, offset: 0 });
  /** Visits the rows of a field; what `visit` leaves in `products`, 2K entries for each of `count` sums a step, becomes their values. */
  const forEachRow = ({ layout: { groups, dofs }, start }: Field, count: number, visit: (lanes: Lanes, offset: number, products: Float64Array) => void): void => {
    const products = productsOf(16 * count);
    for (const group of groups) {
      for (let k = 0; k < group.rows; k++) {
        visit(group.lanes, start + group.offset + k * dofs * group.lanes, products);
        for (let i = 0; i < count; i++) valuesOf(i).set(group, k, products, 2 * group.lanes * i);
      }
    }
  };
  return {
    axpy: (a, x, y) => kernels.axpy(a, whole(x), whole(y), size),
    xpay: (x, a, y) => kernels.xpay(whole(x), a, whole(y), size),
    advance: (factors, z, ...[p, x]) => kernels.advance(factors, { x: whole(x), p: whole(p), z: whole(z) }, size),
    products(field, basis, ...[count, y]) {
      const { dofs } = field.layout;
      if (count === 1) forEachRow(field, 1, (lanes, offset, products) => kernels.products(lanes, dofs, { data: basis[0], offset }, { data: y, offset }, products));
      else forEachRow(field, count, (lanes, offset, products) => kernels.multiProducts(lanes, dofs, basis, count, { data: y, offset }, products));
      return (k) => valuesOf(k).at;
    },
    axpyProducts(field, a, x, y) {
      forEachRow(field, 1, (lanes, offset, products) => kernels.axpyProducts(lanes, field.layout.dofs, a, { data: x, offset }, { data: y, offset }, products));
      return valuesOf(0).at;
    },
  };
}

/** Σⱼ xⱼ yⱼ of one step, even and odd dofs apart. */
function stepProduct({ layout, start }: Field, x: Float64Array, y: Float64Array, step: number): number {
  const stride = layout.strideOf(step);
  const begin = start + layout.offsetOf(step);
  const end = begin + layout.dofs * stride;
  let even = 0;
  let odd = 0;
  let i = begin;
  for (; i + stride < end; i += 2 * stride) {
    even += x[i] * y[i];
    odd += x[i + stride] * y[i + stride];
  }
  if (i < end) even += x[i] * y[i];
  return even + odd;
}

/** The values that sum number i adds up. */
type Summands = (i: number) => StepValues;

/** sums[i] ← Σₙ summands(i)(n) over all ranks' steps, by the binary tree over the global step index. One all-gather. */
export function rankInvariantSums(layout: SpaceTimeLayout, communicator: Communicator): (sums: Float64Array, summands: Summands) => void {
  const { first, last } = layout.steps;
  const tree = binaryTreeSum();
  const slots = 2 * Math.ceil(Math.log2(layout.partition.grid.steps + 1)) + 1;
  const record = 1 + 3 * slots;
  const localRecords = growingBuffer();
  const gatheredRecords = growingBuffer();
  const growTree = (value: StepValues): void => {
    tree.reset();
    for (let step = first; step <= last; step++) tree.push(0, step - 1, value(step));
  };
  const onOneRank = (sums: Float64Array, summands: Summands): void => {
    for (let i = 0; i < sums.length; i++) {
      growTree(summands(i));
      sums[i] = tree.total();
    }
  };
  const acrossRanks = (sums: Float64Array, summands: Summands): void => {
    const local = localRecords(sums.length * record);
    const gathered = gatheredRecords(communicator.size * local.length);
    for (let i = 0; i < sums.length; i++) {
      growTree(summands(i));
      local[i * record] = tree.count;
      tree.subtrees(local.subarray(i * record + 1, (i + 1) * record));
    }
    communicator.allGather(local, gathered);
    for (let i = 0; i < sums.length; i++) {
      tree.reset();
      for (let rank = 0; rank < communicator.size; rank++) pushRecord(tree, gathered, rank * local.length + i * record);
      sums[i] = tree.total();
    }
  };
  return communicator.size === 1 ? onOneRank : acrossRanks;
}

/** A buffer that doubles when it is too short, so that repeated calls allocate nothing. */
function growingBuffer(): (length: number) => Float64Array {
  let buffer = new Float64Array(0);
  return (length) => {
    if (buffer.length < length) buffer = new Float64Array(Math.max(length, 2 * buffer.length));
    return buffer.subarray(0, length);
  };
}

function pushRecord(tree: ReturnType<typeof binaryTreeSum>, gathered: Float64Array, at: number): void {
  for (let s = 0; s < gathered[at]; s++) {
    const entry = at + 1 + 3 * s;
    tree.push(gathered[entry], gathered[entry + 1], gathered[entry + 2]);
  }
}
