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
