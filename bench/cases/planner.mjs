import { describeChoice, planSolve } from "@parakkt/precond";
import { factsOf } from "../planner-problems.mjs";
import { runTask } from "../processes.mjs";

/** The choice must not take longer than this times the best alternative. */
const REQUIRED = 1.3;
/** An alternative is given up when it has taken so many times what the chosen one is predicted to take, but not before a second. */
const PATIENCE = 4;

const BOXES = [
  { dimension: 1, n: 255, steps: 1024 },
  { dimension: 2, n: 63, steps: 64 },
  { dimension: 2, n: 127, steps: 32 },
  { dimension: 3, n: 15, steps: 64 },
];
const QUICK_BOXES = [{ dimension: 2, n: 15, steps: 32 }];
const DIFFUSIVITIES = ["constant", "smooth", "inclusion"];
const OMEGAS = [1, 1e-2, 1e-4, 1e-6];

/** Every alternative that the planner lists on a grid of problems: is the one that it chooses (nearly) the fastest? */
export function plannerCase({ quick }) {
  const problems = (quick ? QUICK_BOXES : BOXES).flatMap((box) => DIFFUSIVITIES.flatMap((diffusivity) => OMEGAS.map((omega) => ({ ...box, diffusivity, omega }))));
  const planned = problems.map((problem) => ({ problem, plan: planSolve(factsOf(problem)) }));
  return {
    name: "planner",
    title: "Choices of the planner",
    rounds: 1,
    entries: planned.flatMap(({ problem, plan }) => plan.alternatives.map((alternative) => alternativeEntry(problem, plan, alternative))),
    ratios: planned.map(({ problem, plan: { chosen, alternatives } }) => ({
      label: `${nameOf(problem)}: ${describeChoice(chosen)}`,
      ours: idOf(problem, chosen),
      peers: alternatives.slice(1).map((other) => idOf(problem, other)),
      metric: "wholeCpu",
      required: REQUIRED,
    })),
  };
}

const nameOf = ({ dimension, n, steps, diffusivity, omega }) => `${n}${dimension > 1 ? `^${dimension}` : ""} × ${steps}, ${diffusivity} ν, ω = ${omega}`;
const idOf = (problem, alternative) => `planner, ${nameOf(problem)}, ${describeChoice(alternative)}`;

function alternativeEntry(problem, { chosen }, alternative) {
  const { formulation, preconditioner, spatialSolver, predictedIterations, predictedSeconds } = alternative;
  const limitSeconds = Math.max(1, PATIENCE * chosen.predictedSeconds);
  const parameters = { problem, choice: { formulation, preconditioner, spatialSolver }, limitSeconds, predicted: { iterations: predictedIterations, seconds: predictedSeconds } };
  return { id: idOf(problem, alternative), label: idOf(problem, alternative), side: alternative === chosen ? "ours" : "peer", run: () => runTask("planned", parameters) };
}
