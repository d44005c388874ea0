import asc from "assemblyscript/asc";

const DOUBLES = 2 ** 25;
const REPETITIONS = 10;
const CACHE_LINE = 64;

/** Loops over one cache line a turn, so that the memory and not the loop is measured. */
const SOURCE = `
export function copy(a: usize, c: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 64) {
    v128.store(c + i, v128.load(a + i));
    v128.store(c + i, v128.load(a + i, 16), 16);
    v128.store(c + i, v128.load(a + i, 32), 32);
    v128.store(c + i, v128.load(a + i, 48), 48);
  }
}
export function triad(a: usize, b: usize, c: usize, bytes: usize): void {
  const s = f64x2.splat(3.0);
  for (let i: usize = 0; i < bytes; i += 64) {
    v128.store(a + i, f64x2.add(v128.load(b + i), f64x2.mul(s, v128.load(c + i))));
    v128.store(a + i, f64x2.add(v128.load(b + i, 16), f64x2.mul(s, v128.load(c + i, 16))), 16);
    v128.store(a + i, f64x2.add(v128.load(b + i, 32), f64x2.mul(s, v128.load(c + i, 32))), 32);
    v128.store(a + i, f64x2.add(v128.load(b + i, 48), f64x2.mul(s, v128.load(c + i, 48))), 48);
  }
}
`;

/** Memory bandwidth from WebAssembly as STREAM counts it: copy c = a (16 bytes an entry), triad a = b + 3c (24), best of ten, three arrays of `doubles`. */
export async function run({ doubles = DOUBLES }) {
  const bytes = 8 * doubles;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((3 * bytes + CACHE_LINE) / 2 ** 16), maximum: 2 ** 16 });
  const { copy, triad } = (await WebAssembly.instantiate(await compiled(), { env: { memory } })).instance.exports;
  const [a, b, c] = [0, 1, 2].map((k) => CACHE_LINE + k * bytes);
  [a, b, c].forEach((start, k) => new Float64Array(memory.buffer, start, doubles).fill(k + 1));
  // Small calls first: the engine exchanges slow first code for fast code between calls.
  for (let k = 0; k < 1000; k++) {
    copy(a, c, CACHE_LINE);
    triad(a, b, c, CACHE_LINE);
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  const best = { copy: 0, triad: 0 };
  for (let k = 0; k < REPETITIONS; k++) {
    best.copy = Math.max(best.copy, (16 * doubles) / seconds(() => copy(a, c, bytes)));
    best.triad = Math.max(best.triad, (24 * doubles) / seconds(() => triad(a, b, c, bytes)));
  }
  return { metrics: { copy: best.copy, triad: best.triad }, details: { doubles } };
}

/** CPU seconds: on a busy machine the wall clock would tell how often others ran. */
function seconds(work) {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

async function compiled() {
  let wasm;
  const { error, stderr } = await asc.main(["source.ts", "--outFile", "out.wasm", "-O3", "--noAssert", "--runtime", "stub", "--enable", "simd", "--importMemory"], {
    readFile: (name) => (name === "source.ts" ? SOURCE : null),
    writeFile: (name, contents) => {
      if (name === "out.wasm") wasm = contents;
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`assemblyscript: ${stderr.toString()}`);
  return wasm;
}
