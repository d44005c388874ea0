import { kernels, plainKernels, simdKernels } from "@parakkt/kernels";

test("this engine runs the SIMD kernels", () => {
  expect(kernels(1000).kind).toBe("simd");
});

test("what does not fit into one WebAssembly memory runs in plain TypeScript", () => {
  expect(kernels(2 ** 30).kind).toBe("plain");
});

test("vectors are zero, start at a cache line, and keep their values when the memory grows", () => {
  const { allocate } = simdKernels();
  const first = allocate(3).fill(7);
  const second = allocate(1_000_000);
  expect([first.byteOffset % 64, second.byteOffset % 64]).toEqual([0, 0]);
  expect(second.every((value) => value === 0)).toBe(true);
  expect([...first]).toEqual([7, 7, 7]);
  second.fill(1);
  expect([...first]).toEqual([7, 7, 7]);
});

test("large vectors begin in different sets of a first-level cache", () => {
  const { allocate } = simdKernels();
  const sets = Array.from({ length: 9 }, () => (allocate(2 ** 16).byteOffset / 64) % 64);
  expect(new Set(sets).size).toBe(9);
});

test("a vector beyond 4 GiB is refused", () => {
  expect(() => simdKernels().allocate(2 ** 29)).toThrow(RangeError);
});

test.each([simdKernels, plainKernels])("nothing is allocated after dispose", (create) => {
  const made = create();
  made.dispose();
  expect(() => made.allocate(1)).toThrow(/dispose/);
});

test.each([simdKernels, plainKernels])("the storage of a 2-D transform is one state and the tables", (create) => {
  const made = create();
  const before = made.allocatedDoubles;
  made.sineTransform([255, 255]);
  const storage = made.allocatedDoubles - before;
  expect(storage).toBeGreaterThanOrEqual(255 * 255);
  expect(storage).toBeLessThan(1.1 * 255 * 255);
});
