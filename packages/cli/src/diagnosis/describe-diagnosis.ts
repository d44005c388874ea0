import type { Diagnosis } from "./diagnose.js";

/** The causes in words, the likeliest first, and the next command: for the same config with the same options and some more. */
export function describeDiagnosis({ causes, next }: Diagnosis, config: string, given: { readonly set: readonly string[]; readonly out?: string }): string {
  const lines = causes.map(({ cause, evidence }, k) => `  ${k + 1}. ${cause}: ${evidence}`);
  const force = next.command === "solve" && !next.options.includes("--resume") ? " --force" : "";
  const replaced = new Set([...next.options.matchAll(/--set ([^= ]+)=/g)].map(([, key]) => key));
  const kept = given.set.filter((override) => !replaced.has(override.split("=")[0]!.trim())).map((override) => ` --set ${quoted(override)}`).join("");
  const out = given.out === undefined || next.command !== "solve" ? "" : ` --out ${quoted(given.out)}`;
  const options = next.options === "" ? "" : ` ${next.options}`;
  return ["possible causes:", ...lines, `try: parakkt ${next.command} ${quoted(config)}${kept}${options}${out}${force}`].join("\n");
}

/** As one word of a shell. */
function quoted(text: string): string {
  return /^[\w./=,:+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
