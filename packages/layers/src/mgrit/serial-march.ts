import type { Communicator } from "@parakkt/core";
import type { Level } from "./level.js";

/** uₙ ← Φₙ(uₙ₋₁) + gₙ for all steps of a level in order: rank after rank, each handing its last state on; or, where all states are everywhere, on each rank. */
export function marchInTurn(level: Level, { rank, size }: Communicator): void {
  if (level.time.blocks.replicated) return level.march();
  for (let turn = 0; turn < size; turn++) {
    if (turn === rank) level.march();
    level.exchange();
  }
}
