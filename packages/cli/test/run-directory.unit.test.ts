import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRunDirectory, inspectRunDirectory, removeEarlierRun } from "../dist/output/run-directory.js";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();

function earlierRun(path: string): void {
  mkdirSync(join(path, "fields"), { recursive: true });
  writeFileSync(join(path, "report.json"), '{ "schemaVersion": 1 }');
  writeFileSync(join(path, "state.npy"), "array");
  writeFileSync(join(path, "fields.pvd"), "pvd");
  writeFileSync(join(path, "fields", "step-1.vti"), "image");
  writeFileSync(join(path, ".state.npy.7-ab.parakkt-tmp"), "half an array");
  const hash = "0".repeat(64);
  writeFileSync(join(path, "checksums.sha256"), `${hash}  state.npy\n${hash}  fields.pvd\n${hash}  fields/step-1.vti\n`);
}

test("a directory that is missing or empty is accepted, and not made by looking at it", () => {
  const path = join(directory(), "a", "b");
  inspectRunDirectory({ directory: path, force: false });
  expect(readdirSync(directory())).toEqual([]);
  createRunDirectory(path);
  inspectRunDirectory({ directory: path, force: false });
});

test("a directory that holds anything is refused without --force", () => {
  writeFileSync(join(directory(), "notes.txt"), "mine");
  expect(() => inspectRunDirectory({ directory: directory(), force: false })).toThrow(/is not empty \(notes\.txt\)/);
});

test("--force removes the files of an earlier run and nothing else", () => {
  earlierRun(directory());
  writeFileSync(join(directory(), "notes.txt"), "mine");
  writeFileSync(join(directory(), "control.npy"), "mine as well, no run lists it");
  writeFileSync(join(directory(), "fields", "movie.mp4"), "mine too");
  removeEarlierRun(directory());
  expect(readdirSync(directory()).sort()).toEqual(["control.npy", "fields", "notes.txt"]);
  expect(readdirSync(join(directory(), "fields"))).toEqual(["movie.mp4"]);
});

test("the directory of images goes when nothing is left in it", () => {
  earlierRun(directory());
  removeEarlierRun(directory());
  expect(readdirSync(directory())).toEqual([]);
});

test("--force does not replace a file of the same name that no earlier run wrote", () => {
  writeFileSync(join(directory(), "target.npy"), "measured data");
  expect(() => inspectRunDirectory({ directory: directory(), force: true })).toThrow(/target\.npy was not written by an earlier run/);
});

test("--force does not replace a file that the run reads", () => {
  earlierRun(directory());
  const inputs = [join(directory(), "state.npy")];
  expect(() => inspectRunDirectory({ directory: directory(), force: true, inputs })).toThrow(/is read by this run/);
});

test("a linked directory of images is not followed", () => {
  const elsewhere = join(directory(), "elsewhere");
  mkdirSync(elsewhere);
  writeFileSync(join(elsewhere, "step-1.vti"), "of another run");
  const run = join(directory(), "run");
  mkdirSync(run);
  symlinkSync(elsewhere, join(run, "fields"));
  expect(() => removeEarlierRun(run)).toThrow(/is not a directory of an earlier run/);
  expect(readFileSync(join(elsewhere, "step-1.vti"), "utf8")).toBe("of another run");
});

test("a file in place of the directory ends with 73", () => {
  writeFileSync(join(directory(), "run"), "");
  expect(() => inspectRunDirectory({ directory: join(directory(), "run"), force: true })).toThrow(/cannot use .*run as run directory/);
});
