import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The commit of the clone that the program runs from; null when it runs from an installed package. */
export function sourceCommit(root: string = fileURLToPath(new URL("../../../../", import.meta.url))): string | null {
  try {
    if ((JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { name?: unknown }).name !== "parakkt") return null;
    const git = join(root, ".git");
    const head = readFileSync(join(git, "HEAD"), "utf8").trim();
    const reference = /^ref: (refs\/\S+)$/.exec(head)?.[1];
    return asCommit(reference === undefined ? head : readReference(git, reference));
  } catch {
    return null;
  }
}

function readReference(git: string, reference: string): string {
  try {
    return readFileSync(join(git, reference), "utf8").trim();
  } catch {
    const packed = readFileSync(join(git, "packed-refs"), "utf8").split("\n");
    return packed.find((line) => line.endsWith(` ${reference}`))?.split(" ")[0] ?? "";
  }
}

function asCommit(text: string): string | null {
  return /^[0-9a-f]{40,64}$/.test(text) ? text : null;
}
