import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { schemaText } from "@parakkt/cli";
import { allKeyPaths } from "../dist/config/schema-keys.js";
import { explainKey } from "../dist/explain-key.js";
import { starterConfigs } from "../dist/starter/starter-configs.js";
import { runMain } from "./run-main.js";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();

describe("explain", () => {
  test("says type, bounds, meaning and default of a key", async () => {
    const { code, stdout } = await runMain("explain", "preconditioner.overlap");
    expect(code).toBe(0);
    for (const words of ["whole number, at least 0", "steps/subdomains", "--set preconditioner.overlap=", "preconditioner.kind"]) expect(stdout).toContain(words);
    expect(stdout).toMatch(/default +1 \(0 with one subdomain\)/);
  });

  test("takes a bare key that stands once, and lists the paths of one that stands more often", async () => {
    expect((await runMain("explain", "regularization")).stdout).toContain("problem.regularization");
    const several = await runMain("explain", "kind");
    expect(several.code).toBe(64);
    expect(several.stderr).toContain("parakkt explain spatialSolver.kind");
  });

  test.each([
    ["solver.metod", "did you mean solver.method?"],
    ["subdomain", "did you mean preconditioner.subdomains?"],
    ["__proto__", "lists the sections"],
    ["qqqqqqqqqqqqqqqqqq", "lists the sections"],
  ])("does not know %s: %s", async (key, hint) => {
    const { code, stderr } = await runMain("explain", key);
    expect(code).toBe(64);
    expect(stderr).toContain(hint);
  });

  test("has something to say about every key", () => {
    for (const path of allKeyPaths()) expect(explainKey(path).split("\n").length).toBeGreaterThan(1);
  });

  test("lists the sections", async () => {
    expect((await runMain("explain")).stdout).toContain("spatialSolver   kind, cycles, precision");
  });
});

describe("init", () => {
  test.each(Object.keys(starterConfigs))("--template %s writes a config that converges, with the schema that editors need", async (template) => {
    const file = join(directory(), "start.yaml");
    expect((await runMain("init", file, "--template", template)).code).toBe(0);
    const [first = ""] = readFileSync(file, "utf8").split("\n");
    const schema = /^# yaml-language-server: \$schema=(\S+)$/.exec(first)?.[1] ?? "";
    expect(existsSync(resolve(dirname(file), schema))).toBe(true);
    const small = ["problem.time.steps=32", `problem.domain.cells=${template === "heat-1d" ? "[32]" : template === "heat-3d" ? "[8,8,8]" : "[16,16]"}`];
    const subdomains = template === "inclusion" ? ["preconditioner.subdomains=4"] : [];
    const sets = [...small, ...subdomains].flatMap((set) => ["--set", set]);
    expect(await runMain("solve", file, "--out", join(directory(), "run"), "--quiet", ...sets)).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  test("never replaces a file unless it is told to", async () => {
    const file = join(directory(), "start.yaml");
    await runMain("init", file);
    const again = await runMain("init", file, "--template", "heat-1d");
    expect(again.code).toBe(73);
    expect(again.stderr).toContain("is there already\n  hint: another name, or --force");
    expect((await runMain("init", file, "--template", "heat-1d", "--force")).code).toBe(0);
  });

  test("names the templates when one is unknown", async () => {
    const { code, stderr } = await runMain("init", join(directory(), "a.yaml"), "--template", "rod");
    expect(code).toBe(64);
    expect(stderr).toContain("heat-1d, heat-2d");
  });
});

test("packages/cli/schema/parakkt.schema.json is what the program prints (npm run docs writes it anew)", async () => {
  const shipped = readFileSync(fileURLToPath(new URL("../schema/parakkt.schema.json", import.meta.url)), "utf8");
  expect(shipped).toBe(schemaText());
  expect((await runMain("schema")).stdout).toBe(schemaText());
  expect(JSON.parse(shipped)).toMatchObject({ type: "object", required: ["problem"], additionalProperties: false });

test("the schema lets a section that may be left out stand empty, as the program does, and not the one that is required", async () => {
  const { properties } = JSON.parse(schemaText()) as { properties: Record<string, { type: unknown; properties: Record<string, { type: unknown }> }> };
  expect([properties["solver"]!.type, properties["problem"]!.properties["time"]!.type]).toEqual([["object", "null"], ["object", "null"]]);
  expect(properties["problem"]!.type).toBe("object");
  const codeOf = async (text: string): Promise<number> => {
    writeFileSync(join(directory(), "empty.yaml"), text);
    return (await runMain("plan", join(directory(), "empty.yaml"))).code;
  };
  expect(await codeOf("problem: { domain: { cells: [4] }, target: 1, time: }\nsolver:\noutput:\n")).toBe(0);
  expect(await codeOf("problem:\n")).toBe(65);
});
});

describe("completion", () => {
  /** What bash would offer for a line whose last word is unfinished. */
  async function offers(...words: string[]): Promise<string[]> {
    const script = (await runMain("completion", "bash")).stdout;
    const line = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; _parakkt; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync("bash", ["-c", `${script}\n${line}`], { encoding: "utf8" });
    expect(stderr).toBe("");
    return stdout.trim().split("\n");
  }

  test("in bash offers commands, options and keys", async () => {
    expect(await offers("parakkt", "ex")).toEqual(["explain"]);
    expect(await offers("parakkt", "solve", "--o")).toEqual(["--out"]);
    expect(await offers("parakkt", "solve", "heat.yaml", "--set", "preconditioner.sub")).toEqual(["preconditioner.subdomains"]);
    expect(await offers("parakkt", "explain", "solver.met")).toEqual(["solver.method"]);
    expect(await offers("parakkt", "no-such")).toEqual([""]);
    expect(await offers("parakkt", "train", "peaks.yaml", "--set", "training.ep")).toEqual(["training.epochs"]);
    expect(await offers("parakkt", "explain", "network.lay")).toEqual(["network.layers"]);
  });

  test("in bash offers the values of a closed list in place of files", async () => {
    expect(await offers("parakkt", "completion", "")).toEqual(["bash", "zsh", "fish"]);
    expect(await offers("parakkt", "schema", "tr")).toEqual(["train"]);
    expect(await offers("parakkt", "init", "--template", "heat-")).toEqual(["heat-1d", "heat-2d", "heat-3d"]);
  });

  test.each(["bash", "zsh", "fish"].filter((shell) => spawnSync(shell, ["--version"]).status === 0))("is a script that %s can read", async (shell) => {
    const { status, stderr } = spawnSync(shell, ["-n"], { input: (await runMain("completion", shell)).stdout, encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  test.each(["zsh", "fish"])("for %s names every command and key", async (shell) => {
    const { code, stdout } = await runMain("completion", shell);
    expect(code).toBe(0);
    for (const word of ["solve", "init", "completion", "problem.regularization", "training.epochs", "heat-1d"]) expect(stdout).toContain(word);
  });

  test("refuses a shell that it does not know", async () => {
    expect(await runMain("completion", "tcsh")).toMatchObject({ code: 64, stderr: expect.stringContaining("bash, zsh, fish") as string });
  });
});
