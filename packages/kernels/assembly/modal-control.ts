import { add, mul, splat, sub } from "./lanes";

// The optimal control problem in one spatial mode is a symmetric tridiagonal system in time. With e_k = 1 + τ_k µ and r_k = 1/P_k
//     G_k = (s²/ω) τ_k² + (τ_k/τ_{k−1}) G_{k−1} r_{k−1},   P_k = e_k² + G_k     (LDLᵀ of S without cancellation)
//     y_k = e_k ũ_k − ũ_{k−1} − b_k + e_{k−1} r_{k−1} y_{k−1}                   (forward)
//     λ_k = r_k (τ_k y_k + e_k λ_{k+1})                                         (backward)
//     z_k = s λ_k/ω,   u_k = (u_{k−1} + s τ_k z_k + b_k)/e_k                    (forward)
// k = 1 … N, all with index 0 and λ_{N+1} zero. A block of modes moves together, so that each step is one contiguous run;
// r, y and λ of a block stay in the cache.
//
// Problem, in f64: N; modes a step; steps with a source b (1 or N); s²/ω; s/ω; scale of the results; τ_1 … τ_N.

const HEADER: usize = 48;

/** The last mode of an odd number alone. `single` is a constant. */
// @ts-ignore: decorator
@inline
function read(single: bool, p: usize): v128 {
  return single ? v128.load64_zero(p) : v128.load(p);
}

// @ts-ignore: decorator
@inline
function write(single: bool, p: usize, x: v128): void {
  if (single) v128.store64_lane(p, x, 0);
  else v128.store(p, x);
}

/** Rows of the block's work space: r and y of the step before and at `r`, `y`, one row apart; G of all modes. */
// @ts-ignore: decorator
@inline
function eliminate(single: bool, source: bool, mu: usize, target: usize, before: usize, b: usize, r: usize, y: usize, g: usize, row: usize, size: v128, sizeBefore: v128, reaction: v128, ratio: v128): void {
  const one = splat(1), m = read(single, mu);
  const e = add(one, mul(size, m)), eBefore = add(one, mul(sizeBefore, m));
  let rhs = sub(mul(e, read(single, target)), read(single, before));
  if (source) rhs = sub(rhs, read(single, b));
  const rBefore = v128.load(r);
  v128.store(y + row, add(rhs, mul(mul(eBefore, rBefore), v128.load(y))));
  const G = add(reaction, mul(ratio, mul(v128.load(g), rBefore)));
  v128.store(g, G);
  v128.store(r + row, f64x2.div(one, add(mul(e, e), G)));
}

// @ts-ignore: decorator
@inline
function eliminateStep(source: bool, modes: usize, mu: usize, target: usize, before: usize, b: usize, r: usize, y: usize, g: usize, row: usize, size: f64, sizeBefore: f64, reaction: f64): void {
  const t = splat(size), tBefore = splat(sizeBefore), c = splat(reaction * size * size), ratio = splat(size / sizeBefore);
  const pairs = (modes & ~1) * 8;
  let q: usize = 0;
  for (; q < pairs; q += 16) eliminate(false, source, mu + q, target + q, before + q, b + q, r + q, y + q, g + q, row, t, tBefore, c, ratio);
  if (modes & 1) eliminate(true, source, mu + q, target + q, before + q, b + q, r + q, y + q, g + q, row, t, tBefore, c, ratio);
}

function forward(problem: usize, first: usize, modes: usize, mu: usize, state: usize, control: usize, r: usize, y: usize, g: usize, row: usize): void {
  const steps = <usize>load<f64>(problem), stride = <usize>load<f64>(problem, 8) * 8, sources = <usize>load<f64>(problem, 16);
  const reaction = load<f64>(problem, 24), sizes = problem + HEADER;
  let sizeBefore = load<f64>(sizes), before = g + row;
  state += first * 8;
  control += first * 8;
  for (let k: usize = 0; k < steps; k++) {
    const size = load<f64>(sizes + 8 * k);
    if (k < sources) eliminateStep(true, modes, mu, state, before, control, r, y, g, row, size, sizeBefore, reaction);
    else eliminateStep(false, modes, mu, state, before, control, r, y, g, row, size, sizeBefore, reaction);
    before = state;
    sizeBefore = size;
    state += stride;
    control += stride;
    r += row;
    y += row;
  }
}

/** y ← λ, within the work space; µ may be read one entry too far. */
function backward(problem: usize, modes: usize, mu: usize, r: usize, y: usize, next: usize, row: usize): void {
  const one = splat(1);
  for (let k = <usize>load<f64>(problem); k > 0; k--) {
    const size = splat(load<f64>(problem + HEADER + 8 * (k - 1))), rk = r + k * row, yk = y + k * row;
    for (let q: usize = 0; q < row; q += 16) {
      const e = add(one, mul(size, v128.load(mu + q)));
      const lambda = mul(v128.load(rk + q), add(mul(size, v128.load(yk + q)), mul(e, v128.load(next + q))));
      v128.store(yk + q, lambda);
      v128.store(next + q, lambda);
    }
  }
}

// @ts-ignore: decorator
@inline
function integrate(single: bool, source: bool, mu: usize, u: usize, z: usize, lambda: usize, before: usize, size: v128, rate: v128, scale: v128, toControl: v128): void {
  const one = splat(1), multiplier = v128.load(lambda);
  let sum = add(v128.load(before), mul(rate, multiplier));
  if (source) sum = add(sum, read(single, z));
  const next = f64x2.div(sum, add(one, mul(size, read(single, mu))));
  v128.store(before, next);
  write(single, u, mul(scale, next));
  write(single, z, mul(toControl, multiplier));
}

// @ts-ignore: decorator
@inline
function integrateStep(source: bool, modes: usize, mu: usize, u: usize, z: usize, lambda: usize, before: usize, size: v128, rate: v128, scale: v128, toControl: v128): void {
  const pairs = (modes & ~1) * 8;
  let q: usize = 0;
  for (; q < pairs; q += 16) integrate(false, source, mu + q, u + q, z + q, lambda + q, before + q, size, rate, scale, toControl);
  if (modes & 1) integrate(true, source, mu + q, u + q, z + q, lambda + q, before + q, size, rate, scale, toControl);
}

/** state ← u, control ← z */
function integrateState(problem: usize, first: usize, modes: usize, mu: usize, state: usize, control: usize, lambda: usize, before: usize, row: usize): void {
  const steps = <usize>load<f64>(problem), stride = <usize>load<f64>(problem, 8) * 8, sources = <usize>load<f64>(problem, 16);
  const reaction = load<f64>(problem, 24), factor = load<f64>(problem, 40), scale = splat(factor), toControl = splat(factor * load<f64>(problem, 32));
  let u = state + first * 8, z = control + first * 8;
  for (let k: usize = 0; k < steps; k++) {
    const size = load<f64>(problem + HEADER + 8 * k), t = splat(size), rate = splat(reaction * size);
    lambda += row;
    if (k < sources) integrateStep(true, modes, mu, u, z, lambda, before, t, rate, scale, toControl);
    else integrateStep(false, modes, mu, u, z, lambda, before, t, rate, scale, toControl);
    u += stride;
    z += stride;
  }
}

/**
 * Modes `first` … first + modes − 1 of all steps: ũ in `state` becomes u, b in `control` (first step only, or all) becomes z.
 * Layout [step][mode]; `eigenvalues`: µ of each mode. `work`: 2(N + 1) + 2 rows of `modes` doubles, rounded up to even.
 */
export function solveModes(problem: usize, first: usize, modes: usize, eigenvalues: usize, state: usize, control: usize, work: usize): void {
  const row = ((modes + 1) & ~1) * 8, block = (<usize>load<f64>(problem) + 1) * row;
  const r = work, y = work + block, g = y + block;
  const mu = eigenvalues + first * 8;
  memory.fill(r, 0, row);
  memory.fill(y, 0, row);
  memory.fill(g, 0, 2 * row);
  forward(problem, first, modes, mu, state, control, r, y, g, row);
  memory.fill(g, 0, row);
  backward(problem, modes, mu, r, y, g, row);
  memory.fill(g, 0, row);
  integrateState(problem, first, modes, mu, state, control, y, g, row);
}
