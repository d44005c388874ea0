import { ConfigError, loadConfig } from "@parakkt/cli";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseOverride } from "../dist/config/apply-overrides.js";
import { malformedConfigs, type MalformedConfig } from "./malformed-configs.js";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();

function errorOf({ text, overrides = [] }: MalformedConfig): ConfigError {
  const path = join(directory(), "bad.yaml");
  writeFileSync(path, text);
  try {
    loadConfig({ path, overrides: overrides.map(parseOverride) });
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("the config was accepted");
}

describe("a malformed config is refused with place, key and advice", () => {
  test.each(malformedConfigs.map((entry) => [entry.name, entry] as const))("%s", (_name, entry) => {
    const error = errorOf(entry);
    const first = error.problems[0]!;
    const at = entry.at.startsWith("--") ? entry.at : `${join(directory(), "bad.yaml")}:${entry.at}`;
    expect(first.location).toBe(at);
    if (entry.key !== undefined) expect(first.key).toBe(entry.key);
    for (const words of entry.says) expect(error.message).toContain(words);
    expect(error.exitCode).toBe(entry.exitCode ?? 65);
    expect(error.message).not.toMatch(/\n\s+at .*:\d+/);
    expect(readdirSync(directory())).toEqual(["bad.yaml"]);
  });
});

test("a value that fails two checks is one mistake", () => {
  const text = "problem:\n  domain: { cells: sixteen }\n  target: 1\n";
  expect(errorOf({ name: "", text, at: "", says: [] }).problems.map(({ location }) => location)).toEqual([`${join(directory(), "bad.yaml")}:2:20`]);
});

test.each(["utf16le", "latin1"] as const)("a config in %s is said to be no UTF-8", (encoding) => {
  const path = join(directory(), "bad.yaml");
  writeFileSync(path, Buffer.from("problem:\n  target: 1 # Öl\n", encoding));
  expect(() => loadConfig({ path })).toThrow(/bad\.yaml:1:1: the file is not UTF-8 text[^]*save it as UTF-8/);
});

test("all mistakes are reported at once, in one run", () => {
  const text = `problem:
  regularization: -1
  target: "sin(q)"
  initialState: { file: missing.npy }
  time: { stpes: 4 }
solver: { method: gmres }
preconditioner: { combination: restricted, subdomains: none, kind: two-level }
`;
  const { problems, exitCode } = errorOf({ name: "", text, at: "", says: [] });
  const keys = problems.map(({ key }) => key).sort();
  expect(keys).toEqual(["preconditioner.subdomains", "problem.initialState.file", "problem.regularization", "problem.target", "problem.time.stpes"]);
  expect(exitCode).toBe(65);
});

test("a finding that rests on a flawed key is not reported as well", () => {
  const text = 'problem: { target: 1, time: { steps: "8" } }\npreconditioner: { subdomains: 900 }\n';
  expect(errorOf({ name: "", text, at: "", says: [] }).problems.map(({ key }) => key)).toEqual(["problem.time.steps"]);
});

test("the table holds at least 200 malformed configs with different names", () => {
  expect(malformedConfigs.length).toBeGreaterThanOrEqual(200);
  expect(new Set(malformedConfigs.map(({ name }) => name)).size).toBe(malformedConfigs.length);
});
