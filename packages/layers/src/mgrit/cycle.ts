import { requireName } from "@parakkt/core";
import { perLevel } from "../hierarchy/time-hierarchy.js";
import type { Level } from "./level.js";
import type { Transfer } from "./transfer.js";

export type CycleKind = "V" | "F";

/** Throws `InvalidArgumentError` for any other name. */
export function requireCycleKind(cycle: CycleKind, where: string): void {
  requireName(cycle, ["V", "F"], { what: "cycle", where });
}

export interface CycleOptions {
  readonly cycle: CycleKind;
  /** ν of (FC)^ν F, by level: 0 is F-relaxation, 1 is FCF-relaxation. */
  readonly relaxations: number | readonly number[];
  /** ω of C-relaxation, by level. */
  readonly weight: number | readonly number[];
}

/** The levels of a solver from finest to coarsest, and the transfer from each to the next. */
export interface Multigrid {
  readonly levels: readonly Level[];
  readonly transfers: readonly Transfer[];
}

export interface Cycle {
  /** One cycle on the finest level. */
  run(): void;
  /** Nested iteration: the coarsest problem solved, then interpolated and improved by one V-cycle a level up to the finest. */
  nestedGuess(): void;
}

/** Multigrid cycles in time (MGR.4). With one level, a cycle is the march itself. */
export function multigridCycle({ levels, transfers }: Multigrid, { cycle, relaxations, weight }: CycleOptions): Cycle {
  const coarsest = levels.length - 1;

  /** (FC)^ν F */
  const relax = (l: number): void => {
    levels[l].relaxF();
    for (let k = 0; k < perLevel(relaxations, l); k++) {
      levels[l].relaxC(perLevel(weight, l));
      levels[l].relaxF();
    }
  };

  const solve = (l: number, kind: CycleKind): void => {
    if (l === coarsest) return levels[l].march();
    relax(l);
    transfers[l].restrict(); // v ← u, g ← v − Φᶜ(v₋) + r
    solve(l + 1, kind); // v = Φᶜ(v₋) + g
    if (kind === "F" && l + 1 < coarsest) solve(l + 1, "V");
    transfers[l].correct(); // u ← v
    levels[l].relaxF();
  };

  const nestedGuess = (): void => {
    for (let l = 0; l < coarsest; l++) transfers[l].sumRightHandSide();
    levels[coarsest].march();
    for (let l = coarsest - 1; l >= 0; l--) {
      transfers[l].correct();
      levels[l].relaxF();
      if (l > 0) solve(l, "V");
    }
  };
  return { run: () => solve(0, cycle), nestedGuess };
}
