import { heapArena, requireArgument, requireName, type Arena, type StepRange } from "@parakkt/core";
import type { LevelStep, TimeHierarchy } from "../hierarchy/time-hierarchy.js";
import { zeroCounts, type MgritCounts } from "./counts.js";
import { multigridCycle, requireCycleKind, type CycleOptions } from "./cycle.js";
import type { HaltingCriteria, MgritResult } from "./halting.js";
import { iterate } from "./iterate.js";
import { mgritLevel, type LevelIngredients } from "./level.js";
import { residualNorm } from "./residual-norm.js";
import { marchInTurn } from "./serial-march.js";
import type { StepFunction } from "./step-function.js";
import { transfer } from "./transfer.js";

/**
 * Where the iteration starts: all states equal to the initial one; nested iteration; the states of the last solve; or what a
 * function writes for each point n = 1 … N. No guess is zero unless a function writes zeros.
 */
export type InitialGuess = "constant" | "nested" | "previous" | ((n: number, out: Float64Array) => void);

/** Find uₙ = Φₙ(uₙ₋₁) + gₙ, n = 1 … N, from u₀. */
export interface MarchTask {
  /** u₀; only that of the first rank counts. */
  readonly initialState: Float64Array;
  /** Writes gₙ; none is zero. */
  readonly rightHandSide?: (n: number, out: Float64Array) => void;
  /** Default "constant". */
  readonly guess?: InitialGuess;
}

/** Multigrid reduction in time set up for one hierarchy and step function. */
export interface Mgrit {
  readonly hierarchy: TimeHierarchy;
  /** Solves the task until a criterion is met; criteria that are not given are those of `defaultHaltingCriteria`. */
  solve(task: MarchTask, criteria?: Partial<HaltingCriteria>): MgritResult;
  /** Finest steps whose states are on this rank. */
  readonly held: StepRange;
  /** uₙ of the last solve, n = held.first − 1 … held.last: a view, valid until the next one. */
  state(n: number): Float64Array;
  /** The same on any level, of steps that this rank sweeps there: the state that a step starts from. After `injectStates`. */
  stateBefore(at: LevelStep): Float64Array;
  /** Copies the states of the finest level to the points of all coarser ones. */
  injectStates(): void;
  /** Of all solves so far. */
  readonly counts: MgritCounts;
  /** Gives up the work vectors, if the arena is the solver's own. */
  dispose(): void;
}

export interface MgritOptions extends Partial<CycleOptions> {
  readonly arena?: Arena;
}

/**
 * Multigrid reduction in time (MGRIT) as a full approximation scheme for uₙ = Φₙ(uₙ₋₁) + gₙ (MGR.1), with any step function.
 *
 * Two levels with (FC)^ν F-relaxation are exact after ⌈N/((ν + 1)c)⌉ cycles, and good after a few (MGR.6). A cycle costs (ν + 1) N
 * evaluations on the finest level and 2N/c on the coarse one; 2(c − 1) + 3 + N/c of them follow one another for ν = 1 and N/c
 * workers. Storage in states: (1 + 1/c) N on the finest, (2 + 1/c) N_l on coarser levels. States do not depend on the ranks.
 * References: [Falgout2014], [Gunther2020].
 */
export function mgrit(hierarchy: TimeHierarchy, stepFunction: StepFunction, options: MgritOptions = {}): Mgrit {
  const { cycle: kind = "V", relaxations = 1, weight = 1, arena = heapArena() } = options;
  const { communicator } = hierarchy;
  checkCycleOptions({ cycle: kind, relaxations, weight });
  const counts = zeroCounts(hierarchy.levels.length);
  const ingredients: LevelIngredients = { stepFunction, communicator, arena, counts };
  const levels = hierarchy.levels.map((time) => mgritLevel(time, ingredients));
  for (const level of levels.slice(1)) level.forced = true;
  const transfers = levels.slice(1).map((coarse, l) => transfer(levels[l], coarse, ingredients));
  const cycle = multigridCycle({ levels, transfers }, { cycle: kind, relaxations, weight });
  const [finest] = levels;
  const norm = residualNorm(finest, ingredients);
  const initial = arena.allocate(stepFunction.stateSize);
  let solved = false;

  const prepare = ({ initialState, rightHandSide, guess = "constant" }: MarchTask): void => {
    if (typeof guess !== "function") requireName(guess, ["constant", "nested", "previous"], { what: "initial guess that is no function", where: "Mgrit.solve" });
    checkTask({ size: initial.length, got: initialState.length, usable: guess !== "previous" || solved });
    initial.set(initialState);
    communicator.broadcast(0, initial);
    for (const { held, state } of levels) if (held.first === 1) state(0).set(initial);
    finest.forced = rightHandSide !== undefined;
    for (let n = finest.held.first; n <= finest.held.last; n++) {
      rightHandSide?.(n, finest.rightHandSide(n));
      if (guess === "constant") finest.state(n).set(initial);
      else if (typeof guess === "function") guess(n, finest.state(n));
    }
    finest.changed();
    if (guess === "nested") cycle.nestedGuess();
  };
  return {
    hierarchy,
    held: finest.held,
    state: finest.state,
    stateBefore: (at) => levels[at.level].state(at.index - 1),
    injectStates: () => transfers.forEach(({ inject }) => inject()),
    counts,
    solve(task, criteria = {}) {
      prepare(task);
      solved = true;
      const serialMarch = (): void => marchInTurn(finest, communicator);
      return iterate({ finest, levels: levels.length, cycle: cycle.run, norm, serialMarch }, criteria);
    },
    dispose: () => (options.arena ? undefined : arena.dispose()),
  };
}

function checkCycleOptions({ cycle, relaxations, weight }: CycleOptions): void {
  requireCycleKind(cycle, "mgrit");
  requireArgument([relaxations].flat().every((count) => Number.isInteger(count) && count >= 0), () => ({
    what: "relaxations",
    where: "mgrit",
    expected: "whole numbers of at least 0",
    got: String(relaxations),
  }));
  requireArgument([weight].flat().every((value) => value > 0 && Number.isFinite(value)), () => ({
    what: "weight of C-relaxation",
    where: "mgrit",
    expected: "positive finite numbers",
    got: String(weight),
  }));
}

function checkTask({ size, got, usable }: { size: number; got: number; usable: boolean }): void {
  requireArgument(got === size, () => ({ what: "initial state", where: "Mgrit.solve", expected: `${size} entries`, got: String(got) }));
  requireArgument(usable, () => ({
    what: "initial guess",
    where: "Mgrit.solve",
    expected: "an earlier solve, whose states can be the guess",
    got: '"previous" in the first solve',
    hint: 'Use "constant" or "nested" for the first solve.',
  }));
}
