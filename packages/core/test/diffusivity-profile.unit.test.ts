import { boxGrid, diffusivityProfile, InvalidArgumentError } from "@parakkt/core";

const square = boxGrid({ extent: [1, 1], cells: [128, 128] });

test("the profile of one number, or the same number everywhere, is that number", () => {
  const nodal = new Float64Array(square.nodes).fill(3);
  for (const diffusivity of [3, nodal]) expect(diffusivityProfile(square, diffusivity)).toEqual({ constant: 3, smallest: 3, largest: 3, effective: 3, typical: 3, jump: 1 });
});

test("a function that is the same everywhere has that effective value, whatever the box", () => {
  for (const [extent, cells] of [[[2], [1000]], [[1, 3], [40, 8]], [[1, 1, 2], [8, 5, 30]]]) {
    expect(diffusivityProfile(boxGrid({ extent, cells }), () => 3).effective).toBeCloseTo(3, 3);
  }
});

test("the profile of an inclusion shows its value, its edge, and that µ₁ hardly changes", () => {
  const profile = diffusivityProfile(square, (x, y) => (x > 0.25 && x < 0.5 && y > 0.25 && y < 0.75 ? 1e4 : 1));
  expect(profile).toMatchObject({ smallest: 1, largest: 1e4, jump: 1e4 });
  expect(profile.constant).toBeUndefined();
  expect(profile.effective).toBeGreaterThan(1);
  expect(profile.effective).toBeLessThan(1.2);
});

test("the profile of nodal values is that of the function they come from", () => {
  const wave = (x: number, y: number): number => 2 + Math.sin(7 * x) * Math.cos(3 * y);
  const [nodal, direct] = [diffusivityProfile(square, square.evaluateAtNodes(wave)), diffusivityProfile(square, wave)];
  for (const name of ["smallest", "largest", "effective", "typical", "jump"] as const) expect(nodal[name]! / direct[name]!).toBeCloseTo(1, 9);
});

test("numbers at the ends of the range of doubles give numbers", () => {
  for (const [low, high] of [[1e-300, 1e300], [1e300, 1.5e300], [1e-300, 2e-300]]) {
    const profile = diffusivityProfile(square, (x) => (x < 0.5 ? low : high));
    for (const value of [profile.effective, profile.typical]) {
      expect(value).toBeGreaterThanOrEqual(low * 0.99);
      expect(value).toBeLessThanOrEqual(high * 1.01);
    }
    expect(profile.jump).toBeLessThan(Infinity);
  }
});

test("a value that is not positive is refused", () => {
  for (const wrong of [-1, 0, Number.NaN, Infinity]) expect(() => diffusivityProfile(square, (x) => (x < 0.5 ? 1 : wrong))).toThrow(InvalidArgumentError);
});
