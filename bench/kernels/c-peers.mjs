import { createRequire } from "node:module";
import { join } from "node:path";

/** Signatures of the functions that are called, by library. Pointers are numbers, so that arrays stay on the C side. */
const signatures = {
  k: [
    "uintptr_t c_alloc(double doubles)",
    "void c_put(uintptr_t target, const double *source, double doubles)",
    "void c_get(uintptr_t source, _Out_ double *target, double doubles)",
    "double c_cpu()",
    "double k_resid2c(int n, int ld, int K, uintptr_t x, uintptr_t b, uintptr_t y, double diagonal, double coupling)",
    "double k_resid2vK(int n, int ld, int K, uintptr_t x, uintptr_t cx, uintptr_t cy, uintptr_t b, uintptr_t y, double c)",
    "double k_resid3c(int n, int ld, int K, uintptr_t x, uintptr_t b, uintptr_t y, double diagonal, double coupling)",
    "double k_axpydot(int n, uintptr_t x, uintptr_t y, double a)",
    "double k_mdot(int n, int m, uintptr_t V, uintptr_t w, uintptr_t h)",
    "int k_dsttab(int N, uintptr_t table)",
  ],
  v: [
    "double v_resid2vK(int n, int ld, int K, uintptr_t x, uintptr_t cx, uintptr_t cy, uintptr_t b, uintptr_t y, double c)",
    "void v_rowsK(int n, int K, uintptr_t v, uintptr_t work, uintptr_t table)",
    "void v_dstcols(int N, uintptr_t v, int stride, int lanes, uintptr_t work, uintptr_t table)",
  ],
  mg: [
    "void mg_set(int level, double n, uintptr_t x, uintptr_t t, uintptr_t b, uintptr_t cx, uintptr_t cy, uintptr_t di)",
    "void mg_vc(int K, int levels, int redBlack, double c)",
  ],
  mg3: [
    "void mg_set(int level, double n, uintptr_t x, uintptr_t t, uintptr_t b, uintptr_t cx, uintptr_t cy, uintptr_t di, uintptr_t cz)",
    "void mg_vc(int K, int levels, double c)",
  ],
  p: [
    "void p_init(int n, double a)",
    "void p_fftw(int n, int K, int S, uintptr_t f, uintptr_t u, uintptr_t p, uintptr_t pivots, double a, int mode)",
  ],
  f: [
    "uintptr_t f_plan2d(int n, uintptr_t v, int K)",
    "void f_exec(uintptr_t plan, uintptr_t v)",
    "void f_gemm(int M, int N, int K, uintptr_t A, int lda, uintptr_t B, int ldb, uintptr_t C, int ldc)",
  ],
};

/**
 * The C peers in this process, by the shared libraries in `directory` and the foreign function interface koffi found from `koffi`.
 * `undefined` without parameters: then only our own kernels run.
 */
export function openCPeers(parameters) {
  if (!parameters) return undefined;
  const koffi = createRequire(join(parameters.koffi, "package.json"))("koffi");
  const open = new Map();
  const library = (name) => {
    if (!open.has(name)) open.set(name, loadLibrary(koffi, join(parameters.directory, `${name}.so`), signatures[name]));
    return open.get(name);
  };
  const { c_alloc: allocate, c_put: put, c_get: get, c_cpu: clock } = library("k");
  return {
    has: (name) => parameters.libraries.includes(name),
    library,
    /** CPU milliseconds of this thread. */
    clock,
    /** Address of a zeroed array, with the given values. */
    vector(length, values) {
      const address = allocate(length);
      if (values) put(address, values, values.length);
      return address;
    },
    read(address, length) {
      const values = new Float64Array(length);
      get(address, values, length);
      return values;
    },
    write: (address, values) => put(address, values, values.length),
  };
}

function loadLibrary(koffi, path, prototypes) {
  const library = koffi.load(path);
  return Object.fromEntries(prototypes.map((prototype) => [/(\w+)\(/.exec(prototype)[1], library.func(prototype)]));
}
