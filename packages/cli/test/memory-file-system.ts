import { basename, dirname } from "node:path";
import type { FileSystem } from "../dist/output/file-system.js";

/** What a crash leaves: everything that was done (the process is killed), or only what was synchronised (the power fails). */
export type Crash = "kill" | "power";

interface Node {
  content: Buffer;
  synced: Buffer;
}

/** The end of the process. */
export class Crashed extends Error {}

/** A file system in memory whose operation number `count` (from 1) and all later ones go wrong, or only that one. */
export interface FaultyFileSystem extends FileSystem {
  /** Operations so far that can change something. */
  readonly operations: number;
  /** Before operation `count` the process ends. */
  crashAt(count: number): void;
  /** Operation `count` fails with this code. */
  failAt(count: number, code: string): void;
  /** The disk after a crash, sound again. */
  restart(crash: Crash): void;
  /** The bytes of a file. */
  content(path: string): Buffer;
  files(): string[];
}

export function memoryFileSystem(): FaultyFileSystem {
  let names = new Map<string, Node>();
  const syncedNames = new Map<string, Node>();
  const handles = new Map<number, { path: string; node: Node | undefined; position: number }>();
  let [operations, nextHandle, crash, fail, code] = [0, 3, Infinity, Infinity, "EIO"];

  const fault = (syscode: string): never => {
    throw Object.assign(new Error(syscode), { code: syscode });
  };
  const operation = (): void => {
    operations++;
    if (operations >= crash) throw new Crashed();
    if (operations === fail) fault(code);
  };
  const nodeAt = (path: string): Node => names.get(path) ?? fault("ENOENT");
  const handle = (file: number) => handles.get(file) ?? fault("EBADF");
  return {
    get operations() {
      return operations;
    },
    crashAt: (count) => void (crash = operations + count),
    failAt(count, syscode) {
      [fail, code] = [operations + count, syscode];
    },
    restart(kind) {
      [crash, fail] = [Infinity, Infinity];
      handles.clear();
      if (kind === "kill") return;
      names = new Map(syncedNames);
      for (const node of names.values()) node.content = Buffer.from(node.synced);
    },
    content: (path) => nodeAt(path).content,
    files: () => [...names.keys()].sort(),
    open(path, flags) {
      if (flags === "w" || flags === "wx") {
        operation();
        const node = names.get(path) ?? { content: Buffer.alloc(0), synced: Buffer.alloc(0) };
        node.content = Buffer.alloc(0);
        names.set(path, node);
      }
      const isDirectory = [...names.keys()].some((name) => dirname(name) === path) || !basename(path).includes(".");
      handles.set(nextHandle, { path, node: isDirectory ? undefined : nodeAt(path), position: 0 });
      return nextHandle++;
    },
    write(file, bytes, position) {
      operation();
      const held = handle(file);
      const at = position ?? held.position;
      const node = held.node!;
      if (node.content.length < at + bytes.length) node.content = Buffer.concat([node.content], at + bytes.length);
      node.content.set(bytes, at);
      held.position = at + bytes.length;
    },
    read(file, bytes, position) {
      return handle(file).node!.content.copy(bytes, 0, position, position + bytes.length);
    },
    truncate(file, length) {
      operation();
      const node = handle(file).node!;
      const changed = Buffer.alloc(length);
      node.content.copy(changed);
      node.content = changed;
    },
    sync(file) {
      operation();
      const { node, path } = handle(file);
      if (node) node.synced = Buffer.from(node.content);
      else for (const name of new Set([...names.keys(), ...syncedNames.keys()])) if (dirname(name) === path) syncName(name);
    },
    close: (file) => void handles.delete(file),
    rename(from, to) {
      operation();
      names.set(to, nodeAt(from));
      names.delete(from);
    },
    unlink(path) {
      operation();
      if (!names.delete(path)) fault("ENOENT");
    },
    discard: (path) => void names.delete(path),
    makeDirectory: () => undefined,
    removeDirectory: () => undefined,
    list: (path) => [...names.keys()].filter((name) => dirname(name) === path).map((name) => basename(name)),
    size: (path) => nodeAt(path).content.length,
    readText: (path) => nodeAt(path).content.toString("utf8"),
  };

  function syncName(name: string): void {
    const node = names.get(name);
    if (node) syncedNames.set(name, node);
    else syncedNames.delete(name);
  }
}
