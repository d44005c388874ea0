import { boxGrid, laplacianEigenvalues } from "@parakkt/core";
import { everyLane, randomValues, relativeDifference } from "./values.mjs";

/**
 * u_s = E⁻¹(f_s + u_{s−1}) and p_s = E⁻¹(u_s + p_{s+1}), E = I + τL with constant ν, on `lanes` subdomains of `steps` steps: in the sine basis with
 * the transforms in (f) and out (p). The peer solves each step by FFTW's 2-D RODFT00, a division, and back.
 *
 * With `transforms: false` ours is the sweeps alone, as the solver iterates in the sine basis.
 */
export function sweepPair({ n, lanes, steps, transforms = true }, { made, c }) {
  const size = n * n;
  const length = lanes * steps * size;
  const [states, f, u] = [made.allocate(length), made.allocate(length), made.allocate(length)];
  const transform = made.sineTransform([n, n]);
  const tau = 1 / (lanes * steps);
  const sweep = bothSweeps({ n, lanes, steps, tau }, made, { f, u });
  const values = randomValues(length, 5);
  const peer = c?.has("p") && fftwPeer({ n, lanes, steps, tau }, values, c);
  return {
    ours() {
      if (transforms) transform.apply(states);
      sweep();
      if (transforms) transform.apply(states);
    },
    peers: peer ? { fftw: peer.run } : {},
    items: lanes * steps,
    maxRepetitions: 4,
    reset: () => states.set(values),
    check() {
      if (!peer) return undefined;
      states.set(values);
      transform.apply(states);
      packed({ lanes, steps, size }, states, f);
      sweep();
      unpacked({ lanes, steps, size }, u, states);
      transform.apply(states);
      return relativeDifference(states.map((value) => transform.scale * value), peer.result());
    },
  };
}

function bothSweeps({ n, lanes, steps, tau }, made, { f, u }) {
  const grid = boxGrid({ extent: [1, 1], cells: [n + 1, n + 1] });
  const solver = made.diagonal(laplacianEigenvalues(grid, 1));
  solver.prepare(lanes, [1 / tau]);
  const factors = { shift: everyLane(lanes, 1 / tau), rhs: everyLane(lanes, 1 / tau), neighbour: everyLane(lanes, 1 / tau) };
  const blocksOf = (data) => Array.from({ length: steps }, (_, s) => ({ data, offset: s * grid.size * lanes }));
  const [from, to] = [blocksOf(f), blocksOf(u)];
  return () => {
    for (let s = 0; s < steps; s++) solver.solve(lanes, factors, { x: from[s], y: to[s - 1], out: to[s] });
    for (let s = steps - 1; s >= 0; s--) solver.solve(lanes, factors, { x: to[s], y: to[s + 1], out: to[s] });
  };
}

function fftwPeer({ n, lanes, steps, tau }, values, c) {
  const { p_init: plan, p_fftw: sweeps } = c.library("p");
  const a = tau * (n + 1) ** 2;
  plan(n, a);
  const [f, u, p] = [c.vector(values.length, values), c.vector(values.length), c.vector(values.length)];
  return { run: () => sweeps(n, lanes, steps, f, u, p, 0, a, 0), result: () => c.read(p, values.length) };
}

/** [step][dof][lane] from [lane][step][dof]. */
function packed({ lanes, steps, size }, states, blocks) {
  for (let l = 0; l < lanes; l++) for (let k = 0; k < steps * size; k++) blocks[k * lanes + l] = states[l * steps * size + k];
}

function unpacked({ lanes, steps, size }, blocks, states) {
  for (let l = 0; l < lanes; l++) for (let k = 0; k < steps * size; k++) states[l * steps * size + k] = blocks[k * lanes + l];
}
