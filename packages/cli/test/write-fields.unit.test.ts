import { boxGrid, serialCommunicator } from "@parakkt/core";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openNpy } from "../dist/data/read-npy.js";
import { writeNpyField, writeVtkFields, type FieldOutput } from "../dist/output/write-fields.js";
import { useTemporaryDirectory } from "./temporary-directory.js";
import { readVti } from "./read-vti.js";

const directory = useTemporaryDirectory();

/** Two steps of fields whose value tells field, step and point. */
function output(cells: readonly number[], extent: readonly number[]): FieldOutput {
  const grid = boxGrid({ extent, cells });
  const field = (offset: number) => (step: number, out: Float64Array): void => out.forEach((_, i) => (out[i] = offset + 100 * step + i + 0.25));
  const fields = { state: field(0), control: field(1000), adjoint: field(2000), target: field(3000) };
  return { directory: directory(), grid, times: [0.5, 1.25], steps: { first: 1, last: 2 }, fields, communicator: serialCommunicator() };
}

const GRIDS = [
  ["1-D", [4], [2]],
  ["2-D", [4, 3], [1, 3]],
  ["3-D", [4, 3, 5], [1, 3, 2.5]],
] as const;

test.each(GRIDS)("NPY arrays of %s fields have shape [steps, …, y, x]", (_name, cells, extent) => {
  const written = writeNpyField(output(cells, extent), "control");
  const array = openNpy(join(directory(), written.file), "control.npy");
  expect(array.shape).toEqual([2, ...cells.map((count) => count - 1).reverse()]);
  const second = new Float64Array(array.shape.slice(1).reduce((product, size) => product * size, 1));
  array.read(second.length, second);
  array.close();
  expect([...second]).toEqual(Array.from(second, (_, i) => 1200.25 + i));
  expect(written.sha256).toBe(createHash("sha256").update(readFileSync(join(directory(), "control.npy"))).digest("hex"));
});

test.each(GRIDS)("VTK images of %s fields cover the box with zeros on the boundary", (_name, cells, extent) => {
  const written = writeVtkFields(output(cells, extent));
  expect(written.map(({ file }) => file)).toEqual(["fields/step-1.vti", "fields/step-2.vti", "fields.pvd"]);
  const image = readVti(join(directory(), "fields/step-2.vti"));
  const size = (axis: number): number => cells[axis] ?? 0;
  expect(image.extent).toEqual([0, size(0), 0, size(1), 0, size(2)]);
  expect(image.origin).toEqual([0, 0, 0]);
  expect(image.spacing).toEqual([0, 1, 2].map((axis) => (cells[axis] === undefined ? 1 : extent[axis]! / cells[axis])));
  expect([...image.arrays.keys()]).toEqual(["state", "control", "adjoint", "target"]);
  const values = image.arrays.get("adjoint")!;
  const inside = (index: number, axis: number): boolean => cells[axis] === undefined || (index > 0 && index < cells[axis]);
  let expected = 2200.25;
  let at = 0;
  for (let k = 0; k <= size(2); k++) {
    for (let j = 0; j <= size(1); j++) {
      for (let i = 0; i <= size(0); i++) expect(values[at++]).toBe(inside(i, 0) && inside(j, 1) && inside(k, 2) ? expected++ : 0);
    }
  }
  expect(values).toHaveLength(at);
});

test("the collection lists every image with its time", () => {
  writeVtkFields(output([4, 3], [1, 1]));
  const text = readFileSync(join(directory(), "fields.pvd"), "utf8");
  const sets = [...text.matchAll(/<DataSet timestep="([^"]*)" group="" part="0" file="([^"]*)"\/>/g)].map(([, time, file]) => [Number(time), file]);
  expect(sets).toEqual([
    [0.5, "fields/step-1.vti"],
    [1.25, "fields/step-2.vti"],
  ]);
});

/** A Python that has the module, if there is one: PARAKKT_TEST_PYTHON or the system's. */
function pythonWith(module: string): string | undefined {
  const candidates = [process.env["PARAKKT_TEST_PYTHON"], "/usr/bin/python3"].filter((path) => path !== undefined && existsSync(path));
  return candidates.find((path) => {
    try {
      execFileSync(path!, ["-c", `import ${module}`], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  });
}

/** The test with a real reader, or a skipped one that says why. */
function testWithReader(module: string, title: string, body: (python: string) => void): void {
  const python = pythonWith(module);
  if (python !== undefined) return void test(`${title} (read by ${module})`, () => body(python));
  console.warn(`SKIPPED: ${title}: no Python with ${module} found; set PARAKKT_TEST_PYTHON to one`);
  test.skip(`${title} — SKIPPED: no Python with ${module}`, () => undefined);
}

testWithReader("numpy", "NPY arrays are what numpy.load reads", (python) => {
  writeNpyField(output([4, 3, 5], [1, 1, 1]), "state");
  const code = "import numpy, sys, json; a = numpy.load(sys.argv[1]); print(json.dumps([a.shape, a.dtype.str, a[1, 3, 1, 2], a.flags.c_contiguous]))";
  const answer = execFileSync(python, ["-c", code, join(directory(), "state.npy")], { encoding: "utf8" });
  expect(JSON.parse(answer)).toEqual([[2, 4, 2, 3], "<f8", 200.25 + 2 + 3 * (1 + 2 * 3), true]);
});

testWithReader("vtk", "VTK images are what vtkXMLImageDataReader reads", (python) => {
  writeVtkFields(output([4, 3, 5], [1, 3, 2.5]));
  const code = [
    "import vtk, sys, json",
    "r = vtk.vtkXMLImageDataReader(); r.SetFileName(sys.argv[1]); r.Update(); d = r.GetOutput(); p = d.GetPointData()",
    "names = [p.GetArrayName(i) for i in range(p.GetNumberOfArrays())]",
    "i = d.FindPoint(0.75, 2.0, 2.0)",
    "print(json.dumps([d.GetDimensions(), d.GetBounds(), names, p.GetArray('control').GetValue(i), p.GetArray('control').GetValue(0), r.GetErrorCode()]))",
  ].join("\n");
  const answer = execFileSync(python, ["-c", code, join(directory(), "fields/step-1.vti")], { encoding: "utf8" });
  const control = 1100.25 + 2 + 3 * (1 + 2 * 3);
  expect(JSON.parse(answer)).toEqual([[5, 4, 6], [0, 1, 0, 3, 0, 2.5], ["state", "control", "adjoint", "target"], control, 0, 0]);
});
