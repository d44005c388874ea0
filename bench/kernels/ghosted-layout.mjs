/**
 * Where the C peers keep grid values: rows of n + 1 with one ghost column in front, n + 2 rows (and planes), lanes innermost. Ghosts are zero.
 */
export function ghostedLayout(n, dimension, lanes) {
  const row = n + 1;
  const plane = row * (n + 2);
  const [lines, planes] = [n, dimension === 3 ? n : 1];
  const cellOf = (x, y, z) => (dimension === 3 ? (z + 1) * plane : 0) + (y + 1) * row + x + 1;
  const forEachPoint = (visit) => {
    for (let z = 0, point = 0; z < planes; z++) for (let y = 0; y < lines; y++) for (let x = 0; x < n; x++) visit(point++, cellOf(x, y, z), [x, y, z]);
  };
  const length = (dimension === 3 ? plane * (n + 2) : plane) + plane;
  return {
    row,
    plane,
    /** Cells, ghosts and one plane (row) to spare included. */
    cells: length,
    forEachPoint,
    /** Values [dof][lane] with ghosts. */
    spread(values) {
      const out = new Float64Array(length * lanes);
      forEachPoint((point, cell) => out.set(values.subarray(point * lanes, (point + 1) * lanes), cell * lanes));
      return out;
    },
    /** Values [dof][lane] without ghosts. */
    gather(ghosted, size) {
      const out = new Float64Array(size * lanes);
      forEachPoint((point, cell) => out.set(ghosted.subarray(cell * lanes, (cell + 1) * lanes), point * lanes));
      return out;
    },
  };
}
