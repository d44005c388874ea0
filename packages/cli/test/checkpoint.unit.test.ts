import { ProgramError } from "../dist/program-error.js";
import { DIRECTORY, findsDamage, FINGERPRINT, isIntact, SMALL, stateAt, storeIn } from "./checkpoint-cases.js";
import { simulateRanks } from "@parakkt/testing";
import { Crashed, memoryFileSystem, type Crash } from "./memory-file-system.js";

const thrownBy = (action: () => unknown): unknown => {
  try {
    action();
    return undefined;
  } catch (error) {
    return error;
  }
};

test("a checkpoint comes back bit for bit, with numbers that a text would lose, on any storage order", () => {
  const files = memoryFileSystem();
  storeIn(files).write(stateAt(40, { ...SMALL, subdomains: 3 }));
  const found = storeIn(files).newest();
  expect(found).toMatchObject({ iteration: 40, notes: [] });
  for (const subdomains of [1, 2, 5]) expect(isIntact(found, { ...SMALL, subdomains })).toBe(true);
});

test("the bytes do not depend on the number of ranks, each of which writes its own steps", () => {
  const alone = memoryFileSystem();
  storeIn(alone).write(stateAt(3, { ...SMALL, subdomains: 5 }));
  for (const ranks of [2, 3, 5]) {
    const files = memoryFileSystem();
    simulateRanks(ranks, (communicator) => {
      storeIn(files, { communicator }).write(stateAt(3, { ...SMALL, subdomains: 5, place: { rank: communicator.rank, ranks } }));
    });
    expect(files.files()).toEqual(alone.files());
    for (const path of files.files()) expect(files.content(path).equals(alone.content(path))).toBe(true);
  }
});

test("two good generations are kept, and none newer than the one just written", () => {
  const files = memoryFileSystem();
  for (const iteration of [10, 20, 30]) storeIn(files).write(stateAt(iteration));
  const names = (...iterations: number[]): string[] => iterations.flatMap((k) => [`${DIRECTORY}/generation-${k}.data`, `${DIRECTORY}/generation-${k}.json`]);
  expect(files.files()).toEqual(names(20, 30));
  storeIn(files).write(stateAt(25));
  expect(files.files()).toEqual(names(20, 25));
});

test("without checkpoints there is nothing to find", () => {
  expect(storeIn(memoryFileSystem()).newest()).toBeUndefined();
});

describe("damage", () => {
  const files = memoryFileSystem();
  for (const iteration of [10, 20]) storeIn(files).write(stateAt(iteration));
  const paths = ["data", "json"].map((ending) => `${DIRECTORY}/generation-20.${ending}`);

  test.each(paths)("of any bit of %s is found (one in 23 tried), and the generation before is taken", (path) => {
    for (let bit = 0; bit < 8 * files.content(path).length; bit += 23) expect([bit, findsDamage(files, path, { bit }, 10)]).toEqual([bit, true]);
  });

  test.each(paths)("by cutting %s at any length is found (one in 5 tried)", (path) => {
    for (let length = 0; length < files.content(path).length; length += 5) expect([length, findsDamage(files, path, { length }, 10)]).toEqual([length, true]);
  });

  test("is not seen where there is none (negative control)", () => {
    expect(storeIn(files).newest()).toMatchObject({ iteration: 20, notes: [] });
  });

  test("of all generations ends with 65 and the names of the files", () => {
    const broken = memoryFileSystem();
    storeIn(broken).write(stateAt(10));
    broken.truncate(broken.open(`${DIRECTORY}/generation-10.data`, "r+"), 3);
    const error = thrownBy(() => storeIn(broken).newest());
    expect(error).toBeInstanceOf(ProgramError);
    expect(error).toMatchObject({ exitCode: 65, hint: expect.stringContaining("--force") as string, message: expect.stringContaining("generation-10") as string });
  });

  test("by exchanging two records of one series is found", () => {
    const swapped = memoryFileSystem();
    storeIn(swapped).write(stateAt(10));
    const file = swapped.open(`${DIRECTORY}/generation-10.data`, "r+");
    const bytes = Buffer.from(swapped.content(`${DIRECTORY}/generation-10.data`));
    const record = 8 * SMALL.dofs + 4;
    swapped.write(file, bytes.subarray(record, 2 * record), 0);
    swapped.write(file, bytes.subarray(0, record), record);
    expect(thrownBy(() => storeIn(swapped).newest())).toMatchObject({ exitCode: 65 });
  });
});

test.each([
  [{ ...FINGERPRINT, solver: { method: "minres" } }, 'solver.method was "cg" and is now "minres"'],
  [{ ...FINGERPRINT, problem: { ...FINGERPRINT.problem, time: { steps: 6 } } }, "problem.time.steps was 5 and is now 6"],
  [{ ...FINGERPRINT, problem: { ...FINGERPRINT.problem, target: { file: "abd" } } }, "problem.target: the contents of the file have changed"],
  [{ ...FINGERPRINT, version: "2" }, 'version was "1" and is now "2"'],
])("a checkpoint of another solve is refused with the key that differs: %j", (fingerprint, says) => {
  const files = memoryFileSystem();
  storeIn(files).write(stateAt(1));
  expect(thrownBy(() => storeIn(files, { fingerprint }).newest())).toMatchObject({ exitCode: 65, message: expect.stringContaining(says) as string });
});

/** Writes generations 1 … 4 until the disk goes wrong; the number of those that were written completely, and what was thrown. */
function writeUntilItBreaks(files: ReturnType<typeof memoryFileSystem>): { complete: number; error: unknown } {
  const store = storeIn(files);
  for (let iteration = 1; iteration <= 4; iteration++) {
    const error = thrownBy(() => store.write(stateAt(iteration)));
    if (error !== undefined) return { complete: iteration - 1, error };
  }
  return { complete: 4, error: undefined };
}

const operationsInAll = (): number => {
  const files = memoryFileSystem();
  writeUntilItBreaks(files);
  return files.operations;
};

test.each(["kill", "power"] as const)("after a crash (%s) before any operation on files, the last complete checkpoint or the next is there and intact", (crash: Crash) => {
  const count = operationsInAll();
  expect(count).toBeGreaterThan(60);
  for (let operation = 1; operation <= count; operation++) {
    const files = memoryFileSystem();
    files.crashAt(operation);
    const { complete, error } = writeUntilItBreaks(files);
    expect(error).toBeInstanceOf(Crashed);
    files.restart(crash);
    const found = storeIn(files).newest();
    expect([complete, complete + 1]).toContain(found?.iteration ?? 0);
    if (complete > 0) expect(isIntact(found)).toBe(true);
    // And the run goes on from there as if nothing had happened.
    storeIn(files).write(stateAt(9));
    expect(storeIn(files).newest()).toMatchObject({ iteration: 9 });
  }
});

test.each(["ENOSPC", "EIO", "EDQUOT"])("%s in any operation ends with 74, and the generation before is intact", (code) => {
  const count = operationsInAll();
  for (let operation = 1; operation <= count; operation++) {
    const files = memoryFileSystem();
    files.failAt(operation, code);
    const { complete, error } = writeUntilItBreaks(files);
    expect([operation, error]).toEqual([operation, expect.objectContaining({ exitCode: 74 })]);
    const found = storeIn(files).newest();
    expect([complete, complete + 1]).toContain(found?.iteration ?? 0);
    if (complete > 0) expect(isIntact(found)).toBe(true);
  }
});
