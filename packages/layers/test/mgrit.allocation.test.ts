import { heapArena } from "@parakkt/core";
import { adjointMgrit, mgrit } from "@parakkt/layers";
import { denseNetwork, hierarchyOf, randomState, randomWeights } from "./network-cases.js";

const N = 64;
const width = 4;
const network = denseNetwork({ weights: randomWeights({ steps: N, width, seed: 3 }), width });
const initialState = randomState(network.stateSize);

test("storage in states is N + 1 + n on the finest level, 2N_l + 1 + n_l on coarser ones, an initial state, and N for a right-hand side", () => {
  const arena = heapArena();
  const solver = mgrit(hierarchyOf(N, { levels: 3 }), network, { arena });
  const states = N + 1 + 16 + (2 * 16 + 1 + 4) + (2 * 4 + 1) + 1;
  const residualSquares = 16;
  expect(arena.allocatedDoubles).toBe(states * network.stateSize + residualSquares);
  solver.solve({ initialState, rightHandSide: (_n, out) => void out.fill(1e-3) }, { maxIterations: 1 });
  expect(arena.allocatedDoubles).toBe((states + N) * network.stateSize + residualSquares);
});

test("solves take nothing from the arena once they have all run, and a disposed solver says so when it would need more", () => {
  const arena = heapArena();
  const forward = mgrit(hierarchyOf(N, { levels: 3 }), network, { arena });
  const adjoint = adjointMgrit(forward, network, { arena });
  const before = arena.allocatedDoubles;
  for (const guess of ["constant", "nested", "previous"] as const) {
    forward.solve({ initialState, guess }, { maxIterations: 2 });
    adjoint.solve({ finalAdjoint: initialState, guess }, { maxIterations: 2 });
  }
  expect(arena.allocatedDoubles).toBe(before);
  const own = mgrit(hierarchyOf(N, { levels: 2 }), network);
  own.dispose();
  expect(() => own.solve({ initialState, rightHandSide: () => {} })).toThrow(/disposed/);
});
