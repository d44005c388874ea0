import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { openNpy } from "../dist/data/read-npy.js";
import { npyBytes, writeNpy } from "./npy-files.js";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();

function readAll(path: string): { shape: readonly number[]; values: number[] } {
  const array = openNpy(path, "a.npy");
  const values = new Float64Array(array.shape.reduce((product, size) => product * size, 1));
  array.read(0, values);
  array.close();
  return { shape: array.shape, values: [...values] };
}

test("what is written is read back bit for bit", () => {
  const path = join(directory(), "a.npy");
  const doubles = fc.double();
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }), fc.array(doubles, { minLength: 256, maxLength: 256 }), (shape, pool) => {
      const values = pool.slice(0, shape.reduce((product, size) => product * size, 1));
      writeNpy(path, shape, values);
      const back = readAll(path);
      expect(back.shape).toEqual(shape);
      back.values.forEach((value, i) => expect(value).toBe(values[i]));
    }),
    { numRuns: 100 },
  );
});

test("a part of an array is read at its place", () => {
  const path = join(directory(), "a.npy");
  writeNpy(path, [3, 2], [1, 2, 3, 4, 5, 6]);
  const array = openNpy(path, "a.npy");
  const part = new Float64Array(2);
  array.read(2, part);
  array.close();
  expect([...part]).toEqual([3, 4]);
});

const NUMBERS = [1, 2, 3];

test.each([
  ["<f4", new Uint8Array(Float32Array.from(NUMBERS).buffer), 1],
  ["<i8", new Uint8Array(BigInt64Array.from(NUMBERS.map(BigInt)).buffer), 1],
  ["<u4", new Uint8Array(Uint32Array.from(NUMBERS).buffer), 2],
  ["<i2", new Uint8Array(Int16Array.from(NUMBERS).buffer), 3],
  ["|u1", Uint8Array.from(NUMBERS), 1],
] as const)("elements of type %s are read as doubles", (type, data, major) => {
  const path = join(directory(), "a.npy");
  writeFileSync(path, npyBytes(`{'descr': '${type}', 'fortran_order': False, 'shape': (3,), }`, data, major));
  expect(readAll(path).values).toEqual(NUMBERS);
});

test("Fortran order is no matter in one dimension", () => {
  const path = join(directory(), "a.npy");
  writeFileSync(path, npyBytes("{'descr': '<f8', 'fortran_order': True, 'shape': (3, 1), }", new Uint8Array(Float64Array.from(NUMBERS).buffer)));
  expect(readAll(path).values).toEqual(NUMBERS);
});
