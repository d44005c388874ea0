import { boxGrid, laplacianEigenvalues } from "@parakkt/core";
import { everyLane, randomValues, relativeDifference } from "./values.mjs";

/**
 * u_s = E⁻¹(f_s + u_{s−1}) and p_s = E⁻¹(u_s + p_{s+1}), E = I + τL with constant ν, on `lanes` subdomains of `steps` steps, in place and in the
 * storage order of the iterations: in the sine basis, each block transformed where it goes in (f) and where it comes out (p). The peer solves each step
 * by FFTW's 2-D RODFT00, a division, and back.
 *
 * With `transforms: false` ours is the sweeps alone, as the solver iterates in the sine basis.
 */
export function sweepPair({ n, lanes, steps, transforms = true }, { made, c }) {
  const size = n * n;
  const blocks = made.allocate(lanes * steps * size);
  const transform = made.sineTransform([n, n], lanes);
  const tau = 1 / (lanes * steps);
  const values = randomValues(blocks.length, 5);
  const given = made.allocate(blocks.length);
  packed({ lanes, steps, size }, values, given);
  const peer = c?.has("p") && fftwPeer({ n, lanes, steps, tau }, values, c);
  const none = () => undefined;
  const sweeps = (each) => bothSweeps({ n, lanes, steps, tau }, made, blocks, each);
  const whole = sweeps((block) => transform.apply(block, lanes));
  return {
    ours: transforms ? whole : sweeps(none),
    peers: peer ? { fftw: peer.run } : {},
    items: lanes * steps,
    maxRepetitions: 4,
    reset: () => blocks.set(given),
    check() {
      if (!peer) return undefined;
      blocks.set(given);
      whole();
      const states = new Float64Array(blocks.length);
      unpacked({ lanes, steps, size }, blocks, states);
      return relativeDifference(states.map((value) => transform.scale * value), peer.result());
    },
  };
}

/** Both sweeps in place; `transform` takes each block before the first and after the second. */
function bothSweeps({ n, lanes, steps, tau }, made, data, transform) {
  const grid = boxGrid({ extent: [1, 1], cells: [n + 1, n + 1] });
  const solver = made.diagonal(laplacianEigenvalues(grid, 1));
  solver.prepare(lanes, [1 / tau]);
  const factors = { shift: everyLane(lanes, 1 / tau), rhs: everyLane(lanes, 1 / tau), neighbour: everyLane(lanes, 1 / tau) };
  const length = grid.size * lanes;
  const blocks = Array.from({ length: steps }, (_, s) => ({ data, offset: s * length }));
  const parts = blocks.map(({ offset }) => data.subarray(offset, offset + length));
  return () => {
    for (let s = 0; s < steps; s++) {
      transform(parts[s]);
      solver.solve(lanes, factors, { x: blocks[s], y: blocks[s - 1], out: blocks[s] });
    }
    for (let s = steps - 1; s >= 0; s--) {
      solver.solve(lanes, factors, { x: blocks[s], y: blocks[s + 1], out: blocks[s] });
      if (s + 1 < steps) transform(parts[s + 1]);
    }
    transform(parts[0]);
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
