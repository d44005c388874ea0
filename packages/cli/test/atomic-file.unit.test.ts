import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createAtomicFile, guarded, writeAtomically } from "../dist/output/atomic-file.js";
import { ProgramError } from "../dist/program-error.js";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();

function exitCodeOf(action: () => unknown): number {
  try {
    action();
  } catch (error) {
    if (error instanceof ProgramError) return error.exitCode;
    throw error;
  }
  return 0;
}

test("a file appears only when it is complete, and its SHA-256 is handed back", () => {
  const path = join(directory(), "a.txt");
  const file = createAtomicFile(path);
  file.write("one ");
  expect(existsSync(path)).toBe(false);
  file.write(Buffer.from("two"));
  expect(file.commit()).toBe(createHash("sha256").update("one two").digest("hex"));
  expect(readFileSync(path, "utf8")).toBe("one two");
  expect(readdirSync(directory())).toEqual(["a.txt"]);
});

test("a failure in the middle leaves the old file and nothing else", () => {
  const path = join(directory(), "a.txt");
  writeFileSync(path, "old");
  const fail = (): void => {
    writeAtomically(path, (file) => {
      file.write("new, but not who");
      throw new Error("the power went out");
    });
  };
  expect(fail).toThrow("the power went out");
  expect(readFileSync(path, "utf8")).toBe("old");
  expect(readdirSync(directory())).toEqual(["a.txt"]);
});

test("devices and pipes are never replaced by a file, nor what a link to one stands for", () => {
  expect(exitCodeOf(() => writeAtomically("/dev/null", (file) => file.write("x")))).toBe(73);
  expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  symlinkSync("/dev/null", join(directory(), "link"));
  expect(() => createAtomicFile(join(directory(), "link"))).toThrow(/link: it is there, and no regular file/);
});

test("a file that cannot be created ends with 73", () => {
  writeFileSync(join(directory(), "file"), "");
  expect(exitCodeOf(() => createAtomicFile(join(directory(), "file", "a.txt")))).toBe(73);
  expect(exitCodeOf(() => createAtomicFile(join(directory(), "missing", "a.txt")))).toBe(73);
  mkdirSync(join(directory(), "taken.txt"));
  expect(exitCodeOf(() => writeAtomically(join(directory(), "taken.txt"), (file) => file.write("x")))).toBe(73);
});

test("a full or broken device ends with 74, and its reason is named", () => {
  const failing = (code: string) => () => guarded("/disk/a.npy", () => {
    throw Object.assign(new Error("write"), { code });
  });
  expect(exitCodeOf(failing("ENOSPC"))).toBe(74);
  expect(exitCodeOf(failing("EIO"))).toBe(74);
  expect(exitCodeOf(failing("EDQUOT"))).toBe(74);
  expect(failing("ENOSPC")).toThrow("cannot write /disk/a.npy: no space left on the device");
});

const fullDevice = existsSync("/dev/full");
(fullDevice ? test : test.skip)("writing to a device without space ends with 74", async () => {
  const { openSync, writeSync, closeSync } = await import("node:fs");
  const device = openSync("/dev/full", "w");
  expect(exitCodeOf(() => guarded("/dev/full", () => writeSync(device, Buffer.from("x"))))).toBe(74);
  closeSync(device);
});

const asRoot = process.getuid?.() === 0;
(asRoot ? test.skip : test)("a directory without permission ends with 73", () => {
  chmodSync(directory(), 0o500);
  expect(exitCodeOf(() => createAtomicFile(join(directory(), "a.txt")))).toBe(73);
  chmodSync(directory(), 0o700);
});
