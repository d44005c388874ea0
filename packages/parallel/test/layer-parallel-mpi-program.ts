import type { RankProgram } from "@parakkt/parallel";
import { createHash } from "node:crypto";
import { trainingStep } from "./layer-parallel-program.js";

/** SHA-256 of loss, residual norms and gradient, byte by byte. */
export const digestOf = (bits: Float64Array): number[] => [...createHash("sha256").update(bits).digest()];

/** That of a training step on two levels, as this rank has it. */
export const rankProgram: RankProgram<undefined, number[][]> = (communicator) => [digestOf(trainingStep(communicator, { coarsening: 4, levels: 2 }).bits)];
