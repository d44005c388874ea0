import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { allKeyPaths } from "../dist/config/schema-keys.js";
import { trainSchema } from "../dist/config/train-schema.js";
import { explainKey } from "../dist/explain-key.js";
import { modelledTraining } from "../dist/train/modelled-training.js";
import { describeTrainingPlan, type TrainingPlan } from "../dist/train/plan-training.js";
import { extrapolatedUpdate } from "../dist/train/sampled-depth.js";
import { runMain } from "./run-main.js";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();

function write(text: string): string {
  const path = join(directory(), "t.yaml");
  writeFileSync(path, text);
  return path;
}

const BASE = "data: { kind: peaks, samples: 40, validationSamples: 20 }\n";

describe("parakkt plan of a training", () => {
  const planOf = async (text: string): Promise<TrainingPlan> => JSON.parse((await runMain("plan", write(text), "--json")).stdout) as TrainingPlan;

  test("counts parameters, updates and evaluations, and gives memory by formula", async () => {
    const plan = await planOf(`${BASE}network: { layers: 8, width: 4 }\ntraining: { epochs: 3, batchSize: 15 }\npropagation: { levels: 2 }\n`);
    expect(plan.parameters).toBe(4 * 3 + 8 * (4 * 5) + 5 * 5);
    expect(plan.updates).toBe(3 * 3);
    // θ, ∇, values and theirs, Adam's two; (1 + ¼) 8 + (2 + ¼) 2 states each way, of 15 × 4
    expect(plan.memory.parameters).toBe(8 * 6 * plan.parameters);
    expect(plan.memory.trajectories).toBe(8 * 60 * Math.ceil(2 * (1.25 * 8 + 2.25 * 2)));
    expect(plan.perUpdate.evaluations).toBeGreaterThan(8);
  });

  test("counts N and N of a serial one and models no speed-up", async () => {
    const plan = await planOf(`${BASE}network: { layers: 8, width: 4 }\npropagation: { kind: serial }\n`);
    expect([plan.perUpdate.evaluations, plan.perUpdate.products]).toEqual([8, 8]);
    expect(plan.modelled).toBeUndefined();
  });

  test.each(["{ levels: 2 }", "{ levels: 3, coarsening: 8, forward: 3, relaxations: 2 }", "{ cycle: F }", "{ kind: serial }"])("an update of few layers tells the counts of one of many, exactly: propagation %s", async (propagation) => {
    const of = (layers: number) => planOf(`${BASE}network: { layers: ${layers}, width: 2 }\npropagation: ${propagation}\n`);
    const [few, many] = [await of(64), await of(512)];
    const { evaluations, products } = extrapolatedUpdate(few.perUpdate, few.config.propagation, { sampled: 64, layers: 512 });
    expect([evaluations, products]).toEqual([many.perUpdate.evaluations, many.perUpdate.products]);
  });

  test("many layers are planned from 1024 of them, which are the only ones that are made; the table says so", async () => {
    const text = `${BASE}network: { layers: 20000, width: 4 }\ntraining: { batchSize: 10 }\n`;
    const plan = await planOf(text);
    expect([plan.sampledLayers, plan.parameters]).toEqual([1024, 4 * 3 + 20000 * (4 * 5) + 5 * 5]);
    expect(plan.memory.trajectories).toBeGreaterThan(8 * 40 * 2 * 1.25 * 20000);
    expect(plan.memory.peak).toBeGreaterThan(plan.memory.trajectories + plan.memory.parameters);
    expect(describeTrainingPlan(plan)).toContain("timed here on 1024 of the layers");
    expect(describeTrainingPlan({ ...plan, sampledLayers: 20000 })).not.toContain("of the layers;");
  });

  test("reads well and writes nothing", async () => {
    const { code, stdout } = await runMain("plan", write(BASE));
    expect(code).toBe(0);
    for (const row of ["network     dense, 32 layers", "updates     20 in 20 epochs", "memory", "time", "speed-up"]) expect(stdout).toContain(row);
    expect((await runMain("plan", write(BASE), "--ranks", "1,2")).code).toBe(64);
  });
});

test("the modelled speed-up counts serial buffer layers on both sides: with B at each end 3(N + 2B)/(span + 3 · 2B)", () => {
  const propagation = { kind: "layer-parallel", forward: 2, backward: 1, coarsening: 4, relaxations: 1, cycle: "V", guess: "constant", warmStart: "none" } as const;
  const network = { kind: "dense", layers: 64, duration: 1, width: 4, activation: "tanh", dropout: 0, coarseWeights: "average", initialScale: 1 } as const;
  const [without, withThree] = [0, 3].map((bufferLayers) => modelledTraining({ propagation, network: { ...network, bufferLayers } }, 64)!);
  without!.workers.forEach(({ forward, backward, speedup }, k) => {
    const other = withThree!.workers[k]!;
    expect([other.forward, other.backward]).toEqual([forward + 6, backward + 6]);
    expect(speedup).toBeCloseTo((3 * 64) / (forward + 2 * backward), 12);
    expect(other.speedup).toBeCloseTo((3 * 70) / (forward + 2 * backward + 18), 12);
  });
});

test.each(["plan", "train"])("%s refuses layers that no memory holds before it makes any, and says how many bytes they take", async (command) => {
  const { code, stderr } = await runMain(command, write(`${BASE}network: { layers: 10000000000, width: 4 }\ntraining: { batchSize: 10 }\n`));
  expect([code, stderr]).toEqual([77, expect.stringContaining("10000000000 layers of width 4 need at least 14.9 TiB with batches of 10")]);
});

describe("parakkt verify of a training", () => {
  test("passes the gradient against differences, converged cycles and those of the config", async () => {
    const { code, stdout } = await runMain("verify", write(`${BASE}network: { layers: 8, width: 4, dropout: 0.2 }\ntraining: { regularization: { decay: 0.01, smoothness: 0.01 } }\n`));
    expect(code).toBe(0);
    expect(stdout).toContain("all 3 checks passed");
  });

  test("fails where cycles do not give a direction of descent", async () => {
    const { code, stdout } = await runMain("verify", write("data: { kind: strings, length: 3, symbols: 4, samples: 8, validationSamples: 4 }\nnetwork: { layers: 32, duration: 16, width: 8, initialScale: 4 }\n"));
    expect(code).toBe(3);
    expect(stdout).toContain("FAIL  gradient of 2/1 cycles");
  });
});

test("every key of training configs can be explained, and their schema printed", async () => {
  for (const path of allKeyPaths([], trainSchema)) expect(explainKey(path)).toContain(path);
  const { properties } = JSON.parse((await runMain("schema", "train")).stdout) as { properties: Record<string, unknown> };
  expect(Object.keys(properties)).toEqual(["data", "network", "training", "propagation", "parallel", "checkpoint", "output"]);
  expect(Object.keys((JSON.parse((await runMain("schema")).stdout) as { properties: Record<string, unknown> }).properties)).not.toContain("data");
});
