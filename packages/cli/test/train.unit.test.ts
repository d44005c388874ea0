import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { main, type TrainingReport } from "@parakkt/cli";

import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();
const PROGRAM = fileURLToPath(new URL("../bin/parakkt.js", import.meta.url));

/** Two epochs of four updates. */
const SMALL = `data: { kind: peaks, samples: 40, validationSamples: 20 }
network: { layers: 8, width: 4 }
training: { epochs: 2, batchSize: 10 }
checkpoint: { updates: 1 }
output: { page: false }
`;

const write = (name: string, text: string): string => {
  writeFileSync(join(directory(), name), text);
  return join(directory(), name);
};
const run = (...args: string[]) => spawnSync(process.execPath, [PROGRAM, ...args], { cwd: directory(), encoding: "utf8" });
const file = (...path: string[]): Buffer => readFileSync(join(directory(), ...path));

/** Runs the program in this process and hands back its exit code and what it said. */
async function said(...args: string[]): Promise<{ code: number; talk: string }> {
  let talk = "";
  const terminal = { result: () => undefined, talk: (text: string) => void (talk += `${text}\n`), interactive: false };
  return { code: await main(args, { terminal }), talk };
}

describe("a mistaken training config is refused with place, key and hint", () => {
  test.each([
    ["an unknown key", "data: { kind: peaks }\ntraining:\n  epoch: 3\n", ["t.yaml:3:3: training.epoch: unknown key", "did you mean epochs?"]],
    ["a key of another section", "data: { kind: peaks }\nlayers: 3\n", ["t.yaml:2:1: layers: unknown key", "did you mean network.layers?"]],
    ["a wrong kind", "data: { kind: peak }\n", ["t.yaml:1:15: data.kind: expected one of peaks", "did you mean peaks?"]],
    ["a missing section", "network: { layers: 4 }\n", ["data: this section is missing"]],
    ["a key of another kind of data", "data: { kind: peaks, steps: 4 }\n", ["t.yaml:1:22: data.steps: steps belongs to sine, adding, not to peaks"]],
    ["a network that cannot read the data", "data: { kind: peaks }\nnetwork: { kind: recurrent }\n", ["t.yaml:2:12: network.kind: a recurrent network cannot read peaks"]],
    ["cycles of serial propagation", "data: { kind: peaks }\npropagation: { kind: serial, forward: 2 }\n", ["propagation.forward: serial propagation has no forward"]],
    ["depths that do not double", "data: { kind: peaks }\ntraining: { depth: [{ from: 0, size: 8 }, { from: 2, size: 12 }] }\n", ["t.yaml:2:13: training.depth: expected depths from epoch 0 on, each twice"]],
    ["warm-started mini-batches", "data: { kind: peaks }\ntraining: { batchSize: 5 }\npropagation: { warmStart: states }\n", ["t.yaml:2:13: training.batchSize: warm-started states belong to one batch"]],
    ["a file that is not there", "data: { kind: file, inputs: no.csv, targets: no.csv }\n", ["data.inputs: cannot read no.csv"]],
    ["an accuracy of a regression", "data: { kind: sine }\ntraining: { goal: { accuracy: 0.5 } }\n", ["training.goal.accuracy: an accuracy needs classes"]],
    ["one layer for cycles", "data: { kind: peaks }\nnetwork: { layers: 1 }\n", ["t.yaml:2:12: network.layers: layer-parallel propagation needs intervals of layers: expected at least 2 layers, got 1", "propagation: { kind: serial }"]],
    ["more levels than layers allow", "data: { kind: peaks }\npropagation: { levels: 9 }\n", ["t.yaml:2:16: propagation.levels: expected at most 4 levels for 32 layers and a coarsening of 4, got 9", "levels: 4"]],
    ["more threads than intervals", "data: { kind: peaks }\nparallel: { threads: 9 }\n", ["t.yaml:2:13: parallel.threads: expected at most 8 threads, one for each interval of 4 of the 32 layers, got 9"]],
    ["a value in place of a section", "data: { kind: peaks }\ntraining: { rate: 0.1, optimizer: adam }\n", ["training.rate: expected a mapping of keys, got 0.1", "did you mean training.rate.initial?", "did you mean training.optimizer.kind?"]],
    ["a part of a name", "data: { kind: peaks }\ntraining: { batch: 5 }\n", ["training.batch: unknown key", "did you mean training.batchSize?"]],
    ["several at once", "data: { kind: peaks, seeds: 1 }\nnetwork: { width: 0 }\n", ["2 mistakes", "data.seeds", "network.width: expected a whole number of at least 1, got 0"]],
  ])("%s", async (_name, text, expected) => {
    const { code, talk } = await said("train", write("t.yaml", text), "--out", join(directory(), "out"));
    expect(code).toBe(text.includes("no.csv") ? 66 : 65);
    for (const words of expected) expect(talk).toContain(words);
    expect(existsSync(join(directory(), "out"))).toBe(false);
  });
});

/** Kills a training once its metrics have so many updates. */
async function killAfter(updates: number, out: string): Promise<void> {
  const child = spawn(process.execPath, [PROGRAM, "train", "small.yaml", "--out", out, "--quiet"], { cwd: directory() });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  const metrics = join(directory(), out, "metrics.jsonl");
  while (child.exitCode === null && child.signalCode === null) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    if (existsSync(metrics) && readFileSync(metrics, "utf8").split('"kind":"update"').length > updates) child.kill("SIGKILL");
  }
  await gone;
}

describe("a killed training", () => {
  /** The files of a training that nobody kills. */
  const whole = new Map<string, Buffer>();
  beforeAll(() => {
    const out = mkdtempSync(join(tmpdir(), "parakkt-test-"));
    writeFileSync(join(out, "small.yaml"), SMALL);
    expect(spawnSync(process.execPath, [PROGRAM, "train", "small.yaml", "--out", "whole", "--quiet"], { cwd: out }).status).toBe(0);
    for (const name of ["metrics.jsonl", "parameters.npy", "validation-outputs.npy"]) whole.set(name, readFileSync(join(out, "whole", name)));
    rmSync(out, { recursive: true });
  });

  test.each([1, 3, 6])("goes on with --resume to the same metrics and model, killed after about %d updates", async (updates) => {
    write("small.yaml", SMALL);
    await killAfter(updates, "killed");
    expect(run("train", "small.yaml", "--out", "killed", "--quiet", "--resume").status).toBe(0);
    for (const [name, bytes] of whole) expect(file("killed", name).equals(bytes)).toBe(true);
  });

  test("goes on from the older checkpoint where the newer one is damaged, and says so", async () => {
    write("small.yaml", SMALL);
    await killAfter(4, "killed");
    const checkpoints = readdirSync(join(directory(), "killed")).filter((name) => name.endsWith(".checkpoint"));
    const damaged = join(directory(), "killed", checkpoints[0]!);
    const bytes = readFileSync(damaged);
    bytes[bytes.length - 3]! ^= 1;
    writeFileSync(damaged, bytes);
    const { status, stderr } = run("train", "small.yaml", "--out", "killed", "--resume");
    expect(status).toBe(0);
    expect(stderr).toContain(`${checkpoints[0]} is damaged and not used: the checksum of section`);
    expect(file("killed", "metrics.jsonl").equals(whole.get("metrics.jsonl")!)).toBe(true);
  });

  test("is not taken up by another config", () => {
    write("small.yaml", SMALL);
    expect(run("train", "small.yaml", "--out", "run", "--quiet", "--time-limit", "0.001").status).toBe(2);
    const { status, stderr } = run("train", "small.yaml", "--out", "run", "--resume", "--set", "training.rate.initial=0.1");
    expect(status).toBe(65);
    expect(stderr).toContain("the checkpoint in");
    expect(stderr).toContain("training.rate was");
    expect(run("train", "small.yaml", "--out", "run").status).toBe(73);
  });
});

test("threads do not change a bit of metrics and model", () => {
  write("small.yaml", SMALL);
  for (const threads of ["1", "2"]) expect(run("train", "small.yaml", "--out", threads, "--threads", threads, "--quiet").status).toBe(0);
  for (const name of ["metrics.jsonl", "parameters.npy"]) expect(file("2", name).equals(file("1", name))).toBe(true);
});

test("a goal that is reached ends with 0, one that is not with 2; a rate far too large with 3", () => {
  write("small.yaml", SMALL);
  const train = (out: string, ...sets: string[]) => run("train", "small.yaml", "--out", out, "--json", ...sets.flatMap((set) => ["--set", set]));
  const reasonOf = ({ stdout }: { stdout: string }) => (JSON.parse(stdout) as TrainingReport).reason;
  const reached = train("a", "training.goal={ loss: 10 }");
  const missed = train("b", "training.goal={ accuracy: 1 }");
  const blown = train("c", "training.rate.initial=1e200", "training.optimizer.kind=sgd", "propagation={ kind: serial }");
  expect([reached, missed, blown].map(({ status }) => status)).toEqual([0, 2, 3]);
  expect([reached, missed, blown].map((each) => reasonOf(each).by)).toEqual(["goal", "goal-not-reached", "non-finite"]);
});

test("arrays of the user train and predict: class numbers in CSV, rows in NPY or CSV", () => {
  const rows = Array.from({ length: 30 }, (_, k) => [Math.cos(k), Math.sin(k)]);
  write("x.csv", rows.map((row) => row.join(",")).join("\n"));
  write("y.csv", rows.map(([x]) => (x! > 0 ? 1 : 0)).join("\n"));
  write("own.yaml", "data: { kind: file, inputs: x.csv, targets: y.csv, classes: 2 }\nnetwork: { layers: 8 }\ntraining: { epochs: 15, batchSize: 8, rate: { initial: 0.05 } }\n");
  expect(run("train", "own.yaml", "--out", "own", "--quiet").status).toBe(0);
  const { status, stdout } = run("predict", "own", "x.csv");
  expect(status).toBe(0);
  const [header, ...lines] = stdout.trimEnd().split("\n");
  expect(header).toBe("class,output0,output1");
  const right = lines.filter((line, k) => Number(line.split(",")[0]) === (rows[k]![0]! > 0 ? 1 : 0)).length;
  expect(right).toBeGreaterThanOrEqual(27);
  write("bad.csv", "1,2,3\n");
  const bad = run("predict", "own", "bad.csv");
  expect(bad.status).toBe(65);
  expect(bad.stderr).toContain("expected rows of 2 entries");
});

test("a training whose iteration diverges goes on serially, says since when, and models no speed-up; one that converges does", () => {
  const rough = (initialScale: number): string => `data: { kind: strings, length: 3, symbols: 4, samples: 8, validationSamples: 4 }
network: { layers: 32, duration: 16, width: 8, initialScale: ${initialScale} }
training: { epochs: 1, batchSize: 4 }
propagation: { indicator: { every: 1 } }
`;
  write("rough.yaml", rough(4));
  const serial = run("train", "rough.yaml", "--out", "rough");
  expect(serial.stdout).toContain("serial since update 0: the iteration did not converge");
  expect(serial.stdout).toContain("in 1 epoch,");
  expect(serial.stdout).not.toContain("modelled speed-up");
  for (const words of ["serial since update 0", "1 rank)"]) expect(file("rough", "report.html").toString()).toContain(words);
  write("smooth.yaml", rough(0.1));
  const parallel = run("train", "smooth.yaml", "--out", "smooth");
  expect(parallel.stdout).toContain("modelled speed-up");
  expect(parallel.stdout).not.toContain("serial since");
});

test("parakkt report writes the page of a training run anew, byte for byte", async () => {
  const run = join(directory(), "run");
  expect((await said("train", write("small.yaml", SMALL), "--out", run, "--quiet", "--set", "output.page=true")).code).toBe(0);
  const page = file("run", "report.html");
  rmSync(join(run, "report.html"));
  expect((await said("report", run)).code).toBe(0);
  expect(file("run", "report.html").equals(page)).toBe(true);
  expect((await said("report", run)).code).toBe(0);
});

describe("samples held back of a file", () => {
  const train = (share: string, ...sets: string[]) => {
    write("x.csv", Array.from({ length: 30 }, (_, k) => `${Math.cos(k)},${Math.sin(k)}`).join("\n"));
    write("y.csv", Array.from({ length: 30 }, (_, k) => Math.cos(k) ** 2).join("\n"));
    write("own.yaml", `data: { kind: file, inputs: x.csv, targets: y.csv, validationShare: ${share} }\nnetwork: { layers: 8 }\ntraining: { epochs: 2, batchSize: 15 }\n`);
    return run("train", "own.yaml", "--out", `own-${share}`, ...sets.flatMap((set) => ["--set", set]));
  };

  test("are none with validationShare: 0: all samples train, and no loss is said to be one of validation", () => {
    const { status, stdout } = train("0", "training.batchSize=30");
    expect(status).toBe(0);
    expect(stdout).toContain("no validation samples");
    const { updates, epochs } = JSON.parse(file("own-0", "report.json").toString()) as TrainingReport;
    expect(updates).toBe(2);
    expect(epochs.map(({ validationLoss, validationAccuracy }) => [validationLoss, validationAccuracy])).toEqual([[null, null], [null, null]]);
    expect(train("0", "training.goal={ loss: 1 }").stderr).toContain("a goal is one of validation samples");
  });

  test("are refused where the share is less than one sample", () => {
    const { status, stderr } = train("0.01");
    expect(status).toBe(65);
    expect(stderr).toContain("data.validationShare: 0.01 of 30 samples is not one whole sample");
    expect(stderr).toContain("data.validationShare: 0 for no validation, or at least 0.033");
  });
});

test("a symbol outside of the alphabet is refused with file and row", () => {
  write("text.yaml", "data: { kind: strings, length: 3, symbols: 4, samples: 8, validationSamples: 4 }\nnetwork: { layers: 4, width: 4 }\ntraining: { epochs: 1 }\noutput: { page: false }\n");
  expect(run("train", "text.yaml", "--out", "text", "--quiet").status).toBe(0);
  write("text.csv", "1,2,3\n3,2,4\n");
  const { status, stderr } = run("predict", "text", "text.csv");
  expect(status).toBe(65);
  expect(stderr).toContain("text.csv, row 2: expected symbols from 0 to 3, got 4");
  write("text.csv", "1,2,3\n3,2,1\n");
  expect(run("predict", "text", "text.csv").status).toBe(0);
});

test.each([
  ["training.depth", "training: { epochs: 2, depth: [{ from: 0, size: 8 }, { from: 5, size: 16 }] }", "training.depth has no effect: not all of its entries: there are 2 epochs"],
  ["propagation.indicator.maxIterations", "propagation: { indicator: { maxIterations: 3 } }", "propagation.indicator.maxIterations has no effect: action: serial does not try more cycles"],
  ["propagation.forward", "propagation: { levels: 1, forward: 3 }", "propagation.forward has no effect: one level is serial propagation"],
])("%s without effect is noted, and only there", async (_key, section, note) => {
  const of = (text: string) => said("train", write("noted.yaml", text), "--out", join(directory(), "noted"), "--force", "--set", "output.page=false", "--set", "training.epochs=2");
  const data = "data: { kind: peaks, samples: 8, validationSamples: 5 }\n";
  expect((await of(`${data}${section}\n`)).talk).toContain(note);
  expect((await of(data)).talk).not.toContain("has no effect");
});

describe("a config of the other kind is refused in one line that says which command takes it", () => {
  const training = "data: { kind: peaks }\nnetwork: { layers: 8 }\n";
  const problem = "problem: { time: { steps: 8 } }\nsolver: { formulation: schur }\n";
  test.each([
    ["solve", training, "c.yaml:1:1: data: this is the config of a training", "parakkt train"],
    ["study", training, "c.yaml:1:1: data: this is the config of a training", "parakkt train"],
    ["train", problem, "c.yaml:1:1: problem: this is the config of a problem to solve", "parakkt solve"],
  ])("%s", async (command, text, what, hint) => {
    const { code, talk } = await said(command, write("c.yaml", text));
    expect(code).toBe(65);
    for (const words of [what, hint]) expect(talk).toContain(words);
    expect(talk).not.toContain("mistakes");
  });
});

test.each([
  ["constant", "{}"],
  ["step", "{ schedule: step, every: 1, factor: 0.25 }"],
  ["exponential", "{ schedule: exponential, factor: 0.5 }"],
  ["cosine", "{ schedule: cosine, final: 0.1 }"],
])("the report of a training runs again to the same parameters, with a %s rate", async (_name, rate) => {
  const config = write("again.yaml", SMALL);
  const out = (name: string): string => join(directory(), name);
  expect((await said("train", config, "--out", out("first"), "--quiet", "--set", `training.rate=${rate}`)).code).toBe(0);
  expect(await said("train", join(out("first"), "report.json"), "--out", out("second"), "--quiet")).toEqual({ code: 0, talk: "" });
  expect(file("second", "parameters.npy").equals(file("first", "parameters.npy"))).toBe(true);
});

test("the report of a training on one batch of all samples runs again", async () => {
  const config = write("batch.yaml", SMALL.replace(", batchSize: 10", ", optimizer: { kind: lbfgs }"));
  const out = (name: string): string => join(directory(), name);
  expect((await said("train", config, "--out", out("first"), "--quiet")).code).toBe(0);
  expect(await said("train", join(out("first"), "report.json"), "--out", out("second"), "--quiet")).toEqual({ code: 0, talk: "" });
  const missing = await said("predict", out("first"), "nope.csv");
  expect(missing.code).toBe(66);
  expect(missing.talk).toContain("nope.csv: no such file of samples");
});

test.each(["predict", "plan"])("%s started several times by mpirun is refused before it writes, once is not several", (command) => {
  const config = write("small.yaml", SMALL);
  const args = command === "predict" ? ["predict", "none", "none.csv"] : [command, config];
  const launched = (size: string) => spawnSync(process.execPath, [PROGRAM, ...args], { cwd: directory(), encoding: "utf8", env: { ...process.env, OMPI_COMM_WORLD_SIZE: size, OMPI_COMM_WORLD_RANK: "0" } });
  const refused = launched("2");
  expect(refused.status).toBe(64);
  expect(refused.stderr).toContain(`${command} was started 2 times by Open MPI's mpirun`);
  expect(existsSync(join(directory(), "runs"))).toBe(false);
  expect(launched("1").status).not.toBe(64);
});
