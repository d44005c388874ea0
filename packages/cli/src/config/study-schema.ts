import { z } from "zod";

const value = z.union([z.number(), z.string(), z.boolean(), z.null(), z.array(z.unknown()), z.record(z.string(), z.unknown())], { error: "a value of the key" });
const assignment = z.record(z.string(), value, { error: "a mapping of key paths to values, as in { problem.time.steps: 64 }" });
const whole = (least: number, what: string) => z.int({ error: what }).min(least, { error: what });
const list = <Entry extends z.ZodType>(entry: Entry, what: string) => z.array(entry, { error: what }).min(1, { error: what });
const methods = z.record(z.string(), assignment, { error: "a mapping of names to mappings of key paths to values" });

/** The keys of the section `study`; only `parakkt study` makes use of them. */
export const studyShape = {
  grid: z.record(z.string(), list(value, "a list of values"), { error: "a mapping of key paths to lists of values" }).optional()
    .describe("Key paths and their values, as in problem.time.steps: [64, 128]; every combination is run. ranks: [1, 2, 4] solves on so many threads. Default: none."),
  cells: list(assignment, "a list of mappings").optional()
    .describe("Cells one by one, each a mapping of key paths to values; with grid each is run at every grid point. Default: one cell with the config as it is."),
  methods: methods.optional()
    .describe("Named methods, each a mapping of key paths to values, that are compared in every cell: a column per method. Default: the method of the config."),
  repeats: whole(1, "a whole number of at least 1").optional().describe("Runs of each cell; the fastest counts. Default: 1."),
  baselines: methods.optional()
    .describe("Named serial methods to measure speed-ups against; for each problem the fastest that reaches the same true residual counts. Default: none."),
  labels: z.record(z.string(), z.string({ error: "a text" }), { error: "a mapping of key paths to texts" }).optional()
    .describe("Headings in place of key paths. Default: N, P, ω, ν, n for the usual keys."),
  seed: whole(0, "a whole number of at least 0").optional().describe("Seed of the bootstrap. Default: 1."),
  resamples: whole(100, "a whole number of at least 100").optional().describe("Resamples of the bootstrap. Default: 1000."),
  robustWithin: z.number({ error: "a positive number" }).positive({ error: "a positive number" }).optional()
    .describe("An exponent whose interval lies within plus or minus this counts as zero. Default: 0.1."),
  reference: z.string({ error: "the path of a CSV file" }).min(1, { error: "the path of a CSV file" }).optional()
    .describe("CSV file with published iteration counts: a column per varied key, then one per method, or one named iterations. Default: none."),
  referenceWithin: z.number({ error: "a number of at least 0" }).nonnegative({ error: "a number of at least 0" }).optional()
    .describe("Iterations by which a count may differ from its reference. Default: 1."),
};

/** The section as written. */
export type StudyInput = z.infer<z.ZodObject<typeof studyShape>>;
