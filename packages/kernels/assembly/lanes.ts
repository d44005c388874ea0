// Eight lanes, one cache line a row: lanes 2c and 2c + 1 are vector c = 0 … 3. Where lines are paired into complex numbers,
// lines 0 … 3 are the real and lines 4 … 7 the imaginary parts.

/** Bytes of a row of eight lanes. */
export const ROW: usize = 64;
/** From the real to the imaginary part of a row of paired lines. */
export const IMAGINARY: usize = 32;

// @ts-ignore: decorator
@inline
export function add(a: v128, b: v128): v128 {
  return f64x2.add(a, b);
}

// @ts-ignore: decorator
@inline
export function sub(a: v128, b: v128): v128 {
  return f64x2.sub(a, b);
}

// @ts-ignore: decorator
@inline
export function mul(a: v128, b: v128): v128 {
  return f64x2.mul(a, b);
}

// @ts-ignore: decorator
@inline
export function splat(x: f64): v128 {
  return f64x2.splat(x);
}
