import { parseArgs } from "node:util";
import { cases } from "./cases/index.mjs";

export const USAGE = `npm run bench -- [options]
  --only a,b      these cases alone: ${Object.keys(cases).join(", ")}
  --rounds R      rounds of each case (default 5; with --quick 1); kernels take at least 9
  --quick         tiny sizes, to see that everything runs
  --peers DIR     directory with the peers' programs (default: the environment variable BENCH_PEERS)
  --name NAME     writes bench/results/NAME.json (default: latest; quick with --quick, partial with --only)
  --out FILE      writes FILE instead`;

/** The options of the command line, checked. Errors: with what is wrong and the usage. */
export function benchOptions(parameters, environment = process.env) {
  const { values } = parsed(parameters);
  const only = values.only?.split(",") ?? Object.keys(cases);
  const unknown = only.filter((name) => !(name in cases));
  if (unknown.length > 0) throw new Error(`no case is called ${unknown.join(", ")}\n${USAGE}`);
  const quick = values.quick ?? false;
  const rounds = Number(values.rounds ?? (quick ? 1 : 5));
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds must be a whole number of at least 1, got ${values.rounds}\n${USAGE}`);
  const name = values.name ?? (quick ? "quick" : values.only ? "partial" : "latest");
  return { only, quick, rounds, name, peers: values.peers ?? environment.BENCH_PEERS, ...(values.out && { out: values.out }), help: values.help ?? false };
}

function parsed(parameters) {
  const text = { type: "string" };
  const flag = { type: "boolean" };
  try {
    return parseArgs({ args: parameters, options: { only: text, rounds: text, quick: flag, peers: text, name: text, out: text, help: flag } });
  } catch (error) {
    throw new Error(`${error.message}\n${USAGE}`, { cause: error });
  }
}
