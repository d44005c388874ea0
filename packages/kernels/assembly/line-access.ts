// Eight lines whose entries j lie `lane` bytes apart: next to each other (8) or anywhere, for example the rows of a matrix. Of lines next to each
// other the last four may lie `half` bytes behind the first four: 32, or anywhere.

// @ts-ignore: decorator
@inline
function inHalves(p: usize, half: usize, c: usize): usize {
  return p + 16 * (c & 1) + (c >> 1) * half;
}

/** Lanes 2c and 2c + 1 of the row at p. `strided` is a constant. */
// @ts-ignore: decorator
@inline
export function loadLanes(strided: bool, p: usize, lane: usize, half: usize, c: usize): v128 {
  if (!strided) return v128.load(inHalves(p, half, c));
  const l = p + 2 * c * lane;
  return v128.load64_lane(l + lane, v128.load64_zero(l), 1);
}

/** Vector c of a row of paired lines to row p of the target: lanes next to each other, or `lane` bytes apart. */
// @ts-ignore: decorator
@inline
export function storePaired(p: usize, lane: usize, half: usize, c: usize, re: v128, im: v128): void {
  if (lane == 8) {
    v128.store(p + 16 * c, re);
    v128.store(p + 16 * c + half, im);
  } else {
    let l = p + 2 * c * lane;
    v128.store64_lane(l, re, 0);
    v128.store64_lane(l + lane, re, 1);
    l += 4 * lane;
    v128.store64_lane(l, im, 0);
    v128.store64_lane(l + lane, im, 1);
  }
}

/** Lanes 2c and 2c + 1 to row p of the target. */
// @ts-ignore: decorator
@inline
export function storeLanes(p: usize, lane: usize, half: usize, c: usize, value: v128): void {
  if (lane == 8) {
    v128.store(inHalves(p, half, c), value);
  } else {
    const l = p + 2 * c * lane;
    v128.store64_lane(l, value, 0);
    v128.store64_lane(l + lane, value, 1);
  }
}
