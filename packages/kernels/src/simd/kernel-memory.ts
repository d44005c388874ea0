/** Largest WebAssembly memory, and what a kernel's 32-bit pointers reach. */
export const MEMORY_BYTES = 2 ** 32;

const PAGE = 2 ** 16;
const CACHE_LINE = 64;
/**
 * Vectors of a page and more start in turn seven cache lines further within 4 KiB. Where all start alike, entries with one index, which kernels
 * meet together, compete for the eight ways of one set of the first-level cache.
 */
const SPREAD_FROM = PAGE;
const SPREAD_PERIOD = 4096;
const SPREAD = 7 * CACHE_LINE;
/** The first page stays empty, so that no vector has address 0. */
const FIRST = PAGE;

/** A shared WebAssembly memory with a bump allocator. Views stay valid when it grows, because a shared buffer is never moved. */
export interface KernelMemory {
  readonly memory: WebAssembly.Memory;
  readonly allocatedDoubles: number;
  /** Zeroed, aligned to a cache line. Errors: `RangeError` when the memory is full. */
  doubles(length: number): Float64Array;
  words(values: readonly number[]): Uint32Array;
  /** Whether the vector is in this memory. */
  owns(vector: Float64Array): boolean;
  dispose(): void;
}

export function kernelMemory(): KernelMemory {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: MEMORY_BYTES / PAGE, shared: true });
  /** Growth makes a new object for the same memory; vectors keep the one of their time. */
  const buffers = new WeakSet<ArrayBufferLike>();
  let latest: ArrayBufferLike | undefined;
  let top = FIRST;
  let spread = 0;
  let disposed = false;
  const take = (bytes: number): number => {
    if (disposed) throw new Error("kernels: allocation after dispose");
    const start = top;
    const end = start + Math.ceil(bytes / CACHE_LINE) * CACHE_LINE;
    const missing = Math.ceil((end - memory.buffer.byteLength) / PAGE);
    if (end > MEMORY_BYTES || (missing > 0 && !grow(memory, missing))) throw new RangeError(`kernels: no room for ${bytes} bytes beyond ${start}`);
    top = end;
    latest = memory.buffer;
    buffers.add(latest);
    return start;
  };
  return {
    memory,
    get allocatedDoubles() {
      return (top - FIRST) / 8;
    },
    doubles(length) {
      const bytes = 8 * length;
      if (bytes >= SPREAD_FROM) {
        top += (((spread - top) % SPREAD_PERIOD) + SPREAD_PERIOD) % SPREAD_PERIOD;
        spread = (spread + SPREAD) % SPREAD_PERIOD;
      }
      const start = take(bytes);
      return new Float64Array(memory.buffer, start, length);
    },
    words(values) {
      const start = take(4 * values.length);
      const view = new Uint32Array(memory.buffer, start, values.length);
      view.set(values);
      return view;
    },
    owns: ({ buffer }) => buffer === latest || buffers.has(buffer),
    dispose() {
      disposed = true;
    },
  };
}

function grow(memory: WebAssembly.Memory, pages: number): boolean {
  try {
    memory.grow(pages);
    return true;
  } catch {
    return false;
  }
}
