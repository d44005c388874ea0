import type { Block, LaneIntegrator, Lanes, SolveChain } from "@parakkt/core";

/** A chain made of separate solves, for any solver: what is kept is the solution itself. `spare`: two blocks that take turns where nothing is kept. */
export function composedChain({ solver, vectors }: LaneIntegrator, lanes: Lanes, spare: readonly [Block, Block]): SolveChain {
  const length = solver.size * lanes;
  const idle = new Float64Array(lanes);
  let s = spare[0];
  const another = (): Block => (s === spare[0] ? spare[1] : spare[0]);
  return {
    solve(factors, { x, kept }, ...[coupled, products]) {
      const out = kept ?? another();
      solver.solve(lanes, factors, { x, y: coupled ? s : undefined, out });
      s = out;
      if (kept && products) vectors.products(lanes, solver.size, s, s, products);
    },
    solveKept(factors, kept, coupled) {
      const out = kept ?? another();
      solver.solve(lanes, kept ? factors : { ...factors, rhs: idle }, { x: kept ?? s, y: coupled ? s : undefined, out });
      s = out;
    },
    read(out) {
      if (out.data === s.data && out.offset === s.offset) return;
      out.data.set(s.data.subarray(s.offset, s.offset + length), out.offset);
    },
    advance: (factors, { x, p }) => vectors.advance(factors, { x, p, z: s }, length),
  };
}
