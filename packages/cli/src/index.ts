export { main } from "./main.js";
export { solveCommand, type CommandContext, type SolveOptions } from "./solve-command.js";
export type { Terminal } from "./terminal.js";
export { ExitCode, exitCodeOf } from "./exit-codes.js";

// config
export { checkConfig, loadConfig, type LoadedConfig, type LoadRequest } from "./config/load-config.js";
export { ConfigError, type ConfigProblem } from "./config/config-problem.js";
export type { ResolvedConfig } from "./config/resolved-config.js";

// the seam to the numerics
export type { Objective, SolutionFields, SolveCounts, SolveHooks, SolveJob, SolveOutcome, StepField } from "./solve-job.js";
export type { InputData, SpaceTimeField } from "./data/input-data.js";
export type { RunReport } from "./output/report.js";
export type { TrainingReport } from "./train/training-report.js";
export { configReference, trainConfigReference } from "./config/config-reference.js";
export { schemaText } from "./config/schema-file.js";
