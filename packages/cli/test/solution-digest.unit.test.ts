import { createHash } from "node:crypto";
import { serialCommunicator } from "@parakkt/core";
import { simulateRanks } from "@parakkt/testing";
import { solutionDigest } from "../dist/output/solution-digest.js";

/** SHA-256 of hexadecimal bytes. */
function sha256(...hex: readonly string[]): string {
  return createHash("sha256").update(Buffer.from(hex.join(""), "hex")).digest("hex");
}

test("the digest of one point and two steps agrees with bytes written out by hand", () => {
  const constant = (...values: number[]) => (step: number, out: Float64Array): void => void out.fill(values[step - 1]!);
  const fields = { steps: { first: 1, last: 2 }, state: constant(1, 2), control: constant(-1, 0), adjoint: constant(0.5, -0) };
  // Doubles, least significant byte first: 1 = 3ff0…, 2 = 4000…, -1 = bff0…, 0.5 = 3fe0…, -0 = 8000…
  const state = [sha256("000000000000f03f"), sha256("0000000000000040")];
  const control = [sha256("000000000000f0bf"), sha256("0000000000000000")];
  const adjoint = [sha256("000000000000e03f"), sha256("0000000000000080")];
  expect(solutionDigest(fields, 1, serialCommunicator())).toBe(sha256(...state, ...control, ...adjoint));
});

test("the digest of a field does not depend on earlier contents of its buffer", () => {
  const field = (step: number, out: Float64Array): void => out.forEach((_, i) => (out[i] = step + i));
  const digest = (steps: number, points: number): string =>
    solutionDigest({ steps: { first: 1, last: steps }, state: field, control: field, adjoint: field }, points, serialCommunicator());
  expect(digest(3, 4)).toBe(digest(3, 4));
  expect(digest(3, 4)).not.toBe(digest(4, 3));
});

test("rank 0 of any number of ranks knows the digest of all steps, NaN and signed zeros included", () => {
  const field = (offset: number) => (step: number, out: Float64Array): void => out.forEach((_, i) => (out[i] = i === 0 ? [NaN, -0, 1e-320][step % 3]! : offset + step / i));
  const fields = { state: field(1), control: field(2), adjoint: field(3) };
  const whole = solutionDigest({ ...fields, steps: { first: 1, last: 7 } }, 3, serialCommunicator());
  for (const starts of [[1, 4], [1, 2, 7], [1, 2, 3, 4, 5, 6, 7]]) {
    const digests = simulateRanks(starts.length, (communicator) => {
      const steps = { first: starts[communicator.rank]!, last: (starts[communicator.rank + 1] ?? 8) - 1 };
      return solutionDigest({ ...fields, steps }, 3, communicator);
    });
    expect(digests[0]).toBe(whole);
  }
});
