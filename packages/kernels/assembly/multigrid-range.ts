import { largestInLane, noteLargest } from "./multigrid-blocks";
import { LEVEL, LINES, PLAN, PLANES, POINTS, SOLUTION, VECTOR_LINE, VECTOR_PLANE, word } from "./multigrid-plan";
import { packed } from "./multigrid-vectors";

// Right-hand sides beyond the range of single precision.

const SMALLEST: f64 = reinterpret<f64>(<u64>(1023 - 40) << 52), LARGEST: f64 = reinterpret<f64>(<u64>(1023 + 60) << 52);

/** 2ᵏ of a double with the sign bit clear. */
// @ts-ignore: decorator
@inline
function exponentOf(x: f64): i64 {
  return (reinterpret<i64>(x) >> 52) - 1023;
}

// @ts-ignore: decorator
@inline
function powerOfTwo(k: i64): f64 {
  return reinterpret<f64>((k + 1023) << 52);
}

/**
 * The largest size of lane l on the next level after the first pass (of nothing if there is none): out of range, or not a number, if that of the
 * right-hand side is.
 */
// @ts-ignore: decorator
@inline
function noted<K>(sizes: usize, l: usize): f64 {
  if (!packed<K>()) return <f64>load<f32>(sizes + 4 * l);
  return <f64>Mathf.max(Mathf.max(load<f32>(sizes), load<f32>(sizes, 4)), Mathf.max(load<f32>(sizes, 8), load<f32>(sizes, 12)));
}

function noteNextLevel<K>(plan: usize): void {
  const level = plan + PLAN + LEVEL, line = word(level, VECTOR_LINE), bytes = word(level, LINES) * line;
  for (let t: usize = 0, planes = word(level, PLANES); t < planes; t++) noteLargest<K>(bytes, word(level, SOLUTION) + t * word(level, VECTOR_PLANE), word(plan, 8));
}

/** Single precision: scales the lanes whose right-hand side leaves 2⁻⁴⁰ … 2⁶⁰ by a power of two; false when there are none. */
export function rescale<K>(plan: usize): bool {
  const factors = word(plan, 6), scales = word(plan, 9), stride = word(plan, 5), level = plan + PLAN;
  const dofs = word(level, POINTS) * word(level, LINES) * word(level, PLANES);
  let some = false;
  if (word(plan, 0) > 1) noteNextLevel<K>(plan);
  for (let l: usize = 0; l < sizeof<K>(); l++) {
    const size = noted<K>(word(plan, 8), l), alpha = load<f64>(factors + 8 * l), beta = load<f64>(factors + 8 * (sizeof<K>() + l));
    if (size >= SMALLEST && size <= LARGEST) continue;
    const exact = largestInLane(dofs, alpha, word(plan, 2) + 8 * l, beta, word(plan, 3) + 8 * l, stride);
    if (exact == 0) continue;
    const lowest = exponentOf(Math.max(Math.abs(alpha), Math.abs(beta))) - 1000;
    const k = max<i64>(min<i64>(exponentOf(exact), 1022), max<i64>(lowest, -1022));
    store<f64>(factors + 8 * l, alpha * powerOfTwo(-k));
    store<f64>(factors + 8 * (sizeof<K>() + l), beta * powerOfTwo(-k));
    store<f64>(scales + 8 * l, powerOfTwo(k));
    some = true;
  }
  return some;
}
