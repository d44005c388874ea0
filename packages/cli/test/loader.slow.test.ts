import { checkConfig, ConfigError } from "@parakkt/cli";
import fc from "fast-check";
import { allKeyPaths } from "../dist/config/schema-keys.js";
import { readYaml } from "../dist/config/read-yaml.js";

const context = { name: "random", directory: "/nowhere", allowPath: false };

/** A config or a `ConfigError` with places comes out, or the test fails. Returns whether it was accepted. */
function accepts(text: string): boolean {
  try {
    checkConfig(readYaml(text, "random.yaml"), context);
    return true;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
    for (const { location, what } of error.problems) {
      expect(location).toMatch(/^random\.yaml:\d+:\d+$/);
      expect(what).not.toMatch(/\n\s+at |undefined|\[object/);
    }
    return false;
  }
}

const sound = {
  problem: { domain: { cells: [4, 4] }, time: { steps: 8 }, target: "sin(pi*x)*t", regularization: 1e-3 },
  solver: { method: "cg", relativeTolerance: 1e-6 },
  preconditioner: { kind: "two-level", subdomains: 2 },
  output: { fields: ["npy"] },
};

/** Any value in the place of any key that there is, or of one misspelled. */
const mutation = fc.record({
  path: fc.constantFrom(...allKeyPaths()),
  misspell: fc.boolean(),
  value: fc.oneof(
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.string({ maxLength: 12 }),
    fc.constantFrom("cg", "gmres", "auto", "direct", "x^2", "0/0", "1e400", "../up.npy", "__proto__"),
    fc.array(fc.oneof(fc.double(), fc.integer(), fc.string({ maxLength: 4 })), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom("file", "kind", "steps", "constructor", "x"), fc.oneof(fc.integer(), fc.string({ maxLength: 6 })), { maxKeys: 2 }),
  ),
});

function mutated(mutations: readonly { path: string; misspell: boolean; value: unknown }[]): unknown {
  const root = structuredClone(sound) as Record<string, unknown>;
  for (const { path, misspell, value } of mutations) {
    const parts = path.split(".");
    let parent = root;
    for (const part of parts.slice(0, -1)) {
      const child = parent[part];
      parent = (parent[part] = typeof child === "object" && child !== null && !Array.isArray(child) ? child : {}) as Record<string, unknown>;
    }
    parent[misspell ? `${parts.at(-1)}s` : parts.at(-1)!] = value;
  }
  return root;
}

test("20,000 generated configs: each is accepted, or refused with places and words, and none takes long", () => {
  let accepted = 0;
  const longest = { milliseconds: 0 };
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
      const started = performance.now();
      if (accepts(JSON.stringify(mutated(mutations)))) accepted++;
      longest.milliseconds = Math.max(longest.milliseconds, performance.now() - started);
    }),
    { numRuns: 20_000, seed: 7 },
  );
  // Some are sound, or the generator would only test the refusal.
  expect(accepted).toBeGreaterThan(100);
  expect(longest.milliseconds).toBeLessThan(10_000);
}, 600_000);
