import { filledBlock, randomValues } from "./values.mjs";

const FACTOR = 1e-3;

/** y += a x with ‖y‖², on `blocks` states of n² dofs and the given lanes. */
export function axpyDotPair({ n, lanes, blocks }, { made, c }) {
  const size = n * n;
  const length = size * lanes * blocks;
  const values = [randomValues(length, 1), randomValues(length, 2)];
  const [x, y] = values.map((given) => filledBlock(made, given));
  const products = new Float64Array(2 * lanes);
  const steps = Array.from({ length: blocks }, (_, k) => [x, y].map(({ data }) => ({ data, offset: k * size * lanes })));
  const peer = c && { x: c.vector(length, values[0]), y: c.vector(length, values[1]), norm: 0 };
  let norm = 0;
  return {
    ours() {
      norm = 0;
      for (const [from, to] of steps) {
        made.vectors.axpyProducts(lanes, size, FACTOR, from, to, products);
        for (let i = 0; i < products.length; i++) norm += products[i];
      }
    },
    peers: peer ? { c: () => void (peer.norm = c.library("k").k_axpydot(length, peer.x, peer.y, FACTOR)) } : {},
    items: lanes * blocks,
    check: () => peer && Math.abs(norm / peer.norm - 1),
  };
}

const COUNT = 8;

/** The products of eight vectors with one. */
export function multiDotPair({ n, lanes, blocks }, { made, c }) {
  const size = n * n;
  const length = size * lanes * blocks;
  const values = randomValues((COUNT + 1) * length, 3);
  const basis = Array.from({ length: COUNT }, (_, k) => filledBlock(made, values.subarray(k * length, (k + 1) * length)));
  const w = filledBlock(made, values.subarray(COUNT * length));
  const products = new Float64Array(2 * lanes * COUNT);
  const dots = new Float64Array(COUNT);
  const vectors = basis.map(({ data }) => data);
  const multiply = () => {
    dots.fill(0);
    for (let offset = 0; offset < length; offset += size * lanes) {
      made.vectors.multiProducts(lanes, size, vectors, COUNT, { data: w.data, offset }, products);
      for (let i = 0; i < products.length; i++) dots[Math.floor(i / (2 * lanes))] += products[i];
    }
  };
  const peer = c && { vectors: c.vector(values.length, values), dots: c.vector(COUNT) };
  return {
    ours: multiply,
    peers: peer ? { c: () => void c.library("k").k_mdot(length, COUNT, peer.vectors, peer.vectors + 8 * COUNT * length, peer.dots) } : {},
    items: lanes * blocks,
    check() {
      if (!peer) return undefined;
      const scale = Math.sqrt(length) / 3;
      return Math.max(...c.read(peer.dots, COUNT).map((dot, k) => Math.abs(dot - dots[k]) / scale));
    },
  };
}
