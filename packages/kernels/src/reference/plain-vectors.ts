import type { Block, VectorKernels } from "../lane-kernels.js";

export function plainVectorKernels(): VectorKernels {
  return {
    axpy: plainAxpy,
    xpay({ data: x, offset: xo }, a, { data: y, offset: yo }, length) {
      for (let i = 0; i < length; i++) y[yo + i] = x[xo + i] + a * y[yo + i];
    },
    advance({ a, b }, { x, p, z }, length) {
      plainAxpy(a, p, x, length);
      for (let i = 0; i < length; i++) p.data[p.offset + i] = z.data[z.offset + i] + b * p.data[p.offset + i];
    },
    combine(lanes, size, { a, b }, { x, y, out }) {
      for (let i = 0; i < lanes * size; i++) {
        const lane = i & (lanes - 1);
        out.data[out.offset + i] = a[lane] * x.data[x.offset + i] + b[lane] * y.data[y.offset + i];
      }
    },
    separate(lanes, size, x, out) {
      for (let l = 0, i = out.offset; l < lanes; l++) {
        for (let j = 0; j < size; j++, i++) out.data[i] = x.data[x.offset + j * lanes + l];
      }
    },
    join(lanes, size, x, out) {
      for (let l = 0, i = x.offset; l < lanes; l++) {
        for (let j = 0; j < size; j++, i++) out.data[out.offset + j * lanes + l] = x.data[i];
      }
    },
    products: plainProducts,
    multiProducts(lanes, size, basis, ...[count, y, products]) {
      for (let k = 0; k < count; k++) plainProducts(lanes, size, { data: basis[k], offset: y.offset }, y, products.subarray(2 * lanes * k, 2 * lanes * (k + 1)));
    },
    axpyProducts(lanes, size, a, ...[x, y, products]) {
      plainAxpy(a, x, y, lanes * size);
      plainProducts(lanes, size, y, y, products);
    },
  };
}

function plainAxpy(a: number, { data: x, offset: xo }: Block, { data: y, offset: yo }: Block, length: number): void {
  for (let i = 0; i < length; i++) y[yo + i] += a * x[xo + i];
}

const plainProducts: VectorKernels["products"] = (lanes, size, ...[x, y, products]) => {
  products.fill(0, 0, 2 * lanes);
  for (let j = 0, i = 0; j < size; j++) {
    for (let l = 0; l < lanes; l++, i++) products[2 * l + (j & 1)] += x.data[x.offset + i] * y.data[y.offset + i];
  }
};
