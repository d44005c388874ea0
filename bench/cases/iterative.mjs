import { runTask } from "../processes.mjs";
import { growth } from "./direct.mjs";

const SIZE = { n: 127, steps: 512 };
const QUICK_SIZE = { n: 15, steps: 16 };
const OMEGAS = [1e-4, 1e-8];
const sizeOf = ({ quick }) => (quick ? QUICK_SIZE : SIZE);

/**
 * How ours solves with constant ν, where the sine transform diagonalises the operator, and with variable ν: eight windows side by side, which remember
 * what has not decayed by a tenth (docs/theory/matching.md).
 */
const CONSTANT = { spatialSolver: "sine-basis", factor: "exact" };
const VARIABLE = { spatialSolver: "cholesky", precision: "single", factor: "stationary", subdomains: 8 };
const OVERLAPS = { 1e-4: { smooth: 12, inclusion: 10 }, 1e-8: { smooth: 1, inclusion: 1 } };
const QUICK_OVERLAP = 1;

/** Conjugate gradients on S with matching against the same method in PETSc. */
export function schurCase(options) {
  const size = sizeOf(options);
  return {
    name: "schur",
    title: "Schur complement, constant diffusivity",
    entries: OMEGAS.flatMap((omega) => [solveEntry({ ...size, omega, formulation: "schur", ...CONSTANT }), petscEntry({ ...size, omega, method: "cgS" })]),
    ratios: OMEGAS.map((omega) => ratio(`schur, constant ν, ω = ${short(omega)}`, { ours: idOf({ ...size, omega, formulation: "schur" }), peer: `petsc-cgS-${omega}`, required: 1 / 6 })),
  };
}

/** Variable ν against PETSc on its constant problem, which costs it the same. */
export function schurVariableCase(options) {
  const size = sizeOf(options);
  const variants = OMEGAS.flatMap((omega) => ["smooth", "inclusion"].map((diffusivity) => ({ ...size, omega, diffusivity, formulation: "schur", ...VARIABLE, overlap: options.quick ? QUICK_OVERLAP : OVERLAPS[omega][diffusivity] })));
  const entries = variants.flatMap((variant) => {
    const peer = variant.diffusivity === "smooth" ? [petscEntry({ ...size, omega: variant.omega, method: "cgS" })] : [];
    return [solveEntry(variant), ...peer];
  });
  const name = ({ diffusivity, omega }) => `schur, ${diffusivity} ν, ω = ${short(omega)}`;
  return {
    name: "schur-variable",
    title: "Schur complement, variable diffusivity",
    entries,
    ratios: variants.map((variant) => ratio(name(variant), { ours: idOf(variant), peer: `petsc-cgS-${variant.omega}`, required: 1 / 3 })),
    limits: variants.map((variant) => ({ label: `${name(variant)}, peak memory`, entry: idOf(variant), metric: "peakBytes", unit: "bytes", most: 500e6 })),
  };
}

/** Conjugate gradients on the reduced Hessian, without preconditioner on both sides. */
export function reducedCase(options) {
  const setting = { ...sizeOf(options), omega: 1, formulation: "reduced" };
  return {
    name: "reduced",
    title: "Reduced Hessian",
    entries: [solveEntry({ ...setting, ...CONSTANT }), petscEntry({ ...setting, method: "redcg" })],
    ratios: [ratio("reduced, constant ν, ω = 1", { ours: idOf(setting), peer: "petsc-redcg-1", required: 1 / 3 })],
  };
}

/** The cube too. Sizes count that do not fit the last-level cache with the vectors of conjugate gradients. */
export function schurGrowthCase(options) {
  const sizes = options.quick ? [QUICK_SIZE, { n: 15, steps: 32 }] : [SIZE, { n: 255, steps: 256 }, { n: 255, steps: 512 }];
  const variants = sizes.map((size) => ({ ...size, omega: OMEGAS[0], formulation: "schur", ...CONSTANT }));
  const cube = { ...(options.quick ? { n: 7, steps: 8 } : { n: 63, steps: 64 }), dimension: 3, omega: OMEGAS[0], formulation: "schur", ...CONSTANT };
  return {
    name: "schur-growth",
    title: "Growth of the Schur complement method",
    entries: [...variants, cube].map(solveEntry),
    spreads: [growth("schur, time per unknown", variants.map(idOf), { machine: options.machine, series: 5 })],
  };
}

/** 1e-4 rather than 0.0001. */
const short = (omega) => (omega < 1 ? omega.toExponential() : String(omega));

const ratio = (label, { ours, peer, required }) => ({ label, ours, peers: [peer], metric: "cpu", required });

const idOf = ({ formulation, diffusivity = "constant", n, steps, omega, dimension = 2 }) =>
  `${formulation}-${diffusivity}-${dimension === 3 ? "cube-" : ""}${n}x${steps}-${omega}`;

function solveEntry(parameters) {
  const { formulation, diffusivity = "constant", n, steps, omega, spatialSolver, dimension = 2 } = parameters;
  const label = `${formulation} ${n}${dimension === 3 ? "³" : "²"} × ${steps}, ${diffusivity} ν, ω = ${short(omega)}, ${spatialSolver}`;
  return { id: idOf(parameters), label, side: "ours", run: () => runTask("iterate", parameters) };
}

function petscEntry({ n, steps, omega, method }) {
  return {
    id: `petsc-${method}-${omega}`,
    label: `PETSc ${method} ${n}² × ${steps}, ω = ${short(omega)}`,
    side: "peer",
    needs: "petsc",
    run: ({ peers }) => peers.run.petsc({ n, steps, omega, method }),
  };
}
