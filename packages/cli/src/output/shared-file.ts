import type { Communicator } from "@parakkt/core";
import { createHash, randomInt } from "node:crypto";
import { createAtomicFile, guarded, temporaryPath, type AtomicFile } from "./atomic-file.js";
import { nodeFileSystem, type FileSystem } from "./file-system.js";

/** A file that all ranks write: a head, and behind it one part of each rank. */
export interface SharedFile {
  readonly path: string;
  readonly head: Uint8Array;
  /** Where this rank's part begins, in bytes behind the head. */
  readonly start: number;
  /** Hands the chunks of this rank's part to `write`, in their order. */
  fill(write: (chunk: Uint8Array) => void): void;
}

/**
 * Writes the file under a temporary name, every rank its part at its own place, and renames it when all are done; when that fails, the old
 * file stays. Hands back the SHA-256 in hexadecimal, on rank 0 (which on several ranks reads the file again for it).
 */
export function writeShared(file: SharedFile, communicator: Communicator, files: FileSystem = nodeFileSystem): string {
  const { rank, size } = communicator;
  const tag = Float64Array.of(process.pid, randomInt(2 ** 47));
  communicator.broadcast(0, tag);
  const temporary = temporaryPath(file.path, `${tag[0]}-${tag[1].toString(16)}`);
  const target = rank === 0 ? createAtomicFile(file.path, files, temporary) : undefined;
  try {
    target?.write(file.head);
    if (size === 1) file.fill((chunk) => target?.write(chunk));
    else writeParts(file, temporary, { communicator, files });
  } catch (error) {
    target?.abort();
    throw error;
  }
  const sha256 = target ? finish(target, files, size > 1 ? temporary : undefined) : "";
  communicator.barrier();
  return sha256;
}

/** The parts of all ranks, after rank 0 has made the file. */
function writeParts({ path, head, start, fill }: SharedFile, temporary: string, { communicator, files }: { communicator: Communicator; files: FileSystem }): void {
  communicator.barrier();
  guarded(path, () => {
    const handle = files.open(temporary, "r+");
    let position = head.length + start;
    try {
      fill((chunk) => {
        files.write(handle, chunk, position);
        position += chunk.length;
      });
      files.sync(handle);
    } finally {
      files.close(handle);
    }
  });
  communicator.barrier();
}

/** Commits the file; where others wrote to it, its hash is that of what is there. */
function finish(target: AtomicFile, files: FileSystem, written: string | undefined): string {
  const sha256 = written === undefined ? undefined : hashOfFile(written, files);
  const own = target.commit();
  return sha256 ?? own;
}

function hashOfFile(path: string, files: FileSystem): string {
  const hash = createHash("sha256");
  const chunk = new Uint8Array(2 ** 20);
  const handle = files.open(path, "r");
  try {
    for (let at = 0, count = files.read(handle, chunk, 0); count > 0; count = files.read(handle, chunk, at)) {
      hash.update(chunk.subarray(0, count));
      at += count;
    }
  } finally {
    files.close(handle);
  }
  return hash.digest("hex");
}
