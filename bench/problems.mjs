import { boxGrid, heatProblem, uniformTimeGrid } from "@parakkt/core";

const { PI, sin } = Math;

/** ν of each name; `inclusion` is 10⁴ in (¼, ½) × (¼, ¾) and 1 elsewhere. */
export const diffusivities = {
  constant: 1,
  smooth: (x, y) => 1 + 0.9 * sin(2 * PI * x) * sin(2 * PI * y),
  inclusion: (x, y) => (x > 0.25 && x < 0.5 && y > 0.25 && y < 0.75 ? 1e4 : 1),
};

/**
 * The reference problem on the unit square (cube) with n interior points an axis and T = 1:
 * u₀ = sin πx sin πy, ũ = sin 2πt · sin πx sin 2πy + t · x(1−x) y(1−y); on the cube each product has the factor of z as well.
 *
 * ũ is a sum of two products of time and space; the factors in space are evaluated once, as a user of the library would.
 * `watch` wraps the callback that writes ũ, so that its time can be told apart.
 */
export function referenceProblem({ n, steps, dimension = 2, omega, diffusivity = "constant", spatialSolver }, watch = (evaluate) => evaluate) {
  const cube = dimension === 3;
  const space = boxGrid({ extent: new Array(dimension).fill(1), cells: new Array(dimension).fill(n + 1) });
  const wave = space.evaluate((x, y, z) => sin(PI * x) * sin(2 * PI * y) * (cube ? sin(PI * z) : 1));
  const hill = space.evaluate((x, y, z) => x * (1 - x) * y * (1 - y) * (cube ? z * (1 - z) : 1));
  const at = watch(({ end }, out) => {
    const factor = sin(2 * PI * end);
    for (let j = 0; j < out.length; j++) out[j] = factor * wave[j] + end * hill[j];
  });
  return heatProblem({
    space,
    time: uniformTimeGrid(1, steps),
    diffusivity: diffusivities[diffusivity],
    initialState: (x, y, z) => sin(PI * x) * sin(PI * y) * (cube ? sin(PI * z) : 1),
    target: { at },
    regularization: omega,
    spatialSolver,
  });
}
