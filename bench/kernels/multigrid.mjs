import { boxGrid, diffusionOperator } from "@parakkt/core";
import { diffusivities } from "../problems.mjs";
import { multigridData } from "./multigrid-data.mjs";
import { ghostedLayout } from "./ghosted-layout.mjs";
import { everyLane, filledBlock, randomValues } from "./values.mjs";

const SHIFT = 512;

/** A cycle that contracts worse than this is no V(1,1)-cycle. */
const WORST_CONTRACTION = 0.5;

/**
 * One V(1,1)-cycle with damped Jacobi for L + 512 I. The peer rediscretises on the coarse grids where ours takes Galerkin operators, so the results
 * are not compared; ours must contract the residual.
 */
export function multigridPair({ n, dimension = 2, lanes, precision = "double" }, { made, c }) {
  const grid = boxGrid({ extent: new Array(dimension).fill(1), cells: new Array(dimension).fill(n + 1) });
  const diffusion = diffusionOperator(grid, dimension === 2 ? diffusivities.smooth : (x, y, z) => 1 + x * y * z);
  const data = multigridData({ stencil: diffusion.stencil, matrix: diffusion.toCsr(), points: grid.points });
  const solver = made.multigrid(data, { cycles: 1, precision });
  solver.prepare(lanes, [SHIFT]);
  const values = randomValues(grid.size * lanes, 6);
  const x = filledBlock(made, values);
  const out = { data: made.allocate(values.length), offset: 0 };
  const factors = { shift: everyLane(lanes, SHIFT), rhs: everyLane(lanes, 1), neighbour: everyLane(lanes, 0) };
  const library = dimension === 3 ? "mg3" : "mg";
  return {
    ours: () => solver.solve(lanes, factors, { x, out }),
    peers: c?.has(library) ? { c: cyclePeer({ n, dimension, lanes }, values, c) } : {},
    items: lanes,
    check() {
      const contraction = residualNorm(diffusion, { values, solution: out.data, lanes });
      if (!(contraction < WORST_CONTRACTION)) throw new Error(`one cycle leaves ${contraction} of the residual`);
      return undefined;
    },
  };
}

/** ‖b − (L + σI)x‖/‖b‖ in the first lane. */
function residualNorm(diffusion, { values, solution, lanes }) {
  const lane = (block) => Float64Array.from({ length: diffusion.rows }, (_, j) => block[j * lanes]);
  const [b, x, applied] = [lane(values), lane(solution), new Float64Array(diffusion.rows)];
  diffusion.apply(x, applied);
  const residual = b.map((value, j) => value - applied[j] - SHIFT * x[j]);
  return norm(residual) / norm(b);
}

const norm = (v) => Math.sqrt(v.reduce((sum, value) => sum + value * value, 0));

/** Levels down to one point; the arrays hold face couplings and diagonals of constant coefficients, which cost the same as any. */
function cyclePeer({ n, dimension, lanes }, values, c) {
  const library = c.library(dimension === 3 ? "mg3" : "mg");
  let levels = 0;
  for (let points = n; points >= 1; points = (points - 1) / 2, levels++) {
    const layout = ghostedLayout(points, dimension, lanes);
    const coupling = (points + 1) ** 2;
    const faces = () => c.vector(layout.cells, new Float64Array(layout.cells).fill(coupling));
    const vector = (given) => c.vector(layout.cells * lanes, given);
    const inverse = c.vector(layout.cells, new Float64Array(layout.cells).fill(1 / (SHIFT + 2 * dimension * coupling)));
    const b = vector(levels === 0 ? layout.spread(values) : undefined);
    library.mg_set(levels, points, vector(), vector(), b, faces(), faces(), inverse, ...(dimension === 3 ? [faces()] : []));
  }
  return dimension === 3 ? () => library.mg_vc(lanes, levels, SHIFT) : () => library.mg_vc(lanes, levels, 0, SHIFT);
}
