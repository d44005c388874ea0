// Vector i of a block; i is a constant from 0 to 7, so that 16 i goes into the instruction.

// @ts-ignore: decorator
@inline
export function readVector(p: usize, i: usize): v128 {
  if (i == 0) return v128.load(p);
  if (i == 1) return v128.load(p, 16);
  if (i == 2) return v128.load(p, 32);
  if (i == 3) return v128.load(p, 48);
  if (i == 4) return v128.load(p, 64);
  if (i == 5) return v128.load(p, 80);
  if (i == 6) return v128.load(p, 96);
  return v128.load(p, 112);
}

// @ts-ignore: decorator
@inline
export function writeVector(p: usize, i: usize, x: v128): void {
  if (i == 0) v128.store(p, x);
  else if (i == 1) v128.store(p, x, 16);
  else if (i == 2) v128.store(p, x, 32);
  else if (i == 3) v128.store(p, x, 48);
  else if (i == 4) v128.store(p, x, 64);
  else if (i == 5) v128.store(p, x, 80);
  else if (i == 6) v128.store(p, x, 96);
  else v128.store(p, x, 112);
}

/** Two entries at p, or with `single`, a constant, the one entry and 0: the last of an odd number. */
// @ts-ignore: decorator
@inline
export function readPair(single: bool, p: usize): v128 {
  return single ? v128.load64_zero(p) : v128.load(p);
}

// @ts-ignore: decorator
@inline
export function writePair(single: bool, p: usize, x: v128): void {
  if (single) v128.store64_lane(p, x, 0);
  else v128.store(p, x);
}
