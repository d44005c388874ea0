import { seededRandom } from "@parakkt/testing";

/** Mean of f over `count` draws. */
function mean(count: number, draw: () => number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += draw();
  return sum / count;
}

describe("the seeded generator", () => {
  test("repeats its stream for the same seed and differs for another", () => {
    expect(seededRandom(5).normalVector(9)).toEqual(seededRandom(5).normalVector(9));
    expect(seededRandom(5).uniform()).not.toBe(seededRandom(6).uniform());
  });

  test("keeps the stream that recorded results were made with", () => {
    expect(seededRandom(1).normalVector(3)).toEqual(Float64Array.of(0.6003514352215559, 0.802215321289342, 0.43936935307458386));
  });

  test("takes any finite seed", () => {
    for (const seed of [0, -1, 2 ** 40, 0.5]) expect(seededRandom(seed).uniform()).toBeLessThan(1);
  });

  test("draws uniform numbers from [0, 1) with the right moments", () => {
    const { uniform } = seededRandom(7);
    const count = 100_000;
    // Five standard deviations of the mean of u (variance 1/12) and of u² (variance 4/45).
    expect(Math.abs(mean(count, uniform) - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / count));
    expect(Math.abs(mean(count, () => uniform() ** 2) - 1 / 3)).toBeLessThan(5 * Math.sqrt(4 / 45 / count));
    let outside = 0;
    for (let i = 0; i < count; i++) {
      const value = uniform();
      if (!(value >= 0 && value < 1)) outside++;
    }
    expect(outside).toBe(0);
  });

  test("draws normal numbers with moments 0, 1, 0, 3 and no correlation between neighbours", () => {
    const { normal } = seededRandom(8);
    const count = 200_000;
    // Five standard deviations: variances of x, x², x³, x⁴ and xy are 1, 2, 15, 96 and 1.
    const within = (value: number, variance: number): void => expect(Math.abs(value)).toBeLessThan(5 * Math.sqrt(variance / count));
    within(mean(count, normal), 1);
    within(mean(count, () => normal() ** 2) - 1, 2);
    within(mean(count, () => normal() ** 3), 15);
    within(mean(count, () => normal() ** 4) - 3, 96);
    within(mean(count, () => normal() * normal()), 1);
  });
});
