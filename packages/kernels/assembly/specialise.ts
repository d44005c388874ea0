// Compile-time constants as type arguments: a generic function becomes one machine function for each choice, constant numbers being sizes of types.

export type One = u8;
export type Two = u16;
export type Four = u32;
export type Eight = u64;

export type No = u8;
export type Yes = u16;

// @ts-ignore: decorator
@inline
export function yes<B>(): bool {
  return sizeof<B>() == 2;
}

/** Vector k of those at p, k = 0 … 17 a constant: the offset becomes part of the instruction. */
// @ts-ignore: decorator
@inline
export function vectorAt(p: usize, k: usize): v128 {
  if (k == 0) return v128.load(p);
  if (k == 1) return v128.load(p, 16);
  if (k == 2) return v128.load(p, 32);
  if (k == 3) return v128.load(p, 48);
  if (k == 4) return v128.load(p, 64);
  if (k == 5) return v128.load(p, 80);
  if (k == 6) return v128.load(p, 96);
  if (k == 7) return v128.load(p, 112);
  if (k == 8) return v128.load(p, 128);
  if (k == 9) return v128.load(p, 144);
  if (k == 10) return v128.load(p, 160);
  if (k == 11) return v128.load(p, 176);
  if (k == 12) return v128.load(p, 192);
  if (k == 13) return v128.load(p, 208);
  if (k == 14) return v128.load(p, 224);
  if (k == 15) return v128.load(p, 240);
  if (k == 16) return v128.load(p, 256);
  return v128.load(p, 272);
}

/** Writes vector k of those at p, k = 0 … 5, 8, 9, 12, 13 a constant. */
// @ts-ignore: decorator
@inline
export function storeVector(p: usize, k: usize, x: v128): void {
  if (k == 0) v128.store(p, x);
  else if (k == 1) v128.store(p, x, 16);
  else if (k == 2) v128.store(p, x, 32);
  else if (k == 3) v128.store(p, x, 48);
  else if (k == 4) v128.store(p, x, 64);
  else if (k == 5) v128.store(p, x, 80);
  else if (k == 8) v128.store(p, x, 128);
  else if (k == 9) v128.store(p, x, 144);
  else if (k == 12) v128.store(p, x, 192);
  else v128.store(p, x, 208);
}
