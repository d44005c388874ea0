import { npyHeader } from "../dist/output/npy-bytes.js";
import { npyBytes } from "./npy-files.js";

/** A data file with a mistake, for a target on 3 × 2 interior points and 4 time steps. */
export interface MalformedData {
  readonly name: string;
  readonly file: string;
  readonly content: string | Uint8Array;
  /** What stands before the first colon and blank of the message, without the directory. */
  readonly at: string;
  readonly says: readonly string[];
}

const doubles = (...values: number[]): Uint8Array => new Uint8Array(Float64Array.from(values).buffer);
const npy = (shape: readonly number[], values: readonly number[]): Uint8Array => Buffer.concat([npyHeader(shape), doubles(...values)]);
const described = (text: string): Uint8Array => npyBytes(text, doubles(1, 2, 3, 4, 5, 6));
const SIX = [1, 2, 3, 4, 5, 6];

/** Every malformed data file with its expected answer. */
export const malformedData: readonly MalformedData[] = [
  { name: "an empty NPY file", file: "a.npy", content: "", at: "a.npy", says: ["not an NPY file"] },
  { name: "a text named NPY", file: "a.npy", content: "1,2,3\n4,5,6\n", at: "a.npy", says: ["not an NPY file", "numpy.save"] },
  { name: "an NPY file of version 9", file: "a.npy", content: npyBytes("{}", doubles(), 9), at: "a.npy", says: ["version 9"] },
  { name: "an NPY header that ends early", file: "a.npy", content: npy([2, 3], SIX).subarray(0, 40), at: "a.npy", says: ["ends inside its header"] },
  { name: "an NPY header without shape", file: "a.npy", content: described("{'descr': '<f8', 'fortran_order': False}"), at: "a.npy", says: ["header cannot be read"] },
  { name: "an NPY file cut off", file: "a.npy", content: npy([2, 3], [1, 2, 3]), at: "a.npy", says: ["cut off", "expected 176 bytes", "got 152"] },
  { name: "an NPY file with a tail", file: "a.npy", content: npy([2, 3], [...SIX, 7]), at: "a.npy", says: ["after the array"] },
  { name: "the transposed shape", file: "a.npy", content: npy([3, 2], SIX), at: "a.npy", says: ["expected shape (2, 3), or (4, 2, 3)", "got (3, 2)", "transpose"] },
  { name: "all nodes instead of interior points", file: "a.npy", content: npy([4, 5], Array.from({ length: 20 }, () => 1)), at: "a.npy", says: ["got (4, 5)", "interior points"] },
  { name: "the wrong number of steps", file: "a.npy", content: npy([5, 2, 3], Array.from({ length: 30 }, () => 1)), at: "a.npy", says: ["(4, 2, 3)", "got (5, 2, 3)"] },
  { name: "Fortran order", file: "a.npy", content: described("{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }"), at: "a.npy", says: ["Fortran order", "ascontiguousarray"] },
  { name: "big-endian doubles", file: "a.npy", content: described("{'descr': '>f8', 'fortran_order': False, 'shape': (2, 3), }"), at: "a.npy", says: ["big-endian", "astype"] },
  { name: "Python objects", file: "a.npy", content: described("{'descr': '|O', 'fortran_order': False, 'shape': (2, 3), }"), at: "a.npy", says: ["|O", "astype"] },
  { name: "records", file: "a.npy", content: described("{'descr': [('u', '<f8')], 'fortran_order': False, 'shape': (6,), }"), at: "a.npy", says: ["record"] },
  { name: "complex numbers", file: "a.npy", content: described("{'descr': '<c16', 'fortran_order': False, 'shape': (3,), }"), at: "a.npy", says: ["<c16"] },
  { name: "a value that is not a number", file: "a.npy", content: npy([2, 3], [1, 2, 3, 4, NaN, 6]), at: "a.npy", says: ["x = 0.5, y = 0.6666666666666666", "NaN"] },
  { name: "an infinite value in step 3", file: "a.npy", content: npy([4, 2, 3], Array.from({ length: 24 }, (_, i) => (i === 14 ? Infinity : i))), at: "a.npy", says: ["x = 0.75, y = 0.3333333333333333 in time step 3", "Infinity"] },
  { name: "an empty CSV file", file: "a.csv", content: "", at: "a.csv", says: ["2 rows of 3 values", "too few"] },
  { name: "a CSV file of comments", file: "a.csv", content: "# x,y\n# nothing\n", at: "a.csv", says: ["too few"] },
  { name: "a row too few", file: "a.csv", content: "1,2,3\n", at: "a.csv:1", says: ["2 rows of 3 values or 6 lines of one value", "too few"] },
  { name: "a row too many", file: "a.csv", content: "1,2,3\n4,5,6\n7,8,9\n", at: "a.csv:3", says: ["too many"] },
  { name: "a line too few of single values", file: "a.csv", content: "1\n2\n3\n4\n5\n", at: "a.csv:5", says: ["5 rows (too few)"] },
  { name: "a short row", file: "a.csv", content: "1,2,3\n4,5\n", at: "a.csv:2", says: ["a row of 2"] },
  { name: "a long row", file: "a.csv", content: "# heat\n1,2,3,4\n5,6,7,8\n", at: "a.csv:2", says: ["a row of 4", "NPY"] },
  { name: "a word in a row", file: "a.csv", content: "a,b,c\n1,2,3\n4,five,6\n", at: "a.csv:3:3", says: ['"five"'] },
  { name: "a second header", file: "a.csv", content: "a,b,c\nd,e,f\n", at: "a.csv:2:1", says: ['"d"'] },
  { name: "an empty field", file: "a.csv", content: "1,,3\n4,5,6\n", at: "a.csv:1:3", says: ["empty field"] },
  { name: "a comma at the end of a row", file: "a.csv", content: "1,2,3,\n4,5,6,\n", at: "a.csv:1:7", says: ["empty field"] },
  { name: "NaN in CSV", file: "a.csv", content: "1,2,3\n4, NaN,6\n", at: "a.csv:2:4", says: ['finite number, got "NaN"'] },
  { name: "inf as the first line", file: "a.csv", content: "inf\n2\n3\n4\n5\n6\n", at: "a.csv:1:1", says: ['"inf"'] },
  { name: "a number beyond doubles in CSV", file: "a.csv", content: "1,2,3\n4,5,1e999\n", at: "a.csv:2:5", says: ["too large"] },
  { name: "semicolons", file: "a.csv", content: "1;2;3\n4;5;6\n", at: "a.csv:1:1", says: ["separate numbers by commas"] },
  { name: "blanks between numbers", file: "a.csv", content: "1 2 3\n4 5 6\n", at: "a.csv:1:1", says: ["separate numbers by commas"] },
  { name: "a hexadecimal number in CSV", file: "a.csv", content: "0x1,2,3\n4,5,6\n", at: "a.csv:1:1", says: ["0x1"] },
  { name: "bytes that are no text", file: "a.csv", content: Uint8Array.of(0xff, 0xfe, 0x31), at: "a.csv", says: ["UTF-8"] },
  { name: "a file of another kind", file: "a.txt", content: "1\n", at: "a.txt", says: ['".txt"', "NPY or CSV"] },
  { name: "a file without ending", file: "data", content: "1\n", at: "data", says: ["NPY or CSV"] },
];
