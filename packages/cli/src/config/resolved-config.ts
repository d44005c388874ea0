/** A number, a formula, or values in a file. */
export type FieldSetting = number | string | { readonly file: string };

/** Equal steps, or the nodes 0 = t₀ < t₁ < … < t_N of unequal ones. */
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

/** Krylov methods. */
export type KrylovName = "cg" | "minres" | "gmres" | "fgmres";

/** A Krylov method on one of the formulations, and when it stops. */
export interface IterativeSolverSettings {
  readonly formulation: "schur" | "full-space" | "reduced";
  readonly method: KrylovName;
  readonly relativeTolerance: number;
  readonly absoluteTolerance: number;
  readonly maxIterations: number;
  readonly restart: number;
  readonly stagnationWindow: number;
  /** Ritz values in the report. */
  readonly spectrum?: boolean;
  /** Seconds. */
  readonly timeLimit?: number;
}

/** Sine transforms in space and tridiagonal systems in time. */
export interface DirectSolverSettings {
  readonly formulation: "direct";
  readonly relativeTolerance: number;
  readonly absoluteTolerance: number;
}

/** How the optimality system is solved. */
export type SolverSettings = IterativeSolverSettings | DirectSolverSettings;

/** Exact-in-time matching with dyadic or exact taper (TAP.1, TAP.3), or classical matching (SCH.3). */
export type LocalSolve = "tapered" | "tapered-exact" | "matching";

/** Subdomains in time, their local solves, and how the corrections are put together. */
export interface SubdomainSettings {
  readonly subdomains: number;
  readonly overlap: number;
  readonly local: LocalSolve;
  readonly combination: "additive" | "restricted";
}

/** The preconditioner of the Schur complement; only the keys of its kind. `reaction` where it is not that of (RAT.1). */
export type PreconditionerSettings = { readonly kind: "none" } | (SchurInverseSettings & { readonly reaction?: "classical" });

type SchurInverseSettings =
  | { readonly kind: "matching"; readonly local: LocalSolve }
  | ({ readonly kind: "overlapping-matching" } & Pick<SubdomainSettings, "subdomains" | "overlap" | "local">)
  | ({ readonly kind: "one-level" } & SubdomainSettings)
  | ({ readonly kind: "two-level"; readonly coarse: { readonly nodesPerSubdomain: number } } & SubdomainSettings)
  | ({ readonly kind: "multilevel"; readonly coarse: { readonly nodesPerSubdomain: number; readonly serialSteps: number; readonly stepsPerSubdomain: number } } & SubdomainSettings)
  | { readonly kind: "time-diagonalization"; readonly local: Exclude<LocalSolve, "matching"> };

/** The solver of single shifted elliptic problems; never `auto`. */
export type SpatialSolverSettings =
  | { readonly kind: "fast-diagonalization" }
  | { readonly kind: "cholesky"; readonly precision?: "single" }
  | { readonly kind: "multigrid"; readonly cycles: number; readonly precision: "single" | "double" };

/** When a checkpoint is due: whatever comes first. */
export interface CheckpointSettings {
  readonly everyIterations?: number;
  readonly everySeconds?: number;
}

/** Where the ranks run. How many ranks MPI has, its launcher says. */
export type ParallelSettings = ({ readonly backend: "serial" } | { readonly backend: "threads"; readonly threads: number } | { readonly backend: "mpi" }) & {
  /** Seconds that a computing rank may let the others wait. */
  readonly timeout?: number;
};

/** A config with every default filled in: plain JSON that can be run again, and only keys that have an effect. */
export interface ResolvedConfig {
  readonly problem: ProblemSettings;
  readonly integrator: { readonly kind: "backward-euler" };
  readonly solver: SolverSettings;
  readonly preconditioner: PreconditionerSettings;
  readonly spatialSolver: SpatialSolverSettings;
  readonly parallel: ParallelSettings;
  readonly output: { readonly directory: string; readonly fields: readonly ("vtk" | "npy")[]; readonly checkpoint?: CheckpointSettings };
  /** Bytes, or a size such as "4GiB", or "auto". */
  readonly budget: { readonly memory: number | string };
}

/** Number N of time steps. */
export function stepCount(time: TimeSetting): number {
  return "nodes" in time ? time.nodes.length - 1 : time.steps;
}
