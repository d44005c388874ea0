import { boxGrid, diffusivityProfile, heatProblem, uniformTimeGrid } from "@parakkt/core";

const { PI, sin } = Math;

/** ν of each name on the unit interval, square and cube. */
const DIFFUSIVITIES = {
  constant: () => 1,
  smooth: (dimension) => (x, y, z) => 1 + 0.9 * wave([x, y, z], dimension, 2),
  inclusion: (dimension) => (x, y, z) => (inside(x, 0.25, 0.5) && (dimension < 2 || inside(y, 0.25, 0.75)) && (dimension < 3 || inside(z, 0.25, 0.75)) ? 1e4 : 1),
};
const TOLERANCE = 1e-8;

const inside = (value, low, high) => value > low && value < high;
const wave = (point, dimension, k) => point.slice(0, dimension).reduce((product, x) => product * sin(k * PI * x), 1);
const hill = (point, dimension) => point.slice(0, dimension).reduce((product, x) => product * x * (1 - x), 1);

/** A problem that has to be planned: unit interval, square or cube with n points an axis, T = 1. Data as in the reference problem. */
export function plannedProblem({ dimension, n, steps, omega, diffusivity }, spatialSolver) {
  const space = boxGrid({ extent: new Array(dimension).fill(1), cells: new Array(dimension).fill(n + 1) });
  const oscillating = space.evaluate((x, y, z) => wave([x, y, z], dimension, 2));
  const growing = space.evaluate((x, y, z) => hill([x, y, z], dimension));
  return heatProblem({
    ...{ space, time: uniformTimeGrid(1, steps), diffusivity: DIFFUSIVITIES[diffusivity](dimension), regularization: omega, spatialSolver },
    initialState: (x, y, z) => wave([x, y, z], dimension, 1),
    target: {
      at({ end }, out) {
        const factor = sin(2 * PI * end);
        for (let j = 0; j < out.length; j++) out[j] = factor * oscillating[j] + end * growing[j];
      },
    },
  });
}

/** What the planner is told about it. */
export function factsOf({ dimension, n, steps, omega, diffusivity }) {
  const space = boxGrid({ extent: new Array(dimension).fill(1), cells: new Array(dimension).fill(n + 1) });
  return {
    ...{ points: space.points, extent: space.extent, steps, duration: 1, equalSteps: true, regularization: omega, controlScale: 1 },
    diffusivity: diffusivityProfile(space, DIFFUSIVITIES[diffusivity](dimension)),
    relativeTolerance: TOLERANCE,
  };
}
