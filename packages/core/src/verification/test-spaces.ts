import type { VectorSpace } from "../linalg/vector-space.js";
import type { SpaceTimeDiscretization } from "../space-time/space-time-discretization.js";
import { writeStep, type SpaceTimeVector } from "../space-time/space-time-vector.js";
import type { TestSpace } from "./operator-checks.js";

/** Random vectors of a space whose vectors consist of the given time series; padding stays zero. `random`: standard normal numbers. */
export function testSpace(space: VectorSpace, series: (x: Float64Array) => readonly SpaceTimeVector[], { arena }: SpaceTimeDiscretization, random: () => number): TestSpace {
  const vectors: Float64Array[] = [];
  let used = 0;
  const zero = (): Float64Array => {
    const vector = (vectors[used++] ??= arena.allocate(space.size));
    return vector.fill(0);
  };
  return {
    space,
    series,
    zero,
    recycle() {
      used = 0;
    },
    random() {
      const x = zero();
      for (const vector of series(x)) {
        const { layout } = vector;
        const state = new Float64Array(layout.dofs);
        for (let n = layout.steps.first; n <= layout.steps.last; n++) writeStep(vector, n, state.map(random));
      }
      return x;
    },
  };
}
