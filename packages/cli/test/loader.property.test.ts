import { checkConfig, ConfigError } from "@parakkt/cli";
import fc from "fast-check";
import { parseOverride } from "../dist/config/apply-overrides.js";
import { readYaml } from "../dist/config/read-yaml.js";
import { ProgramError } from "../dist/program-error.js";

const context = { name: "random", directory: "/nowhere", allowPath: false };

/** Loads a text; anything but a config or a `ConfigError` with places is a failure. */
function loadOrRefuse(text: string): void {
  try {
    checkConfig(readYaml(text, "random.yaml"), context);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
    for (const { location } of error.problems) expect(location).toMatch(/^random\.yaml:\d+:\d+$/);
  }
}

const WORDS = ["problem", "target", "solver", "method", "cg", ":", ": ", "\n", "\n  ", "- ", "{", "}", "[", "]", ",", "1", "1e-3", ".inf", "*a", "&a", "!t", "<<", '"', "'", "#", "|", ">", "?", "%YAML 1.2", "---", "x^2", "\t", "null", "__proto__", "domain", "cells", "time", "steps", "nodes"];

test("random text never crashes the loader", () => {
  const garbage = fc.oneof(
    fc.string({ unit: "binary", maxLength: 200 }),
    fc.string({ unit: "grapheme", maxLength: 200 }),
    fc.array(fc.constantFrom(...WORDS), { maxLength: 60 }).map((words) => words.join("")),
  );
  fc.assert(fc.property(garbage, loadOrRefuse), { numRuns: 2500 });
}, 120_000);

test("random structures under known keys never crash the loader", () => {
  const leaf = fc.oneof(fc.double(), fc.integer(), fc.boolean(), fc.constant(null), fc.string(), fc.constantFrom("cg", "gmres", "direct", "x+t", "auto", "two-level"));
  const value = fc.oneof(leaf, fc.array(leaf, { maxLength: 4 }), fc.dictionary(fc.constantFrom("kind", "file", "cells", "extent", "steps", "nodes", "final", "x"), fc.oneof(leaf, fc.array(leaf, { maxLength: 3 }))));
  const keys = ["domain", "time", "target", "source", "diffusivity", "initialState", "parameters", "formulation", "method", "subdomains", "overlap", "kind", "combination", "coarse", "cycles", "memory", "backend", "fields"];
  const section = fc.dictionary(fc.constantFrom(...keys), value);
  const sections = ["problem", "solver", "preconditioner", "spatialSolver", "output", "budget", "parallel", "integrator"];
  const config = fc.dictionary(fc.constantFrom(...sections), fc.oneof({ weight: 5, arbitrary: section }, { weight: 1, arbitrary: value }));
  fc.assert(fc.property(config, (root) => loadOrRefuse(JSON.stringify(root))), { numRuns: 2000 });
}, 120_000);

test("random options never crash the program", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.tuple(fc.string(), fc.string()).map((parts) => parts.join("="))), (text) => {
      try {
        parseOverride(text);
      } catch (error) {
        expect(error instanceof ConfigError || error instanceof ProgramError).toBe(true);
      }
    }),
    { numRuns: 1000 },
  );
});
