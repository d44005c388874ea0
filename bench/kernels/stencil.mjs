import { boxGrid, diffusionOperator } from "@parakkt/core";
import { diffusivities } from "../problems.mjs";
import { ghostedLayout } from "./ghosted-layout.mjs";
import { everyLane, filledBlock, randomValues, relativeDifference } from "./values.mjs";

/** r = b − L x and ‖r‖² in one pass, all lanes: constant or variable ν. */
export function stencilPair({ n, dimension = 2, lanes, diffusivity }, { made, c }) {
  const grid = boxGrid({ extent: new Array(dimension).fill(1), cells: new Array(dimension).fill(n + 1) });
  const { stencil } = diffusionOperator(grid, diffusivities[diffusivity]);
  const operator = made.stencil(stencil);
  const values = { x: randomValues(grid.size * lanes, 1), b: randomValues(grid.size * lanes, 2) };
  const [x, y] = [filledBlock(made, values.x), filledBlock(made, values.b)];
  const out = { data: made.allocate(grid.size * lanes), offset: 0 };
  const factors = { a: everyLane(lanes, 0), b: everyLane(lanes, -1), c: everyLane(lanes, 1), d: everyLane(lanes, 0) };
  const products = new Float64Array(2 * lanes);
  const peer = c && stencilPeer({ n, dimension, lanes, diffusivity }, { stencil, values, c });
  return {
    ours: () => operator.combine(lanes, factors, { x, y, out }, products),
    peers: peer ? { c: peer.run } : {},
    items: lanes,
    check() {
      if (!peer) return undefined;
      const norm = products.reduce((sum, value) => sum + value, 0);
      return Math.max(relativeDifference(out.data, peer.result(grid.size)), Math.abs(norm / peer.norm() - 1));
    },
  };
}

function stencilPeer({ n, dimension, lanes, diffusivity }, { stencil, values, c }) {
  const layout = ghostedLayout(n, dimension, lanes);
  const [x, b] = [values.x, values.b].map((given) => c.vector(layout.cells * lanes, layout.spread(given)));
  const y = c.vector(layout.cells * lanes);
  const call = diffusivity === "constant" ? constantCall(dimension, stencil, c) : variableCall({ lanes, layout }, stencil, c);
  let norm = 0;
  return {
    run: () => void (norm = call(n, layout.row, lanes, { x, b, y })),
    norm: () => norm,
    result: (size) => layout.gather(c.read(y, layout.cells * lanes), size),
  };
}

function constantCall(dimension, { diagonal, coupling }, c) {
  const residual = dimension === 3 ? c.library("k").k_resid3c : c.library("k").k_resid2c;
  return (n, row, lanes, { x, b, y }) => residual(n, row, lanes, x, b, y, diagonal, -coupling[0]);
}

/** The hand-written AVX2 loop where there is one. */
function variableCall({ lanes, layout }, stencil, c) {
  const residual = lanes >= 4 ? c.library("v").v_resid2vK : c.library("k").k_resid2vK;
  const [cx, cy] = faceArrays(layout, stencil).map((faces) => c.vector(faces.length, faces));
  return (n, row, _lanes, { x, b, y }) => residual(n, row, lanes, x, cx, cy, b, y, 0);
}

/** Couplings on faces, those of the boundary such that the diagonal comes out: what is missing there goes to any face with a ghost behind it. */
function faceArrays({ cells, row, forEachPoint }, { points: [n], diagonal, couplings }) {
  const faces = [new Float64Array(cells), new Float64Array(cells)];
  const inner = (axis, point, place) => (place > 0 && place < n ? couplings[axis][point] : 0);
  forEachPoint((point, cell, [x, y]) => {
    const [left, right, below, above] = [inner(0, point, x), inner(0, point + 1, x + 1), inner(1, point, y), inner(1, point + n, y + 1)];
    if (x > 0) faces[0][cell] = left;
    if (y > 0) faces[1][cell] = below;
    const missing = diagonal[point] - left - right - below - above;
    if (x === 0) faces[0][cell] = missing;
    else if (x === n - 1) faces[0][cell + 1] = missing;
    else if (y === 0) faces[1][cell] = missing;
    else if (y === n - 1) faces[1][cell + row] = missing;
  });
  return faces;
}
