import type { Communicator } from "@parakkt/core";
import { createHash } from "node:crypto";
import type { SolutionFields, StepField } from "../solve-job.js";
import { gatherHashes, stepCounts } from "./gather-hashes.js";
import { littleEndianBytes } from "./little-endian.js";

/**
 * SHA-256 over the SHA-256s h of single time steps: h(u₁) … h(u_N) h(z₁) … h(z_N) h(λ₁) … h(λ_N), each of 32 bytes;
 * a step is its doubles in little-endian order, interior points, x fastest. In hexadecimal, on rank 0.
 */
export function solutionDigest(fields: SolutionFields, points: number, communicator: Communicator): string {
  const { first, last } = fields.steps;
  const stepsOf = stepCounts(communicator, fields.steps);
  const digest = createHash("sha256");
  const values = new Float64Array(points);
  for (const field of [fields.state, fields.control, fields.adjoint]) {
    const own = Array.from({ length: last - first + 1 }, (_, k) => stepHash(field, first + k, values));
    gatherHashes(communicator, own, stepsOf, (hash) => digest.update(hash));
  }
  return digest.digest("hex");
}

function stepHash(field: StepField, step: number, values: Float64Array): Uint8Array {
  field(step, values);
  return createHash("sha256").update(littleEndianBytes(values)).digest();
}
