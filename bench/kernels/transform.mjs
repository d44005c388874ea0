import { randomValues, relativeDifference } from "./values.mjs";

const STATES = 8;

/** Sine transforms of eight states in place: FFTW's 2-D RODFT00 on eight interleaved states, hand-written AVX2 lanes, or two dense products a state. */
export function transformPair({ n }, { made, c }) {
  const size = n * n;
  const values = randomValues(STATES * size, 4);
  const states = made.allocate(STATES * size);
  const transform = made.sineTransform([n, n]);
  const peers = c ? Object.fromEntries(Object.entries(transformPeers(n, values, c)).filter(([, peer]) => peer)) : {};
  return {
    ours: () => transform.apply(states),
    peers: Object.fromEntries(Object.entries(peers).map(([id, { run }]) => [id, run])),
    items: STATES,
    // Each transform multiplies the norm by up to n + 1.
    maxRepetitions: 30,
    reset() {
      states.set(values);
      for (const { reset } of Object.values(peers)) reset();
    },
    check: () => Math.max(0, ...Object.values(peers).map(({ result }) => relativeDifference(result(), transposed(states, n)))),
  };
}

function transformPeers(n, values, c) {
  const powerOfTwo = Number.isInteger(Math.log2(n + 1));
  return {
    fftw: c.has("f") && fftwPeer(n, values, c),
    avx2: c.has("v") && powerOfTwo && avx2Peer(n, values, c),
    blas: c.has("f") && !powerOfTwo && productPeer(n, values, c),
  };
}

/** Our axes come out in reverse order. */
function transposed(states, n) {
  const out = new Float64Array(states.length);
  for (let s = 0; s < states.length; s += n * n) for (let y = 0; y < n; y++) for (let x = 0; x < n; x++) out[s + y * n + x] = states[s + x * n + y];
  return out;
}

/** [dof][state] of [state][dof]. */
function interleaved(values, count) {
  const size = values.length / count;
  return Float64Array.from(values, (_, k) => values[(k % count) * size + Math.floor(k / count)]);
}

const separated = (values, count) => interleaved(values, values.length / count);

function fftwPeer(n, values, c) {
  const { f_plan2d: plan, f_exec: execute } = c.library("f");
  const address = c.vector(values.length);
  const planned = plan(n, address, STATES);
  return {
    run: () => execute(planned, address),
    reset: () => c.write(address, interleaved(values, STATES)),
    result: () => separated(c.read(address, values.length), STATES).map((value) => value / 4),
  };
}

/** Rows of n + 1 with index 0 unused, lanes innermost. */
function avx2Peer(n, values, c) {
  const row = n + 1;
  const cells = row * (n + 2) * STATES;
  const [address, work, table] = [c.vector(cells), c.vector(40 * row), c.vector(5 * row)];
  c.library("k").k_dsttab(row, table);
  const { v_rowsK: rows, v_dstcols: columns } = c.library("v");
  const place = (point) => ((Math.floor(point / n) + 1) * row + (point % n) + 1) * STATES;
  return {
    run() {
      rows(n, STATES, address, work, table);
      columns(row, address + 8 * STATES, row * STATES, n * STATES, work, table);
    },
    reset() {
      const spread = new Float64Array(cells);
      const lanes = interleaved(values, STATES);
      for (let point = 0; point < n * n; point++) spread.set(lanes.subarray(point * STATES, (point + 1) * STATES), place(point));
      c.write(address, spread);
    },
    result() {
      const spread = c.read(address, cells);
      const lanes = new Float64Array(values.length);
      for (let point = 0; point < n * n; point++) lanes.set(spread.subarray(place(point), place(point) + STATES), point * STATES);
      return separated(lanes, STATES);
    },
  };
}

/** V X V with the symmetric matrix V of sines. */
function productPeer(n, values, c) {
  const sines = Float64Array.from({ length: n * n }, (_, k) => Math.sin((Math.PI * (Math.floor(k / n) + 1) * ((k % n) + 1)) / (n + 1)));
  const [matrix, address, work] = [c.vector(n * n, sines), c.vector(values.length), c.vector(n * n)];
  const { f_gemm: product } = c.library("f");
  return {
    run() {
      for (let state = address; state < address + 8 * values.length; state += 8 * n * n) {
        product(n, n, n, matrix, n, state, n, work, n);
        product(n, n, n, work, n, matrix, n, state, n);
      }
    },
    reset: () => c.write(address, values),
    result: () => c.read(address, values.length),
  };
}
