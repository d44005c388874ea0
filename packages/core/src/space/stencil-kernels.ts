/** A 3- or 5-point stencil with constant coefficients on planes of `points` × `lines` points. */
export interface ConstantStencil {
  readonly points: number;
  readonly lines: number;
  readonly diagonal: number;
  /** Coupling −L_ij to the neighbours on x and on y. */
  readonly x: number;
  readonly y: number;
}

/** The same with one coupling per face: entry i is the coupling of point i to the previous one on the axis, 0 at the first, padded by one stride. */
export interface VariableStencil {
  readonly points: number;
  readonly lines: number;
  readonly diagonal: Float64Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** out ← d u − c_x (left + right) − c_y (below + above) on all planes; a line at the edge meets itself with coupling 0 instead. */
export function applyConstantStencil(stencil: ConstantStencil, u: Float64Array, out: Float64Array): void {
  const { points, lines, diagonal, x, y } = stencil;
  for (let start = 0, line = 0; start < out.length; start += points, line = (line + 1) % lines) {
    const below = line > 0 ? y : 0;
    const above = line < lines - 1 ? y : 0;
    const toBelow = line > 0 ? points : 0;
    const toAbove = line < lines - 1 ? points : 0;
    const last = start + points - 1;
    let left = 0;
    let here = u[start];
    for (let i = start; i < last; i++) {
      const right = u[i + 1];
      out[i] = diagonal * here - x * (left + right) - below * u[i - toBelow] - above * u[i + toAbove];
      left = here;
      here = right;
    }
    out[last] = diagonal * here - x * left - below * u[last - toBelow] - above * u[last + toAbove];
  }
}

/** As `applyConstantStencil` with one coupling per face. */
export function applyVariableStencil(stencil: VariableStencil, u: Float64Array, out: Float64Array): void {
  const { points, lines, diagonal, x, y } = stencil;
  for (let start = 0, line = 0; start < out.length; start += points, line = (line + 1) % lines) {
    const toBelow = line > 0 ? points : 0;
    const toAbove = line < lines - 1 ? points : 0;
    const last = start + points - 1;
    let fromLeft = 0;
    let here = u[start];
    for (let i = start; i < last; i++) {
      const right = u[i + 1];
      const coupling = x[i + 1];
      out[i] = diagonal[i] * here - fromLeft - coupling * right - y[i] * u[i - toBelow] - y[i + points] * u[i + toAbove];
      fromLeft = coupling * here;
      here = right;
    }
    out[last] = diagonal[last] * here - fromLeft - y[last] * u[last - toBelow] - y[last + points] * u[last + toAbove];
  }
}

/** out −= c (below + above) between planes `stride` apart. */
export function subtractConstantPlanes(stride: number, coupling: number, u: Float64Array, out: Float64Array): void {
  for (let i = stride; i < out.length; i++) {
    out[i] -= coupling * u[i - stride];
    out[i - stride] -= coupling * u[i];
  }
}

/** As `subtractConstantPlanes` with one coupling per face. */
export function subtractVariablePlanes(stride: number, couplings: Float64Array, u: Float64Array, out: Float64Array): void {
  for (let i = stride; i < out.length; i++) {
    const coupling = couplings[i];
    out[i] -= coupling * u[i - stride];
    out[i - stride] -= coupling * u[i];
  }
}
