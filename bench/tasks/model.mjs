import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { outputOf } from "../processes.mjs";

const PROGRAM = fileURLToPath(new URL("../../packages/cli/bin/parakkt.js", import.meta.url));
const parakkt = (...parameters) => outputOf(process.execPath, [PROGRAM, ...parameters]).then(JSON.parse);

/**
 * A solve by the command line on threads, and what the model predicts for it at the iterations that it took.
 * Metrics: `wall` = set-up and solve in seconds, `predicted`, and `modelError` = |predicted/wall − 1|.
 */
export async function run({ n, steps, omega, rest: { diffusivity, ...rest }, ranks }) {
  const directory = mkdtempSync(join(tmpdir(), "parakkt-model-"));
  const config = join(directory, "config.json");
  const problem = {
    ...{ domain: { cells: [n + 1, n + 1] }, time: { steps }, diffusivity, regularization: omega },
    initialState: "sin(pi*x)*sin(pi*y)",
    target: "sin(2*pi*t)*sin(pi*x)*sin(2*pi*y) + t*x*(1-x)*y*(1-y)",
  };
  writeFileSync(config, JSON.stringify({ problem, ...rest, output: { fields: [] } }));
  try {
    const report = await parakkt("solve", config, "--threads", ranks, "--json", "--quiet", "--out", join(directory, "run"));
    const { rows: [row] } = await parakkt("plan", config, "--ranks", ranks, "--network", "shared-memory", "--json");
    const wall = report.timings.setup + report.timings.solve;
    const predicted = row.seconds + (report.iterations - row.iterations) * row.iteration;
    const { iterations, counts } = report;
    return {
      metrics: { wall, predicted, modelError: Math.abs(predicted / wall - 1) },
      details: { n, steps, omega, ranks, iterations, predictedIterations: row.iterations, spatialSolves: counts.spatialSolves, limit: row.limit, parts: row.parts },
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
