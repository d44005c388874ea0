import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const bench = (path: string): string => new URL(`../../../bench/${path}`, import.meta.url).href;
const file = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

interface Summary {
  median: number;
  min: number;
  max: number;
  lower: number;
  upper: number;
}
interface Sample {
  metrics: Record<string, number>;
  details?: Record<string, unknown>;
}
interface Entry {
  id: string;
  available: boolean;
  reason?: string;
  metrics: Record<string, Summary>;
  phases?: Record<string, Summary>;
  traffic?: Record<string, number>;
  details: Record<string, number>;
  samples: Record<string, number[]>;
}
interface Verdict {
  available: boolean;
  met?: boolean;
  peer?: string;
  ratio?: Summary;
  spread?: number;
}
interface MeasuredCase {
  name: string;
  entries: Entry[];
  ratios: Verdict[];
  limits: Verdict[];
  spreads: Verdict[];
}
interface Result {
  schemaVersion: number;
  machine: { cpu: string; cores: number; memoryBytes: number; node: string };
  load: { before: number[]; after: number[] };
  peers: { name: string; available: boolean; packages: string[] }[];
  cases: MeasuredCase[];
}
interface Measure {
  measureCase(plan: object, context: object): Promise<MeasuredCase>;
}
interface Statistics {
  summary(values: number[]): Summary;
}
interface Page {
  performancePage(result: unknown): string;
}
interface Ledger {
  run<T>(phase: string, work: () => T): T;
  timedMethods<T extends object>(object: T, phases: Record<string, string>): T;
  seconds(clock?: "cpu" | "wall"): Record<string, number>;
  total(clock: "cpu" | "wall", options?: { without: string[] }): number;
}
type Parsers = Record<"parseLimit" | "parsePetsc" | "parseStream" | "parseCholmod", (output: string) => Sample>;

const { measureCase } = (await import(bench("measure.mjs"))) as Measure;
const { summary } = (await import(bench("statistics.mjs"))) as Statistics;
const { performancePage } = (await import(bench("page/performance-page.mjs"))) as Page;
const { phaseLedger } = (await import(bench("phases.mjs"))) as { phaseLedger(): Ledger };
const parsers = (await import(bench("peer-output.mjs"))) as Parsers;

describe("the command", () => {
  const directory = mkdtempSync(join(tmpdir(), "parakkt-bench-test-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const run = (...parameters: string[]) => {
    const env = { ...process.env };
    delete env.BENCH_PEERS;
    return promisify(execFile)(process.execPath, [file("bench/run.mjs"), ...parameters], { env });
  };

  test("--quick writes one case as JSON without peers, and says which packages they need", async () => {
    const path = join(directory, "quick.json");
    const { stderr } = await run("--quick", "--rounds", "2", "--only", "direct", "--out", path);
    expect(stderr).toContain("libfftw3-dev");
    const result = JSON.parse(readFileSync(path, "utf8")) as Result;
    expect(result).toMatchObject({ schemaVersion: 1, options: { only: ["direct"], quick: true, rounds: 2 }, machine: { node: process.versions.node } });
    expect(result.load.before).toHaveLength(3);
    expect(result.peers).toEqual([expect.objectContaining({ name: "limit", available: false })]);
    const [{ entries, ratios, limits }] = result.cases;
    const ours = entries.find(({ id }) => id === "direct-15x16");
    expect(ours).toMatchObject({ available: true, details: { states: 15 ** 2 * 16 } });
    expect(ours?.samples.cpu).toHaveLength(2);
    expect(ours?.metrics.peakBytes.median).toBeGreaterThan(1e6);
    expect(ours?.details.relativeResidual).toBeLessThan(1e-10);
    expect(Object.keys(ours?.phases ?? {})).toEqual(expect.arrayContaining(Object.keys(ours?.traffic ?? {})));
    expect(entries.filter(({ available }) => !available).map(({ reason }) => reason)).toEqual([0, 1].map(() => expect.stringContaining("--peers DIR") as unknown));
    expect(ratios).toEqual([expect.objectContaining({ available: false })]);
    expect(limits).toEqual([expect.objectContaining({ available: true, met: true })]);
  });

  test.each([
    [["--only", "nonsense"], /no case is called nonsense[^]*direct-growth/],
    [["--rounds", "0"], /--rounds must be a whole number/],
    [["--fast"], /--fast[^]*npm run bench/],
  ])("%j is refused with the usage", async (parameters, message) => {
    await expect(run(...parameters)).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(message) as unknown });
  });
});

describe("measuring a case", () => {
  const peers = { missing: (name: string) => (name === "absent" ? "not here" : undefined) };
  const measure = (plan: object, rounds = 3) => measureCase({ name: "case", title: "Case", ...plan }, { rounds, peers, progress: () => {} });
  /** An entry whose k-th run gives the k-th value. */
  const entry = (id: string, values: number[], side = "peer") => {
    const left = [...values];
    return { id, label: id, side, run: () => Promise.resolve({ metrics: { cpu: left.shift() }, details: { n: values.length } }) };
  };

  test("rounds alternate between the entries", async () => {
    const order: string[] = [];
    const noted = (id: string) => ({ ...entry(id, [1, 1, 1]), run: () => Promise.resolve({ metrics: { cpu: order.push(id) } }) });
    await measure({ entries: ["a", "b", "c"].map(noted) });
    expect(order.join("")).toBe("abcabcabc");
  });

  test("ratios are medians over the rounds against the best peer", async () => {
    const entries = [entry("ours", [2, 3, 10], "ours"), entry("slow", [9, 9, 9]), entry("fast", [4, 4, 4])];
    const { ratios } = await measure({ entries, ratios: [{ label: "r", ours: "ours", peers: ["slow", "fast"], metric: "cpu", required: 0.8 }] });
    expect(ratios).toEqual([expect.objectContaining({ peer: "fast", met: true, ratio: expect.objectContaining({ median: 0.75, min: 0.5, max: 2.5 }) as unknown })]);
    const again = [entry("ours", [2, 3, 10], "ours"), entry("fast", [4, 4, 4])];
    const strict = await measure({ entries: again, ratios: [{ label: "r", ours: "ours", peers: ["fast"], metric: "cpu", required: 0.7 }] });
    expect(strict.ratios[0].met).toBe(false);
  });

  test("what throws or is absent is not available, is not run again, and the rest goes on", async () => {
    let runs = 0;
    const broken = {
      ...entry("broken", [], "ours"),
      run() {
        runs++;
        return Promise.reject(new Error("not written yet"));
      },
    };
    const entries = [broken, { ...entry("absent", [1]), needs: "absent" }, entry("good", [1, 2, 3])];
    const measured = await measure({ entries, ratios: [{ label: "r", ours: "broken", peers: ["good"], metric: "cpu", required: 1 }] });
    expect(measured.entries.map(({ available, reason }) => [available, reason])).toEqual([[false, "not written yet"], [false, "not here"], [true, undefined]]);
    expect(runs).toBe(1);
    expect(measured.ratios).toEqual([expect.not.objectContaining({ met: expect.anything() as unknown })]);
    expect(measured.entries[2].metrics.cpu.median).toBe(2);
  });

  test("limits take the worst round, spreads the entries that count", async () => {
    const entries = [entry("a", [1, 1, 6], "ours"), entry("b", [1.2, 1.2, 1.2], "ours"), { ...entry("c", [7, 7, 7, 7], "ours") }];
    const spreads = [{ label: "s", entries: ["a", "b", "c"], metric: "cpu", required: 0.25, beyond: ({ details }: Entry) => details.n === 3 }];
    const measured = await measure({ entries, limits: [{ label: "l", entry: "a", metric: "cpu", unit: "cpu", most: 5 }], spreads });
    expect(measured.limits).toEqual([expect.objectContaining({ value: 6, met: false })]);
    expect(measured.spreads).toEqual([expect.objectContaining({ entries: ["a", "b"], met: true })]);
    expect(measured.spreads[0].spread).toBeCloseTo(0.2, 12);
  });

  test("a summary has median and quartiles", () => {
    expect(summary([4, 1, 3, 2, 5])).toEqual({ median: 3, min: 1, max: 5, lower: 2, upper: 4 });
    expect(summary([1, 2])).toEqual({ median: 1.5, min: 1, max: 2, lower: 1.25, upper: 1.75 });
  });
});

describe("phases", () => {
  test("nest, add up to the whole, and go on after an exception", () => {
    const ledger = phaseLedger();
    const failing = (): never => {
      throw new Error("inner");
    };
    expect(ledger.run("outer", () => ledger.run("inner", () => 7))).toBe(7);
    expect(() => ledger.run("outer", () => ledger.run("failing", failing))).toThrow("inner");
    const seconds = ledger.seconds("wall");
    expect(Object.keys(seconds).sort()).toEqual(["failing", "inner", "outer"]);
    expect(ledger.total("wall")).toBeCloseTo(Object.values(seconds).reduce((a, b) => a + b), 15);
    expect(ledger.total("wall", { without: ["outer", "failing"] })).toBe(seconds.inner);
  });

  test("timed methods leave the object as it was: getters stay alive, other members stay", () => {
    let count = 0;
    const object = {
      size: 3,
      get calls() {
        return count;
      },
      apply: (by: number) => (count += by),
    };
    const ledger = phaseLedger();
    const timed = ledger.timedMethods(object, { apply: "work", missing: "nothing" });
    expect(timed.apply(2)).toBe(2);
    expect({ ...timed }).toMatchObject({ size: 3, calls: 2 });
    expect(Object.keys(ledger.seconds())).toEqual(["work"]);
  });
});

describe("the output of the peers", () => {
  test.each([
    ["parseLimit", "limit-gemm n=127 Nt=512 omega=0.0001 threads=1 median=0.6201s min=0.6070s cpu=0.6198s (dst 0.1783 tri 0.0703 idst 0.3715) J=0.0133459537574156 Jtrack=0.1 Jctrl=0.2 relKKT=2.29e-13 rss=198MB", { cpu: 0.6198, wall: 0.6201, peakBytes: 198 * 2 ** 20 }],
    ["parsePetsc", "petsc cgS P=1 nsub=1 spatial=chol n=127 Nt=512 omega=1e-08 its=9 reason=2 wall=9.186s min=9.186 cpu0=9.182 J=2.18746490407311e-06 relKKT=5.38e-09 rss=1031MB", { cpu: 9.182, wall: 9.186, peakBytes: 1031 * 2 ** 20 }],
    ["parseStream", "threads=1 copy=12.58 GB/s triad=13.06 GB/s (best of 10, arrays 256 MiB)", { copy: 12.58e9, triad: 13.06e9 }],
    ["parseCholmod", "CHOLMOD n=63 super=1 nnzL=65124 analyze 11.11 ms factor med 4.04 best 3.86 ms fl 2.33e+06 | K=1 0.243 ms (0.243/rhs) K=4 0.516 ms (0.129/rhs) K=8 0.745 ms (0.093/rhs) K=16 1.231 ms (0.077/rhs)", { factor: 4.04, solve1: 0.243, solve8: 0.093 }],
  ] as const)("%s reads it, and refuses another", (parser, output, metrics) => {
    expect(parsers[parser](output).metrics).toEqual(metrics);
    expect(() => parsers[parser]("killed")).toThrow(/killed/);
  });

  test("objective and iterations are kept as evidence", () => {
    const { details } = parsers.parsePetsc("its=9 wall=9.186s cpu0=9.182 J=2.18746490407311e-06 relKKT=5.38e-09 rss=1031MB");
    expect(details).toEqual({ iterations: 9, objective: 2.18746490407311e-6, relativeResidual: 5.38e-9 });
  });
});

describe("the page", () => {
  const same = (median: number): Summary => ({ median, min: median, max: median, lower: median, upper: median });
  const fixed = {
    ...{ schemaVersion: 1, name: "fixed", date: "2030-01-02T03:04:05.000Z", commit: "0123456789abcdef0123", seconds: 7, options: { only: ["direct"], quick: false, rounds: 3 } },
    machine: { cpu: "Example CPU", cores: 4, caches: [{ level: 2, bytes: 2 ** 21 }], memoryBytes: 2 ** 33, node: "20.1.0", v8: "11", os: "Example OS", architecture: "x64" },
    load: { before: [0.5, 0, 0], after: [1.5, 0, 0] },
    peers: [{ name: "petsc", available: false, reason: "no python", packages: ["python3-petsc4py"] }],
    cases: [
      {
        ...{ name: "bandwidth", title: "Memory bandwidth", rounds: 3, ratios: [], limits: [], spreads: [] },
        entries: [{ id: "w", label: "WebAssembly", side: "ours", available: true, metrics: { copy: same(1e10), triad: same(2e10) }, samples: {} }],
      },
      {
        ...{ name: "direct", title: "Direct solver", rounds: 3 },
        entries: [
          {
            ...{ id: "d", label: "direct 9² × 9", side: "ours", available: true, samples: {} },
            metrics: { cpu: same(0.5), wall: same(0.6), peakBytes: same(2e8), nanosecondsPerState: same(42) },
            ...{ phases: { "forward transform": same(0.1), certificate: same(0.3) }, traffic: { "forward transform": 1e9 }, details: { relativeResidual: 1e-13 } },
          },
          { id: "p", label: "limit (C)", side: "peer", available: true, metrics: { cpu: same(0.25), wall: same(0.25), peakBytes: same(1e8) }, details: {}, samples: {} },
        ],
        ratios: [{ label: "direct work", ours: "d", peer: "p", metric: "cpu", required: 1, available: true, ratio: { ...same(2), min: 1.5, max: 2.5 }, met: false }],
        limits: [{ label: "direct memory", entry: "d", metric: "peakBytes", unit: "bytes", most: 260e6, available: true, value: 2e8, met: true }],
        spreads: [{ label: "direct growth", entries: ["d", "e"], metric: "nanosecondsPerState", required: 0.25, available: true, spread: 0.1, met: true }],
      },
      {
        ...{ name: "kernels", title: "Kernels", rounds: 9, limits: [], spreads: [] },
        entries: [{ id: "k", label: "some kernel", side: "ours", available: false, reason: "not written yet" }],
        ratios: [{ label: "some kernel / C", ours: "k", metric: "microseconds", required: 1.5, available: false }],
      },
    ],
  };
  const page = performancePage(fixed);

  test("shows ratios with what is asked for, and says what was not met or not measured", () => {
    expect(page).toContain("| direct work | 0.500 s | 0.250 s | 2.00 (1.50 – 2.50) | ≤ 1.00 | **no** |");
    expect(page).toContain("| direct memory | 200 MB |  | 200 MB | ≤ 260 MB | yes |");
    expect(page).toContain("| direct growth | 2 sizes |  | varies by 10 % | ≤ 25 % | yes |");
    expect(page).toContain("| some kernel / C | – | – | – | ≤ 1.50 | not measured |");
    expect(page).toContain("| Kernels: figures of the table below |  |  | 0 of 1 | all | 1 not measured |");
  });

  test("shows where the time goes, and how far each phase is from the bandwidth", () => {
    expect(page).toContain("| direct 9² × 9 | 0.100 (25 %) | 0.300 (75 %) |");
    expect(page).toContain("| forward transform | 1000 MB | 0.0500 | 0.100 | 50 % |");
  });

  test("names machine, load, commit and what is not available", () => {
    for (const text of ["Example CPU, 4 cores", "L2 2 MiB", "8.0 GiB", "0.5, 1.5", "0123456789ab", "3 rounds"]) expect(page).toContain(text);
    expect(page).toContain("- peer petsc: no python (needs python3-petsc4py)");
    expect(page).toContain("- some kernel: not written yet");
  });

  test("says of cases that were measured in a run of their own when that was, and on which commit", () => {
    const recorded = { date: "2030-02-03T00:00:00.000Z", commit: "fedcba9876543210+" };
    const apart = performancePage({ ...fixed, cases: fixed.cases.map((one) => (one.name === "kernels" ? { ...one, recorded } : one)) });
    expect(apart).toContain("Measured in runs of their own: kernels (2030-02-03, commit fedcba987654 and changes, rounds: 9).");
    expect(page).not.toContain("runs of their own");
  });

  test("docs/performance.md is what the recorded result says (npm run bench:page writes it anew)", () => {
    expect(readFileSync(file("docs/performance.md"), "utf8")).toBe(performancePage(JSON.parse(readFileSync(file("bench/results/latest.json"), "utf8"))));
  });
});
