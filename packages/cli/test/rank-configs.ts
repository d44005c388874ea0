/** A small heat problem with data that vary in space and time. */
const problem = {
  domain: { extent: [1, 1.5], cells: [8, 7] },
  time: { final: 1, steps: 24 },
  initialState: "x*(1-x)*y",
  target: "sin(3*t)*x + t*y*y",
  source: "x - y*t",
  controlScale: 1.5,
  regularization: 1e-3,
};
const varying = { ...problem, diffusivity: "0.1 + x*y" };

const decomposition = (kind: string, combination: string, subdomains: number, more: object = {}) => ({ kind, combination, subdomains, overlap: 1, ...more });

/** A formulation, a preconditioner and a spatial solver of each kind. */
export const rankConfigs: Readonly<Record<string, object>> = {
  direct: { problem, solver: { formulation: "direct" } },
  reduced: { problem, solver: { formulation: "reduced" } },
  "reduced, Cholesky": { problem: varying, solver: { formulation: "reduced", maxIterations: 5 } },
  "schur, none": { problem, solver: { formulation: "schur", maxIterations: 5 }, preconditioner: { kind: "none" } },
  "schur, matching in the sine basis": { problem, solver: { formulation: "schur" }, preconditioner: { kind: "matching" } },
  "schur, matching, Cholesky": { problem: varying, solver: { formulation: "schur" }, preconditioner: { kind: "matching" } },
  "schur, overlapping matching": {
    problem: varying,
    solver: { formulation: "schur", maxIterations: 8 },
    preconditioner: { kind: "overlapping-matching", subdomains: 24, overlap: 1 },
  },
  "schur, one level, multigrid": {
    problem: varying,
    solver: { formulation: "schur", method: "gmres" },
    preconditioner: decomposition("one-level", "restricted", 7),
    spatialSolver: { kind: "multigrid" },
  },
  "schur, two levels, Cholesky": { problem: varying, solver: { formulation: "schur", method: "fgmres" }, preconditioner: decomposition("two-level", "restricted", 8) },
  "schur, two levels in the sine basis": { problem, solver: { formulation: "schur", relativeTolerance: 1e-12 }, preconditioner: decomposition("two-level", "additive", 5) },
  "schur, multilevel, Cholesky": {
    problem: varying,
    solver: { formulation: "schur" },
    preconditioner: decomposition("multilevel", "additive", 12, { coarse: { serialSteps: 4 } }),
  },
  "schur, time diagonalization": { problem, solver: { formulation: "schur" }, preconditioner: { kind: "time-diagonalization" } },
  "full space, two levels, Cholesky": {
    problem: varying,
    solver: { formulation: "full-space", method: "fgmres" },
    preconditioner: decomposition("two-level", "restricted", 8),
  },
  "full space, two levels, MINRES": { problem, solver: { formulation: "full-space", method: "minres", maxIterations: 12 }, preconditioner: decomposition("two-level", "additive", 6) },
  "full space, matching": { problem: varying, solver: { formulation: "full-space", method: "gmres" }, preconditioner: { kind: "matching" } },
};
