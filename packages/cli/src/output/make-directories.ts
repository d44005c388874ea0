import { lstatSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { systemCode } from "../program-error.js";

/** Makes a directory level by level (the recursive mkdir of Node does not come back from file systems such as /proc); hands back what it made, the outermost first. */
export function makeDirectories(directory: string): string[] {
  if (isThere(directory)) return [];
  const made = makeDirectories(dirname(directory));
  mkdirSync(directory);
  return [...made, directory];
}

/** Whether the path names anything, a dangling link included. */
function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) return false;
    throw error;
  }
}
