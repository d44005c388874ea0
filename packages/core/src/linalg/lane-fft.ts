/** Complex vectors on lines side by side, real and imaginary parts apart: entry j of line l at j · lanes + l. */
export interface ComplexLanes {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** The discrete Fourier transform of length L = 2^m of lines side by side, in place and without sorting. */
export interface LaneFft {
  /** Place p ← X_n = Σⱼ xⱼ e^{−2πi jn/L}, the bits of n those of p in reverse. */
  forward(x: ComplexLanes): void;
  /** L times the inverse, from the order that `forward` leaves. */
  inverse(x: ComplexLanes): void;
}

/** Radix 2, decimation in frequency forward and in time backward: 5 L log₂ L flops a line. Storage: L doubles. */
export function laneFft(size: number, lanes: number): LaneFft {
  const cos = Float64Array.from({ length: size / 2 }, (_, k) => Math.cos((2 * Math.PI * k) / size));
  const sin = Float64Array.from({ length: size / 2 }, (_, k) => Math.sin((2 * Math.PI * k) / size));
  /** One stage: pairs of entries `half` apart, pair k of each group turned by k · size/(2 half). */
  const stage = (half: number, butterfly: Butterfly, x: ComplexLanes): void => {
    const turn = size / (2 * half);
    for (let k = 0; k < half; k++) {
      const twiddle = { cos: cos[k * turn], sin: sin[k * turn] };
      for (let at = k; at < size; at += 2 * half) butterfly(x, { first: at * lanes, second: (at + half) * lanes, lanes }, twiddle);
    }
  };
  return {
    forward(x) {
      for (let half = size / 2; half >= 1; half /= 2) stage(half, splitThenTurn, x);
    },
    inverse(x) {
      for (let half = 1; half < size; half *= 2) stage(half, turnThenJoin, x);
    },
  };
}

interface Pair {
  readonly first: number;
  readonly second: number;
  readonly lanes: number;
}

interface Twiddle {
  readonly cos: number;
  readonly sin: number;
}

type Butterfly = (x: ComplexLanes, pair: Pair, twiddle: Twiddle) => void;

/** (a, b) ← (a + b, (a − b) e^{−iφ}) */
function splitThenTurn({ re, im }: ComplexLanes, { first: a, second: b, lanes }: Pair, { cos, sin }: Twiddle): void {
  for (let l = 0; l < lanes; l++) {
    const x = re[a + l] - re[b + l];
    const y = im[a + l] - im[b + l];
    re[a + l] += re[b + l];
    im[a + l] += im[b + l];
    re[b + l] = cos * x + sin * y;
    im[b + l] = cos * y - sin * x;
  }
}

/** (a, b) ← (a + b e^{iφ}, a − b e^{iφ}) */
function turnThenJoin({ re, im }: ComplexLanes, { first: a, second: b, lanes }: Pair, { cos, sin }: Twiddle): void {
  for (let l = 0; l < lanes; l++) {
    const x = cos * re[b + l] - sin * im[b + l];
    const y = cos * im[b + l] + sin * re[b + l];
    re[b + l] = re[a + l] - x;
    im[b + l] = im[a + l] - y;
    re[a + l] += x;
    im[a + l] += y;
  }
}
