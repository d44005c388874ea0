import { binaryTreeSum } from "@parakkt/core";
import { intervalGather } from "./interval-gather.js";
import type { Level, LevelIngredients } from "./level.js";

/**
 * ‖r‖ = √(Σ ‖arrival − u‖²) over the C-points of a level, after F-relaxation, when the residual at the F-points is zero (MGR.3).
 *
 * The C-points combine by a binary tree over their global index, so that the bits do not depend on the number of ranks. One all-gather.
 */
export function residualNorm(level: Level, ingredients: Pick<LevelIngredients, "communicator" | "arena">): () => number {
  const { time } = level;
  const own = time.blocks.of(ingredients.communicator.rank);
  const squares = ingredients.arena.allocate(time.intervals);
  const gather = intervalGather(time, (i) => [squares.subarray(i, i + 1)], ingredients);
  const tree = binaryTreeSum();
  return () => {
    for (let i = own.first; i <= own.last; i++) squares[i] = squaredDistance(level.arrival(i), level.state(time.interval(i).last));
    gather();
    tree.reset();
    for (let i = 0; i < squares.length; i++) tree.push(0, i, squares[i]);
    return Math.sqrt(tree.total());
  };
}

function squaredDistance(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < x.length; j++) sum += (x[j] - y[j]) * (x[j] - y[j]);
  return sum;
}
