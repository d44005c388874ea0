/** Solve a heat control problem on two threads, or on the ranks of MPI: npm run example -- parallel, or mpirun -n 2 node examples/dist/parallel.js */
import { boxGrid, cg, heatProblem, multigridSolver, schurFormulation, solveOptimalControl, uniformTimeGrid } from "@parakkt/core";
import { launchedRanks, mpiRanks, runOnThreads, type RankProgram } from "@parakkt/parallel";
import { twoLevel } from "@parakkt/precond";
import { isMainThread } from "node:worker_threads";

interface Case {
  readonly steps: number;
}

interface Outcome {
  readonly words: string;
  readonly residualNorms: readonly number[];
  readonly messages: number;
}

/** Every rank runs the same statements; it holds the time steps of its own subdomains only. */
export const rankProgram: RankProgram<Case, Outcome> = (communicator, { steps }) => {
  const problem = heatProblem({
    space: boxGrid({ extent: [1, 1], cells: [32, 32] }),
    time: uniformTimeGrid(1, steps),
    diffusivity: (x, y) => 1 + x * y,
    regularization: 1e-4,
    initialState: () => 0,
    target: (x, y, _z, t) => t * x * (1 - x) * y * (1 - y),
    spatialSolver: multigridSolver,
  });
  const { reason, iterations, relativeResidual, residualNorms, counts } = solveOptimalControl(problem, {
    formulation: schurFormulation,
    method: cg,
    preconditioner: (discretization) => twoLevel(discretization, { combination: "additive", factor: "exact" }),
    decomposition: { subdomains: 8, overlap: 1 },
    communicator,
  });
  const words = `${reason.kind} after ${iterations} iterations, relative KKT residual ${relativeResidual.toExponential(1)}`;
  return { words, residualNorms, messages: counts.messages };
};

function tell(ranks: number, { words, messages }: Outcome): void {
  console.log(`${ranks === 1 ? "1 rank" : `${ranks} ranks`}: ${words}; rank 0 sent ${messages} messages`);
}

if (isMainThread && launchedRanks()) {
  const { communicator, finalize } = await mpiRanks();
  const outcome = await rankProgram(communicator, { steps: 64 }, { tell() {} });
  if (communicator.rank === 0) tell(communicator.size, outcome);
  finalize();
} else if (isMainThread) {
  const histories = [];
  for (const threads of [1, 2]) {
    const [outcome] = await runOnThreads<Outcome>(import.meta.url, { threads, data: { steps: 64 } satisfies Case });
    tell(threads, outcome);
    histories.push(String(outcome.residualNorms));
  }
  console.log(`the residual histories are ${histories[0] === histories[1] ? "the same" : "different"}, bit for bit`);
}
