import { dual, expOf, minus, over, plus, rowTimes, sqrtOf, tanhOf, times, type Dual } from "./dual-numbers.js";

// The layers as the theory chapter writes them, entry by entry on dual numbers, for one member of the batch: nothing is shared with the code under test.

/** u + hF */
export const stepBy = (h: Dual, u: readonly Dual[], F: readonly Dual[]): Dual[] => u.map((value, j) => plus(value, times(h, F[j])));

/** tanh(K ∗ u + b) of an image [height][width][channels]. */
export function convolved(u: readonly Dual[], theta: readonly Dual[], { height, width, channels }: { height: number; width: number; channels: number }): Dual[] {
  const pixel = (y: number, x: number, c: number): Dual => (y < 0 || y >= height || x < 0 || x >= width ? dual(0) : u[(y * width + x) * channels + c]);
  const range = (count: number): number[] => Array.from({ length: count }, (_, k) => k);
  const entry = (y: number, x: number, o: number): Dual =>
    plus(
      theta[9 * channels * channels + o],
      ...range(9).flatMap((p) => range(channels).map((c) => times(theta[(o * 9 + p) * channels + c], pixel(y + Math.floor(p / 3) - 1, x + (p % 3) - 1, c)))),
    );
  return range(height).flatMap((y) => range(width).flatMap((x) => range(channels).map((o) => tanhOf(entry(y, x, o)))));
}

interface Sequence {
  readonly features: number;
  readonly heads: number;
  readonly hidden: number;
}

/** Hands out the parameters in their order. */
function reader(theta: readonly Dual[]): (count: number) => readonly Dual[] {
  let at = 0;
  return (count) => theta.slice(at, (at += count));
}

type Read = ReturnType<typeof reader>;
type Token = readonly Dual[];

const tokensOf = (u: readonly Dual[], features: number): Token[] => Array.from({ length: u.length / features }, (_, t) => u.slice(t * features, (t + 1) * features));
const sum = (x: Token, y: Token): Token => x.map((value, j) => plus(value, y[j]));

/** Takes the parameters of a linear map; what it does to a token. */
function linearMap(read: Read, inputs: number, outputs: number): (x: Token) => Token {
  const [W, b] = [read(inputs * outputs), read(outputs)];
  return (x) => b.map((bias, o) => plus(bias, rowTimes(W, o, x)));
}

function norm(read: Read, features: number): (x: Token) => Token {
  const [gain, bias] = [read(features), read(features)];
  return (x) => {
    const mean = over(plus(...x), dual(features));
    const variance = over(plus(...x.map((value) => times(minus(value, mean), minus(value, mean)))), dual(features));
    const deviation = sqrtOf(plus(variance, dual(1e-5)));
    return x.map((value, k) => plus(times(gain[k], over(minus(value, mean), deviation)), bias[k]));
  };
}

function attention(read: Read, { features, heads }: Sequence, causal: boolean): (asking: readonly Token[], asked: readonly Token[]) => Token[] {
  const [toQ, toK, toV, toOutput] = [0, 0, 0, 0].map(() => linearMap(read, features, features));
  const width = features / heads;
  return (asking, asked) =>
    asking.map((token, t) => {
      const seen = causal ? asked.slice(0, t + 1) : asked;
      const q = toQ(token);
      const mixed = Array.from({ length: heads }, (_, head) => {
        const part = (x: Token): Token => x.slice(head * width, (head + 1) * width);
        const scores = seen.map((other) => expOf(over(plus(...part(toK(other)).map((k, j) => times(k, part(q)[j]))), dual(Math.sqrt(width)))));
        const total = plus(...scores);
        return Array.from({ length: width }, (_, j) => plus(...seen.map((other, s) => times(over(scores[s], total), part(toV(other))[j]))));
      }).flat();
      return toOutput(mixed);
    });
}

function feedForward(read: Read, { features, hidden }: Sequence): (x: Token) => Token {
  const [up, down] = [linearMap(read, features, hidden), linearMap(read, hidden, features)];
  return (x) => down(up(x).map(tanhOf));
}

/** φ + MLP(LN₂(X + φ)), φ = attention(LN₁(X)). */
export function selfAttentionTerm(u: readonly Dual[], theta: readonly Dual[], { causal, ...shape }: Sequence & { readonly causal: boolean }): Dual[] {
  const read = reader(theta);
  const norm1 = norm(read, shape.features);
  const attend = attention(read, shape, causal);
  const norm2 = norm(read, shape.features);
  const mlp = feedForward(read, shape);
  const X = tokensOf(u, shape.features);
  const phi = attend(X.map(norm1), X.map(norm1));
  return X.flatMap((x, t) => sum(phi[t], mlp(norm2(sum(x, phi[t])))));
}

/** φ + χ + MLP(LN₃(Y + φ + χ)), φ = causal attention(LN₁(Y)), χ = attention of LN₂(Y + φ) to LN₄(X). */
export function crossAttentionTerm(source: readonly Dual[], target: readonly Dual[], theta: readonly Dual[], shape: Sequence): Dual[] {
  const read = reader(theta);
  const norm1 = norm(read, shape.features);
  const self = attention(read, shape, true);
  const norm2 = norm(read, shape.features);
  const normX = norm(read, shape.features);
  const cross = attention(read, shape, false);
  const norm3 = norm(read, shape.features);
  const mlp = feedForward(read, shape);
  const [X, Y] = [tokensOf(source, shape.features), tokensOf(target, shape.features)];
  const phi = self(Y.map(norm1), Y.map(norm1));
  const middle = Y.map((y, t) => sum(y, phi[t]));
  const chi = cross(middle.map(norm2), X.map(normX));
  return Y.flatMap((_, t) => sum(sum(phi[t], chi[t]), mlp(norm3(sum(middle[t], chi[t])))));
}
