import { z } from "zod";
import { choice, notNegative, positive, section, whole } from "./schema-parts.js";
import { studyShape } from "./study-schema.js";

/**
 * Every key of a config. The text given as `error` says what was expected; `describe` documents the key and its default.
 * Defaults are filled in by `resolve-defaults.ts`, since many depend on other keys.
 */
const automatic = (least: number) => z.union([z.literal("auto"), whole(least)], { error: `auto, or a whole number of at least ${least}` });
const file = z.strictObject({ file: z.string({ error: "the path of an NPY or CSV file" }).min(1, { error: "the path of an NPY or CSV file" }) });
const field = z.union([z.number(), z.string(), file], { error: "a number, a formula or { file: path }" });
const axes = "one entry per axis, 1 to 3 of them";

const domain = section({
  extent: z.array(positive(), { error: `a list of side lengths, ${axes}` }).min(1, { error: axes }).max(3, { error: axes }).optional()
    .describe("Side lengths of the box, x first. Default: 1 per axis."),
  cells: z.array(whole(2), { error: `a list of cell counts, ${axes}` }).min(1, { error: axes }).max(3, { error: axes }).optional()
    .describe("Cells per axis, x first; interior points = cells - 1. Default: 64 per axis; the unit square when extent is left out too."),
}).describe("The box.");

const time = section({
  final: positive().optional().describe("Final time T of equal steps. Default: 1."),
  steps: whole(1).optional().describe("Number N of equal steps. Default: 256."),
  nodes: z.array(z.number({ error: "a time" }), { error: "a list of times 0 = t0 < t1 < ..." }).min(2, { error: "at least 2 times" }).optional()
    .describe("Times 0 = t0 < t1 < ... < tN of unequal steps, in place of final and steps."),
}).describe("The time grid.");

const problem = z.strictObject({
  domain,
  time,
  diffusivity: field.optional().describe("Diffusivity > 0: number, formula of x, y, z, or a file with the values at all nodes, boundary included. Default: 1."),
  parameters: z.record(z.string(), z.number({ error: "a number" }), { error: "a mapping of names to numbers" }).optional()
    .describe("Names that formulas may use. Default: none."),
  source: field.optional().describe("Source f of the state equation: formula of x, y, z, t, or a file. Default: 0."),
  controlScale: z.number({ error: "a number other than 0" }).optional().describe("Factor on the control in the state equation. Default: 1."),
  initialState: field.optional().describe("State at time 0: formula of x, y, z, or a file. Default: 0."),
  target: field.optional().describe("Target state: formula of x, y, z, t, or a file. Default: 0."),
  regularization: positive().optional().describe("Weight of the control in the objective. Default: 1.0e-4."),
}, { error: "a mapping of keys" });

const solver = section({
  formulation: choice(["auto", "schur", "full-space", "reduced", "direct"]).optional()
    .describe("Which system is solved; auto = the one predicted to take least time, of direct, reduced and schur. Default: schur."),
  method: choice(["cg", "minres", "gmres", "fgmres"]).optional().describe("Krylov method. Default: cg for schur and reduced, fgmres for full-space."),
  relativeTolerance: notNegative("a number from 0 to less than 1").lt(1, { error: "a number from 0 to less than 1" }).optional()
    .describe("Relative residual of the KKT system to reach. Default: 1.0e-8."),
  absoluteTolerance: notNegative().optional().describe("Residual norm that is small enough in any case. Default: 0."),
  maxIterations: whole(1).optional().describe("Iterations at most. Default: 200."),
  restart: whole(1).optional().describe("Basis vectors of gmres and fgmres before a restart. Default: 30."),
  stagnationWindow: whole(1).optional().describe("Iterations without a 1 % smaller residual that count as stagnation. Default: 50."),
  spectrum: z.boolean({ error: "true or false" }).optional().describe("Ritz values of the preconditioned operator in the report. Default: false."),
  timeLimit: positive("a positive number of seconds").optional().describe("Seconds after which the iteration stops. Default: none."),
});

const preconditioner = section({
  kind: choice(["none", "matching", "one-level", "two-level", "multilevel", "overlapping-matching", "time-diagonalization"]).optional()
    .describe("Default: two-level; none for reduced; chosen by predicted time with formulation auto."),
  subdomains: whole(1).optional().describe("Subdomains in time, 1 to steps. Default: the largest power of two up to steps/8, at least 1, for overlapping-matching at most 8; chosen by predicted time with formulation auto."),
  overlap: whole(0).optional().describe("Steps of overlap on either side, 0 to floor(steps/subdomains). Default: 1 (0 with one subdomain); for overlapping-matching the steps in which its sweeps forget all but a tenth."),
  local: choice(["tapered", "tapered-exact", "matching"]).optional().describe("Local solves: tapered shares shifts where the spatial solver factors, tapered-exact does not, matching is the classical one. Default: tapered."),
  reaction: choice(["slowest-mode", "classical"]).optional()
    .describe("Reaction rate of the matching, which adds one reaction to all modes: slowest-mode makes it exact for the mode that decays slowest, classical is |s|/sqrt(omega). Default: slowest-mode."),
  combination: choice(["additive", "restricted"]).optional()
    .describe("additive suits any method, restricted only gmres and fgmres. Default: additive for cg and minres, else restricted."),
  coarse: section({
    nodesPerSubdomain: whole(1).optional().describe("Coarse time nodes per subdomain. Default: 1."),
    serialSteps: automatic(1).optional().describe("multilevel: coarsen until a level has at most so many steps. Default: auto = what gives the shortest critical path."),
    stepsPerSubdomain: automatic(1).optional().describe("multilevel: steps of a subdomain on the coarse levels. Default: auto = what gives the shortest critical path."),
  }),
});

const spatialSolver = section({
  kind: choice(["auto", "fast-diagonalization", "cholesky", "multigrid"]).optional()
    .describe("Default: auto = fast-diagonalization for constant diffusivity, else cholesky or multigrid, whichever is predicted to take less time."),
  cycles: whole(1).optional().describe("multigrid: V-cycles per solve inside the preconditioner. Default: chosen by predicted time, more where diffusivity jumps up by much."),
  precision: choice(["single", "double"]).optional()
    .describe("cholesky, multigrid: arithmetic of the solves inside the preconditioner. Default: double; with multigrid chosen by predicted time where auto chooses multigrid."),
});

const size = "auto, a number of bytes, or a size like 4GiB";
const memory = z.union([positive(size), z.string().regex(/^(?:auto|\d+(?:\.\d+)?\s*(?:[KMGT]i?)?B?)$/, { error: size })], { error: size });
const fieldFormat = choice(["vtk", "npy"]);

/** The whole config. Only `problem` must be there. */
export const configSchema = z.strictObject({
  problem,
  integrator: section({ kind: choice(["backward-euler"]).optional().describe("Default: backward-euler.") }),
  solver,
  preconditioner,
  spatialSolver,
  parallel: section({
    backend: choice(["auto", "serial", "threads", "mpi"]).optional()
      .describe("Where the ranks run; auto = mpi when started by mpirun or srun, threads when their number is given, else serial. Default: auto."),
    threads: whole(1).optional().describe("threads: number of ranks, each on a worker thread of its own. Default: as many as run at the same time."),
    timeout: positive("a positive number of seconds").optional()
      .describe("Seconds that a computing rank may let the others wait before it is given up. Default: as long as it likes; one that does not run at all is given up in any case."),
  }),
  output: section({
    directory: z.string({ error: "the path of a directory" }).min(1, { error: "the path of a directory" }).optional()
      .describe("Run directory, relative to the working directory. Default: runs/ and the config's name."),
    checkpoint: section({
      everyIterations: whole(1).optional().describe("Iterations between two checkpoints. Default: no limit."),
      everySeconds: positive("a positive number of seconds").optional().describe("Seconds between two checkpoints. Default: no limit."),
    }).describe("When the solve is written down, so that --resume can go on with it. Default: never."),
    fields: z.array(fieldFormat, { error: "a list of vtk, npy" }).optional().describe("Formats of the fields. Default: [npy]."),
  }),
  budget: section({ memory: memory.optional().describe("Memory at most. Default: auto = 70 % of what is free.") }),
  study: section(studyShape),
}, { error: "a mapping of sections" });

/** A config as written: every key but `problem` may be missing. */
export type ConfigInput = z.infer<typeof configSchema>;
