import { DataError } from "../data/data-error.js";
import { readCsv } from "../data/read-csv.js";
import { openNpy } from "../data/read-npy.js";

/** Rows of numbers. */
export interface Table {
  readonly rows: number;
  readonly columns: number;
  /** [rows][columns] */
  readonly values: Float64Array;
}

/** A CSV file, or an NPY array whose first axis counts the rows. Throws `DataError`. */
export function readTable(path: string): Table {
  const table = path.toLowerCase().endsWith(".npy") ? readNpyTable(path) : readCsvTable(path);
  if (table.rows === 0) throw new DataError(path, "the file has no rows", "one sample a row");
  const flaw = table.values.findIndex((value) => !Number.isFinite(value));
  if (flaw >= 0) throw new DataError(`${path}, row ${Math.floor(flaw / table.columns) + 1}`, `expected finite numbers, got ${table.values[flaw]}`, "remove or mend the sample");
  return table;
}

function readNpyTable(path: string): Table {
  const array = openNpy(path, path);
  try {
    const [rows = 0, ...rest] = array.shape;
    const columns = rest.reduce((product, size) => product * size, 1);
    const values = new Float64Array(rows * columns);
    array.read(0, values);
    return { rows, columns, values };
  } finally {
    array.close();
  }
}

function readCsvTable(path: string): Table {
  const { rows, lines } = readCsv(path, path);
  const columns = rows[0]?.length ?? 0;
  const uneven = rows.findIndex((row) => row.length !== columns);
  if (uneven >= 0) throw new DataError(`${path}:${lines[uneven]}`, `expected ${columns} numbers as in the first row, got ${rows[uneven]!.length}`, "one sample a row");
  return { rows: rows.length, columns, values: Float64Array.from(rows.flat()) };
}
