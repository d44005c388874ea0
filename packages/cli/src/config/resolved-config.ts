/** A number, a formula, or values in a file. */
export type FieldSetting = number | string | { readonly file: string };

export type TimeSetting = { readonly final: number; readonly steps: number } | { readonly nodes: readonly number[] };

/** The continuous and discrete problem (OCP.1). */
export interface ProblemSettings {
  readonly domain: { readonly extent: readonly number[]; readonly cells: readonly number[] };
  readonly time: TimeSetting;
  readonly diffusivity: FieldSetting;
  readonly parameters: Readonly<Record<string, number>>;
  readonly source: FieldSetting;
  readonly controlScale: number;
  readonly initialState: FieldSetting;
  readonly target: FieldSetting;
  readonly regularization: number;
}

export type KrylovName = "cg" | "minres" | "gmres" | "fgmres";

export interface IterativeSolverSettings {
  readonly formulation: "schur" | "full-space" | "reduced";
  readonly method: KrylovName;
  readonly relativeTolerance: number;
  readonly absoluteTolerance: number;
  readonly maxIterations: number;
  readonly restart: number;
  readonly stagnationWindow: number;
  /** Seconds. */
  readonly timeLimit?: number;
}

export interface DirectSolverSettings {
  readonly formulation: "direct";
  readonly relativeTolerance: number;
  readonly absoluteTolerance: number;
}

export type SolverSettings = IterativeSolverSettings | DirectSolverSettings;

export type LocalSolve = "tapered" | "tapered-exact" | "matching";

/** Subdomains in time, their local solves, and how the corrections are put together. */
export interface SubdomainSettings {
  readonly subdomains: number;
  readonly overlap: number;
  readonly local: LocalSolve;
  readonly combination: "additive" | "restricted";
}

export type PreconditionerSettings =
  | { readonly kind: "none" }
  | { readonly kind: "matching"; readonly local: LocalSolve }
  | ({ readonly kind: "one-level" } & SubdomainSettings)
  | ({ readonly kind: "two-level"; readonly coarse: { readonly nodesPerSubdomain: number } } & SubdomainSettings)
  | ({ readonly kind: "multilevel"; readonly coarse: { readonly nodesPerSubdomain: number; readonly serialSteps: number } } & SubdomainSettings);

export type SpatialSolverSettings =
  | { readonly kind: "fast-diagonalization" }
  | { readonly kind: "cholesky" }
  | { readonly kind: "multigrid"; readonly cycles: number };

/** A config with every default filled in: plain JSON that can be run again, and only keys that have an effect. */
export interface ResolvedConfig {
  readonly problem: ProblemSettings;
  readonly integrator: { readonly kind: "backward-euler" };
  readonly solver: SolverSettings;
  readonly preconditioner: PreconditionerSettings;
  readonly spatialSolver: SpatialSolverSettings;
  readonly parallel: { readonly backend: "serial" };
  readonly output: { readonly directory: string; readonly fields: readonly ("vtk" | "npy")[] };
  /** Bytes, or a size such as "4GiB", or "auto". */
  readonly budget: { readonly memory: number | string };
}

/** Number N of time steps. */
export function stepCount(time: TimeSetting): number {
  return "nodes" in time ? time.nodes.length - 1 : time.steps;
}
