/** A scalar function σ applied to every entry, and its derivative. */
export interface Activation {
  readonly name: string;
  value(x: number): number;
  slope(x: number): number;
}

export const tanh: Activation = {
  name: "tanh",
  value: Math.tanh,
  slope: (x) => 1 - Math.tanh(x) ** 2,
};

/** max(x, 0), with slope 0 at 0. */
export const relu: Activation = {
  name: "relu",
  value: (x) => (x > 0 ? x : 0),
  slope: (x) => (x > 0 ? 1 : 0),
};

/** Half the width of the parabola of `smoothRelu`. */
const BEND = 0.1;

/** max(x, 0) with a parabola for |x| ≤ 0.1, so that it has a continuous derivative [Gunther2020]. */
export const smoothRelu: Activation = {
  name: "smooth-relu",
  value: (x) => (Math.abs(x) > BEND ? Math.max(x, 0) : (x + BEND) ** 2 / (4 * BEND)),
  slope: (x) => (Math.abs(x) > BEND ? (x > 0 ? 1 : 0) : (x + BEND) / (2 * BEND)),
};

export const identity: Activation = { name: "identity", value: (x) => x, slope: () => 1 };

/** √(2/π) and the cubic factor of the usual approximation of x times the normal distribution function. */
const [GELU_SCALE, GELU_CUBIC] = [Math.sqrt(2 / Math.PI), 0.044715];

/** ½ x (1 + tanh(√(2/π)(x + 0.044715 x³))): the smooth rectifier of transformers [Hendrycks2016]. */
export const gelu: Activation = {
  name: "gelu",
  value: (x) => 0.5 * x * (1 + Math.tanh(GELU_SCALE * (x + GELU_CUBIC * x ** 3))),
  slope(x) {
    const t = Math.tanh(GELU_SCALE * (x + GELU_CUBIC * x ** 3));
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * GELU_SCALE * (1 + 3 * GELU_CUBIC * x * x);
  },
};
