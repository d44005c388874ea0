// One task in a process of its own: node bench/child.mjs TASK PARAMETERS, both from `runTask`. Prints one line of JSON: its result, or { error }.
import { writeSync } from "node:fs";

const tasks = {
  bandwidth: () => import("./tasks/bandwidth.mjs"),
  cholesky: () => import("./tasks/cholesky.mjs"),
  communication: () => import("./tasks/communication.mjs"),
  direct: () => import("./tasks/direct.mjs"),
  iterate: () => import("./tasks/iterate.mjs"),
  kernel: () => import("./tasks/kernel.mjs"),
  "layer-ranks": () => import("./tasks/layer-ranks.mjs"),
  layers: () => import("./tasks/layers.mjs"),
  model: () => import("./tasks/model.mjs"),
  planned: () => import("./tasks/planned.mjs"),
  strong: () => import("./tasks/strong.mjs"),
};

const [name, parameters] = process.argv.slice(2);
let result;
try {
  const { run } = await tasks[name]();
  result = await run(JSON.parse(parameters));
} catch (error) {
  result = { error: error instanceof Error ? error.message : String(error) };
}
writeSync(1, `${JSON.stringify(result)}\n`);
