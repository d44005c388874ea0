import { createHash } from "node:crypto";
import { solutionDigest } from "../dist/output/solution-digest.js";

/** SHA-256 of hexadecimal bytes. */
function sha256(...hex: readonly string[]): string {
  return createHash("sha256").update(Buffer.from(hex.join(""), "hex")).digest("hex");
}

test("the digest of one point and two steps agrees with bytes written out by hand", () => {
  const constant = (...values: number[]) => (step: number, out: Float64Array): void => void out.fill(values[step - 1]!);
  const fields = { state: constant(1, 2), control: constant(-1, 0), adjoint: constant(0.5, -0) };
  // Doubles, least significant byte first: 1 = 3ff0…, 2 = 4000…, -1 = bff0…, 0.5 = 3fe0…, -0 = 8000…
  const state = [sha256("000000000000f03f"), sha256("0000000000000040")];
  const control = [sha256("000000000000f0bf"), sha256("0000000000000000")];
  const adjoint = [sha256("000000000000e03f"), sha256("0000000000000080")];
  expect(solutionDigest(fields, 2, 1)).toBe(sha256(...state, ...control, ...adjoint));
});

test("the digest of a field does not depend on earlier contents of its buffer", () => {
  const field = (step: number, out: Float64Array): void => out.forEach((_, i) => (out[i] = step + i));
  const fields = { state: field, control: field, adjoint: field };
  expect(solutionDigest(fields, 3, 4)).toBe(solutionDigest(fields, 3, 4));
  expect(solutionDigest(fields, 3, 4)).not.toBe(solutionDigest(fields, 4, 3));
});
