import { realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { describeSystemError } from "../program-error.js";

/** Where a file named in a config lies, or why it cannot be used. */
export type InputPath = { readonly path: string } | { readonly what: string; readonly hint: string; readonly missing?: boolean };

const ALLOW_HINT = "move the file beside the config, or add --allow-path if you trust this config";

/** Resolves `file` against the config's directory; paths that lead out of it (.., absolute, symbolic links) need `allowPath`. */
export function resolveInputPath(directory: string, file: string, allowPath: boolean): InputPath {
  if (file.includes("\0")) return { what: "the path holds a null character", hint: "write a plain path" };
  const refused = { hint: ALLOW_HINT };
  if (!allowPath && isAbsolute(file)) return { what: `the path ${file} is absolute`, ...refused };
  const path = resolve(directory, file);
  if (!allowPath && (file.split(/[\\/]/).includes("..") || leaves(directory, path))) {
    return { what: `the path ${file} leads out of the config's directory`, ...refused };
  }
  return checkFile({ directory, file, path, allowPath });
}

interface Candidate {
  readonly directory: string;
  readonly file: string;
  readonly path: string;
  readonly allowPath: boolean;
}

function checkFile({ directory, file, path, allowPath }: Candidate): InputPath {
  try {
    const real = realpathSync(path);
    if (!allowPath && leaves(realpathSync(directory), real)) {
      return { what: `the path ${file} leads out of the config's directory by a symbolic link`, hint: ALLOW_HINT };
    }
    if (!statSync(real).isFile()) return { what: `${file} is not a file`, hint: "name an NPY or CSV file", missing: true };
    return { path: real };
  } catch (error) {
    const what = `cannot read ${file}: ${describeSystemError(error)}`;
    return { what, hint: `paths are relative to ${directory}`, missing: true };
  }
}

/** Whether `path` lies outside of `directory`. */
function leaves(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way);
}

/** The directory that a config's files are relative to. */
export function configDirectory(configPath: string): string {
  return dirname(resolve(configPath));
}
