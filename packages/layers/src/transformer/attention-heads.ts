import type { Kernels, MatrixProductKernel } from "@parakkt/kernels";

export interface AttentionShape {
  readonly batch: number;
  /** Tokens that ask, and tokens that are asked. */
  readonly queries: number;
  readonly keys: number;
  /** Entries of a token, shared evenly by the heads. */
  readonly features: number;
  readonly heads: number;
  /** Token t sees tokens up to t only. */
  readonly causal: boolean;
}

/** Q, [batch][queries][features], K and V, [batch][keys][features]. */
export interface AttentionArguments {
  readonly q: Float64Array;
  readonly k: Float64Array;
  readonly v: Float64Array;
}

/** What the heads of attention do between their projections; all vectors are theirs, in the kernels' memory. */
export interface AttentionHeads {
  readonly values: AttentionArguments;
  readonly adjoints: AttentionArguments;
  /** The result of `forward`, [batch][queries][features], and its adjoint before `pullBack`. */
  readonly mixed: Float64Array;
  readonly mixedAdjoint: Float64Array;
  /** mixed ← softmax(QKᵀ/√d) V, head by head. */
  forward(): void;
  /** `adjoints` of `values` from `mixedAdjoint`, at the last `forward`. */
  pullBack(): void;
}

/**
 * Scaled dot-product attention [Vaswani2017] (LAY.6), all heads of all members of a batch in one batched product each:
 * A = softmax(QKᵀ/√d) row by row, O = AV; transpose: V̄ = AᵀŌ, Ā = ŌVᵀ, S̄ = A ∘ (Ā − rowsums(A ∘ Ā)), Q̄ = S̄K/√d, K̄ = S̄ᵀQ/√d.
 *
 * Cost: 4 · batch · queries · keys · features flops forward and 8 backward. Storage: 2 · batch · heads · queries · keys doubles and 8 tokens' worth.
 */
export function attentionHeads(shape: AttentionShape, kernels: Kernels): AttentionHeads {
  const { batch, queries, keys, features, heads } = shape;
  const [querySize, keySize] = [batch * queries * features, batch * keys * features];
  const argumentsOf = (): AttentionArguments => ({ q: kernels.allocate(querySize), k: kernels.allocate(keySize), v: kernels.allocate(keySize) });
  const [values, adjoints] = [argumentsOf(), argumentsOf()];
  const [mixed, mixedAdjoint] = [kernels.allocate(querySize), kernels.allocate(querySize)];
  const [weights, weightAdjoints] = Array.from({ length: 2 }, () => kernels.allocate(batch * heads * queries * keys));
  const { scores, mix, scoreAdjoints, toValues, toQueries, toKeys } = headProducts(shape, kernels);
  /** The part of each head of each member. */
  const ofHeads = (x: Float64Array, tokens: number): Float64Array[] =>
    Array.from({ length: batch * heads }, (_, i) => x.subarray(Math.floor(i / heads) * tokens * features + (i % heads) * (features / heads)));
  const tables = (x: Float64Array): Float64Array[] => Array.from({ length: batch * heads }, (_, i) => x.subarray(i * queries * keys, (i + 1) * queries * keys));
  const [A, AAdjoint] = [tables(weights), tables(weightAdjoints)];
  const [Q, K, V] = [ofHeads(values.q, queries), ofHeads(values.k, keys), ofHeads(values.v, keys)];
  const [QAdjoint, KAdjoint, VAdjoint] = [ofHeads(adjoints.q, queries), ofHeads(adjoints.k, keys), ofHeads(adjoints.v, keys)];
  const [O, OAdjoint] = [ofHeads(mixed, queries), ofHeads(mixedAdjoint, queries)];

  return {
    ...{ values, adjoints, mixed, mixedAdjoint },
    forward() {
      scores.applyMany(Q, K, A);
      for (let row = 0; row < batch * heads * queries; row++) softmaxRow(weights, row * keys, { length: keys, seen: seenBy(shape, row % queries) });
      mix.applyMany(A, V, O);
    },
    pullBack() {
      toValues.applyMany(A, OAdjoint, VAdjoint);
      scoreAdjoints.applyMany(OAdjoint, V, AAdjoint);
      for (let start = 0; start < weights.length; start += keys) softmaxAdjointRow(weights, weightAdjoints, start, keys);
      toQueries.applyMany(AAdjoint, K, QAdjoint);
      toKeys.applyMany(AAdjoint, Q, KAdjoint);
    },
  };
}

/** The products of one head; tokens of a head are `features` entries apart. */
interface HeadProducts {
  /** QKᵀ/√d */
  readonly scores: MatrixProductKernel;
  /** AV */
  readonly mix: MatrixProductKernel;
  /** ŌVᵀ */
  readonly scoreAdjoints: MatrixProductKernel;
  /** AᵀŌ */
  readonly toValues: MatrixProductKernel;
  /** S̄K/√d */
  readonly toQueries: MatrixProductKernel;
  /** S̄ᵀQ/√d */
  readonly toKeys: MatrixProductKernel;
}

function headProducts({ queries, keys, features, heads }: AttentionShape, { dense }: Kernels): HeadProducts {
  const width = features / heads;
  const alpha = 1 / Math.sqrt(width);
  const tokens = { stride: features };
  const betweenTokens = { rows: queries, columns: keys, inner: width, a: tokens, b: { ...tokens, transposed: true } };
  const ofQueries = { rows: queries, columns: width, inner: keys, b: tokens, c: tokens };
  const ofKeys = { rows: keys, columns: width, inner: queries, a: { transposed: true, stride: keys }, b: tokens, c: tokens };
  return {
    scores: dense.matrixProduct({ ...betweenTokens, alpha }),
    mix: dense.matrixProduct(ofQueries),
    scoreAdjoints: dense.matrixProduct(betweenTokens),
    toValues: dense.matrixProduct(ofKeys),
    toQueries: dense.matrixProduct({ ...ofQueries, alpha }),
    toKeys: dense.matrixProduct({ ...ofKeys, alpha }),
  };
}

/** How many keys the query sees. */
function seenBy({ keys, causal }: AttentionShape, query: number): number {
  return causal ? query + 1 : keys;
}

/** x ← softmax(x) on the first `seen` entries of a row, 0 on the others. */
function softmaxRow(x: Float64Array, start: number, { length, seen }: { length: number; seen: number }): void {
  let largest = -Infinity;
  for (let j = start; j < start + seen; j++) largest = Math.max(largest, x[j]);
  let sum = 0;
  for (let j = start; j < start + seen; j++) sum += x[j] = Math.exp(x[j] - largest);
  for (let j = start; j < start + seen; j++) x[j] /= sum;
  x.fill(0, start + seen, start + length);
}

/** adjoint ← A ∘ (adjoint − Σ A ∘ adjoint) on a row. */
function softmaxAdjointRow(A: Float64Array, adjoint: Float64Array, start: number, length: number): void {
  let sum = 0;
  for (let j = start; j < start + length; j++) sum += A[j] * adjoint[j];
  for (let j = start; j < start + length; j++) adjoint[j] = A[j] * (adjoint[j] - sum);
}
