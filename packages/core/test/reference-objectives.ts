import { boxGrid, fastDiagonalizationSolver, heatProblem, uniformTimeGrid, type HeatProblem } from "@parakkt/core";

/** Optimal values of (OBJ.1), from outside of this library. */
export interface ReferenceObjective {
  /** Interior points per axis. */
  readonly n: number;
  readonly steps: number;
  /** ω */
  readonly regularization: number;
  readonly total: number;
  readonly tracking: number;
  readonly control: number;
}

/** Unit square, ν = 1, T = 1, no source, backward Euler, n × n interior points. */
export function referenceProblem({ n, steps, regularization }: Pick<ReferenceObjective, "n" | "steps" | "regularization">): HeatProblem {
  const { PI, sin } = Math;
  return heatProblem({
    space: boxGrid({ extent: [1, 1], cells: [n + 1, n + 1] }),
    time: uniformTimeGrid(1, steps),
    diffusivity: 1,
    initialState: (x, y) => sin(PI * x) * sin(PI * y),
    target: (x, y, _z, t) => sin(2 * PI * t) * sin(PI * x) * sin(2 * PI * y) + t * x * (1 - x) * y * (1 - y),
    regularization,
    spatialSolver: fastDiagonalizationSolver,
  });
}

/**
 * Origin: three independent solvers outside of this repository, a direct one on spatial modes, a sparse LU decomposition of the
 * KKT matrix, and CG on the Schur complement; at least 12 digits agree.
 */
export const referenceObjectives: readonly ReferenceObjective[] = [
  { n: 15, steps: 16, regularization: 1, total: 0.0645467891332137, tracking: 0.0645195226459871, control: 2.72664872266286e-5 },
  { n: 15, steps: 16, regularization: 1e-2, total: 0.0619729062050516, tracking: 0.0594914152044157, control: 0.00248149100063588 },
  { n: 15, steps: 16, regularization: 1e-4, total: 0.0128389418658435, tracking: 0.0025863263307664, control: 0.0102526155350771 },
  { n: 15, steps: 16, regularization: 1e-6, total: 0.000160432478453162, tracking: 4.0539198423993e-7, control: 0.000160027086468922 },
  { n: 31, steps: 32, regularization: 1, total: 0.0650196822905383, tracking: 0.0649922475483742, control: 2.74347421640628e-5 },
  { n: 31, steps: 32, regularization: 1e-2, total: 0.0624285296290367, tracking: 0.0599291997551907, control: 0.00249932987384591 },
  { n: 31, steps: 32, regularization: 1e-4, total: 0.0129099139345822, tracking: 0.00259599800230559, control: 0.0103139159322767 },
  { n: 31, steps: 32, regularization: 1e-6, total: 0.000161274339313624, tracking: 4.07613189624399e-7, control: 0.000160866726123999 },
  { n: 63, steps: 256, regularization: 1, total: 0.0656619948823156, tracking: 0.0656343729683791, control: 2.76219139364931e-5 },
  { n: 63, steps: 256, regularization: 1e-2, total: 0.0630520465466711, tracking: 0.0605336916840915, control: 0.00251835486257958 },
  { n: 63, steps: 256, regularization: 1e-4, total: 0.0132660319000004, tracking: 0.00289366621360101, control: 0.0103723656863994 },
  { n: 63, steps: 256, regularization: 1e-6, total: 0.000184485848371322, tracking: 2.27295410069946e-6, control: 0.000182212894270622 },
];
