import { cpus } from "node:os";
import { programVersion } from "../program-version.js";
import { sourceCommit } from "./source-commit.js";

/** Where and from what numbers were made. */
export interface RunPlace {
  readonly backend: "serial" | "threads" | "mpi";
  readonly ranks: number;
  /** Of all that is random; null where nothing is, as in a solve. */
  readonly seed: number | null;
}

/** What the numbers of a report were made with. */
export interface Provenance extends RunPlace {
  readonly version: string;
  readonly commit: string | null;
  readonly node: string;
  readonly platform: string;
  readonly cpu: string;
}

export function provenance({ backend, ranks, seed }: RunPlace): Provenance {
  return {
    version: programVersion(),
    commit: sourceCommit(),
    node: process.versions.node,
    platform: `${process.platform}-${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    backend,
    ranks,
    seed,
  };
}
