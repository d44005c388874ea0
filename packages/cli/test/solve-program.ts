import { createHash } from "node:crypto";
import { checkConfig, type SolveOutcome } from "@parakkt/cli";
import type { Communicator } from "@parakkt/core";
import type { RankProgram } from "@parakkt/parallel";
import { loadInputData } from "../dist/data/load-input-data.js";
import { readYaml } from "../dist/config/read-yaml.js";
import { solveJob } from "../dist/run-solve.js";
import { rankConfigs } from "./rank-configs.js";

/** What one rank knows of one solve. */
export interface RankSolve {
  readonly reason: string;
  readonly residualNorms: readonly number[];
  readonly relativeResidual: number;
  readonly objective: number;
  /** Of state, control and adjoint of each of the rank's steps. */
  readonly stepHashes: readonly string[];
}

/** Solves a config of `rankConfigs` on this rank. */
export function solveOnRank(name: string, communicator: Communicator): RankSolve {
  const loaded = checkConfig(readYaml(JSON.stringify(rankConfigs[name]), "config.yaml"), { name: "config", directory: ".", allowPath: false });
  const inputs = loadInputData({ ...loaded, allowPath: false });
  const { reason, residualNorms, relativeResidual, objective, fields } = solveJob(loaded.config, inputs, { progress() {}, shouldStop: () => undefined }, communicator);
  return { reason: `${reason.kind} ${reason.by}`, residualNorms, relativeResidual, objective: objective.total, stepHashes: hashes(fields, inputs.grid.size) };
}

function hashes({ steps, state, control, adjoint }: SolveOutcome["fields"], size: number): string[] {
  const values = new Float64Array(size);
  return Array.from({ length: steps.last - steps.first + 1 }, (_, k) => {
    const hash = createHash("sha256");
    for (const field of [state, control, adjoint]) {
      field(steps.first + k, values);
      hash.update(new Uint8Array(values.buffer));
    }
    return hash.digest("hex");
  });
}

/** Solves the named configs one after another. */
export const rankProgram: RankProgram<readonly string[], RankSolve[]> = (communicator, names) => names.map((name) => solveOnRank(name, communicator));
