// Makes the data of examples/steel-slab.yaml: `node examples/data/make-steel-slab.mjs`.
// Both are temperature rises in K at the interior points of 80 × 40 cells on a slab of 0.2 m × 0.1 m, one row per y, x fastest.
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const [width, height, nx, ny] = [0.2, 0.1, 79, 39];
const x = (i) => ((i + 1) * width) / (nx + 1);
const y = (j) => ((j + 1) * height) / (ny + 1);
const smoothStep = (s) => (s <= 0 ? 0 : s >= 1 ? 1 : s * s * (3 - 2 * s));

/** What an earlier weld has left: 240 K around (0.05 m, 0.06 m), and a weaker second spot. */
const initial = (px, py) => 240 * Math.exp(-(((px - 0.05) / 0.02) ** 2) - ((py - 0.06) / 0.015) ** 2) + 90 * Math.exp(-(((px - 0.15) / 0.03) ** 2) - ((py - 0.04) / 0.02) ** 2);

/** What is wanted: an even 150 K in the middle that falls to zero over 0.025 m towards the cooled edges. */
const plateau = (p, length) => smoothStep(p / 0.025) * smoothStep((length - p) / 0.025);
const target = (px, py) => 150 * plateau(px, width) * plateau(py, height);

const rows = (f) => Array.from({ length: ny }, (_, j) => Array.from({ length: nx }, (_, i) => f(x(i), y(j))));

const csv = ["# temperature rise left by an earlier weld, in K; one row per y, x fastest", ...rows(initial).map((row) => row.map((value) => value.toFixed(4)).join(","))];
writeFileSync(join(here, "steel-initial-rise.csv"), `${csv.join("\n")}\n`);

const header = `{'descr': '<f8', 'fortran_order': False, 'shape': (${ny}, ${nx}), }`;
const padded = header.padEnd(128 - 10 - 1) + "\n";
const prefix = Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, padded.length & 0xff, padded.length >> 8]);
writeFileSync(join(here, "steel-target-rise.npy"), Buffer.concat([prefix, Buffer.from(padded, "latin1"), Buffer.from(Float64Array.from(rows(target).flat()).buffer)]));
