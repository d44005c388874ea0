import type { ConfigTree } from "./config-tree.js";
import { placeOfKey, valueAt } from "./config-tree.js";
import { splitKey } from "./cross-checks.js";
import type { ResolvedConfig } from "./resolved-config.js";

/** A key, its default (which is never worth a note), and where it has an effect. */
interface Applicability {
  readonly key: string;
  readonly usual?: unknown;
  readonly applies: (config: ResolvedConfig) => boolean;
  readonly because: string;
}

const iterates = ({ solver }: ResolvedConfig): boolean => solver.formulation !== "direct";
const restarts = ({ solver }: ResolvedConfig): boolean => "method" in solver && solver.method.endsWith("gmres");
const preconditions = (config: ResolvedConfig): boolean => iterates(config) && config.preconditioner.kind !== "none";
const divides = ({ preconditioner }: ResolvedConfig): boolean => "subdomains" in preconditioner;
const combines = ({ preconditioner }: ResolvedConfig): boolean => "combination" in preconditioner;
const coarsens = ({ preconditioner }: ResolvedConfig): boolean => "coarse" in preconditioner;
const recurses = ({ preconditioner }: ResolvedConfig): boolean => preconditioner.kind === "multilevel";

/** V-cycles in place of exact solves: only inside a preconditioner. */
const cyclesAFixedNumber = (config: ResolvedConfig): boolean => config.spatialSolver.kind === "multigrid" && preconditions(config);

/** Factors in single precision: only inside a preconditioner too. */
const rounds = (config: ResolvedConfig): boolean => (config.spatialSolver.kind === "cholesky" && preconditions(config)) || cyclesAFixedNumber(config);

const EXACT = "spatial solves are exact";
const ITERATIVE = "formulation direct does not iterate";
const DIVIDED = "the preconditioner has no subdomains";

const table: readonly Applicability[] = [
  { key: "solver.method", applies: iterates, because: ITERATIVE },
  { key: "solver.maxIterations", usual: 200, applies: iterates, because: ITERATIVE },
  { key: "solver.restart", usual: 30, applies: restarts, because: "only gmres and fgmres restart" },
  { key: "solver.stagnationWindow", usual: 50, applies: iterates, because: ITERATIVE },
  { key: "solver.spectrum", usual: false, applies: iterates, because: ITERATIVE },
  { key: "solver.timeLimit", applies: iterates, because: ITERATIVE },
  { key: "preconditioner.kind", usual: "none", applies: preconditions, because: ITERATIVE },
  { key: "preconditioner.local", usual: "tapered", applies: preconditions, because: "there is no preconditioner" },
  { key: "preconditioner.reaction", usual: "slowest-mode", applies: preconditions, because: "there is no preconditioner" },
  { key: "preconditioner.subdomains", usual: 1, applies: divides, because: DIVIDED },
  { key: "preconditioner.overlap", usual: 1, applies: divides, because: DIVIDED },
  { key: "preconditioner.combination", applies: combines, because: "nothing is combined" },
  { key: "preconditioner.coarse.nodesPerSubdomain", usual: 1, applies: coarsens, because: "the preconditioner has no coarse level" },
  { key: "preconditioner.coarse.serialSteps", usual: 64, applies: recurses, because: "only multilevel coarsens repeatedly" },
  { key: "output.checkpoint", applies: iterates, because: ITERATIVE },
  {
    key: "spatialSolver.kind",
    usual: "auto",
    applies: (config) => iterates(config) || config.spatialSolver.kind === "fast-diagonalization",
    because: "formulation direct uses sine transforms",
  },
  { key: "parallel.timeout", applies: ({ parallel }) => parallel.backend !== "serial", because: "a single rank waits for nobody" },
  { key: "spatialSolver.cycles", usual: 2, applies: cyclesAFixedNumber, because: EXACT },
  { key: "spatialSolver.precision", usual: "double", applies: rounds, because: EXACT },
];

/** One line for each given key that changes nothing, so that no option is ignored in silence. */
export function keysWithoutEffect(tree: ConfigTree, config: ResolvedConfig): string[] {
  return table.flatMap(({ key, usual, applies, because }) => {
    const given = valueAt(tree.root, splitKey(key));
    if (given === undefined || given === null || given === usual || applies(config)) return [];
    return [`${placeOfKey(tree, splitKey(key))}: note: ${key} has no effect: ${because}`];
  });
}
