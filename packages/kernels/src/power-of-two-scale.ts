const SAFE = 2 ** 32;

/** A power of two that brings |x| ≤ `largest` near 1 where single precision might overflow or lose digits: 1 inside 2^±32, for zero and not finite. */
export function powerOfTwoScale(largest: number): number {
  if (!(largest > 0) || largest === Infinity || (largest >= 1 / SAFE && largest <= SAFE)) return 1;
  return 2 ** Math.max(-1022, Math.min(1022, -Math.floor(Math.log2(largest))));
}
