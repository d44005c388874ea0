/** state ← x[offset + j · stride] */
export function gather(x: Float64Array, offset: number, stride: number, state: Float64Array): void {
  if (stride === 1) state.set(x.subarray(offset, offset + state.length));
  else for (let j = 0, i = offset; j < state.length; j++, i += stride) state[j] = x[i];
}

/** x[offset + j · stride] ← state */
export function scatter(state: Float64Array, x: Float64Array, offset: number, stride: number): void {
  if (stride === 1) x.set(state, offset);
  else for (let j = 0, i = offset; j < state.length; j++, i += stride) x[i] = state[j];
}

/** x[offset + j · stride] ← x[…] + factor · state */
export function scatterAdd(factor: number, state: Float64Array, x: Float64Array, place: { offset: number; stride: number }): void {
  const { offset, stride } = place;
  for (let j = 0, i = offset; j < state.length; j++, i += stride) x[i] += factor * state[j];
}

/** state ← state + factor · x[offset + j · stride] */
export function gatherAdd(factor: number, x: Float64Array, place: { offset: number; stride: number }, state: Float64Array): void {
  const { offset, stride } = place;
  for (let j = 0, i = offset; j < state.length; j++, i += stride) state[j] += factor * x[i];
}

/** to[offset + 8j + l] = states[l][j]: eight states into a block of lanes, every cache line of it written once. */
export function interleaveEight(states: readonly Float64Array[], to: Float64Array, offset: number): void {
  const [a, b, c, d, e, f, g, h] = states;
  for (let j = 0, i = offset; j < a.length; j++, i += 8) {
    to[i] = a[j];
    to[i + 1] = b[j];
    to[i + 2] = c[j];
    to[i + 3] = d[j];
    to[i + 4] = e[j];
    to[i + 5] = f[j];
    to[i + 6] = g[j];
    to[i + 7] = h[j];
  }
}
