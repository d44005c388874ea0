import type { Kernels } from "../kernels.js";
import { sinePasses } from "../sine-passes.js";
import { sineScale } from "../sine-scale.js";
import { plainModalControl } from "./modal-control.js";
import { plainSineLines } from "./sine-lines.js";

/** The kernels in plain TypeScript on the JavaScript heap: the reference of the fast ones, and what runs where wasm SIMD is missing. */
export function plainKernels(): Kernels {
  let allocatedDoubles = 0;
  let disposed = false;
  const allocate = (length: number): Float64Array => {
    if (disposed) throw new Error("kernels: allocation after dispose");
    allocatedDoubles += length;
    return new Float64Array(length);
  };
  return {
    kind: "plain",
    allocate,
    get allocatedDoubles() {
      return allocatedDoubles;
    },
    sineTransform(points) {
      const size = points.reduce((a, b) => a * b, 1);
      const work = points.slice(1).map(() => allocate(size));
      return { scale: sineScale(points), apply: sinePasses(points, points.map(plainSineLines), work) };
    },
    modalControl: plainModalControl,
    dispose() {
      disposed = true;
    },
  };
}
