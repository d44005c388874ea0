import { closeSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readdirSync, readFileSync, readSync, renameSync, rmdirSync, rmSync, statSync, unlinkSync, writeSync } from "node:fs";

/** The operations on files that writing needs; tests put in ones that fail. */
export interface FileSystem {
  open(path: string, flags: "r" | "r+" | "w" | "wx"): number;
  /** Writes all bytes, at `position` or where the last write ended. */
  write(file: number, bytes: Uint8Array, position?: number): void;
  /** Fills `bytes` from `position`; returns how many there were. */
  read(file: number, bytes: Uint8Array, position: number): number;
  truncate(file: number, length: number): void;
  sync(file: number): void;
  close(file: number): void;
  rename(from: string, to: string): void;
  unlink(path: string): void;
  /** Removes a file if it is there, whatever stands in the way. */
  discard(path: string): void;
  makeDirectory(path: string): void;
  removeDirectory(path: string): void;
  list(path: string): string[];
  size(path: string): number;
  readText(path: string): string;
}

export const nodeFileSystem: FileSystem = {
  open: (path, flags) => openSync(path, flags),
  write(file, bytes, position) {
    let written = 0;
    while (written < bytes.length) {
      written += writeSync(file, bytes, written, bytes.length - written, position === undefined ? null : position + written);
    }
  },
  read: (file, bytes, position) => readSync(file, bytes, 0, bytes.length, position),
  truncate: (file, length) => ftruncateSync(file, length),
  sync: (file) => fsyncSync(file),
  close: (file) => closeSync(file),
  rename: (from, to) => renameSync(from, to),
  unlink: (path) => unlinkSync(path),
  discard: (path) => rmSync(path, { force: true }),
  makeDirectory: (path) => void mkdirSync(path, { recursive: true }),
  removeDirectory: (path) => rmdirSync(path),
  list: (path) => readdirSync(path),
  size: (path) => statSync(path).size,
  readText: (path) => readFileSync(path, "utf8"),
};
