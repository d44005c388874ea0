import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TrainingReport } from "@parakkt/cli";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const EXAMPLES = join(ROOT, "examples");
const PROGRAM = join(ROOT, "packages", "cli", "bin", "parakkt.js");

/** Sizes at which an example runs in a second or two. */
const SMALL: Readonly<Record<string, readonly string[]>> = {
  "train-spirals.yaml": ["training.depth=[{from: 0, size: 16}, {from: 2, size: 32}]"],
  "train-reverse.yaml": ["network.layers=8", "data.length=4", "data.samples=60"],
  "train-digits.yaml": ["network.layers=8", "data.samples=60", "training.epochs=2"],
  "train-sine.yaml": ["data.steps=32"],
  "train-adding.yaml": ["data.steps=16"],
};

const names = readdirSync(EXAMPLES).filter((name) => name.startsWith("train-") && name.endsWith(".yaml"));

test("there are examples for the plane, sequences, strings and images", () => {
  expect(names).toEqual(["train-adding.yaml", "train-digits.yaml", "train-peaks.yaml", "train-reverse.yaml", "train-sine.yaml", "train-spirals.yaml"]);
});

test.each(names)("examples/%s lowers the loss, keeps gradients along the serial ones, and its model predicts with the bits of the training", (name) => {
  const out = join(directory(), name);
  const small = ["data.samples=80", "data.validationSamples=20", "training.epochs=3", "training.batchSize=20", "propagation.check.every=5", "output.page=false", ...(SMALL[name] ?? [])];
  const sets = small.flatMap((set) => ["--set", set]);
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, "train", join(EXAMPLES, name), "--out", out, "--json", ...sets], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect([0, 2]).toContain(status);
  const { epochs, agreement, fallbacks } = JSON.parse(stdout) as TrainingReport;
  expect(epochs.at(-1)!.trainingLoss).toBeLessThan(epochs[0]!.trainingLoss);
  expect(agreement.length).toBeGreaterThanOrEqual(2);
  for (const { cosine } of agreement) expect(cosine).toBeGreaterThan(0.9);
  expect(fallbacks).toBe(0);
  const predicted = join(directory(), "outputs.npy");
  expect(spawnSync(process.execPath, [PROGRAM, "predict", out, join(out, "validation-inputs.npy"), "--out", predicted]).status).toBe(0);
  expect(readFileSync(predicted).equals(readFileSync(join(out, "validation-outputs.npy")))).toBe(true);
});
