import type { Arena } from "../linalg/arena.js";

/** Doubles in a page of the operating system, the smallest in use. */
const PAGE = 4096 / 8;

/**
 * The zero iterate of a solver, its pages written to: methods read it first, in x ← x + αp. A page that is read before it is written is mapped
 * to the operating system's page of zeros and mapped anew at the write, a second fault, for which all other threads of the process are interrupted.
 */
export function zeroIterate(arena: Arena, length: number): Float64Array {
  const iterate = arena.allocate(length);
  for (let i = 0; i < length; i += PAGE) iterate[i] = 0;
  return iterate;
}
