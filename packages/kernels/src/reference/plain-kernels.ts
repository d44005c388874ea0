import type { Kernels } from "../kernels.js";
import { sideBySide } from "../sine-passes.js";
import { sineTransformKernel } from "../sine-transform-kernel.js";
import { plainModalControl } from "./modal-control.js";
import { plainCholesky } from "./plain-cholesky.js";
import { plainDense } from "./plain-dense.js";
import { plainDiagonal } from "./plain-diagonal.js";
import { plainModalSchur } from "./plain-modal-schur.js";
import { plainMultigrid } from "./plain-multigrid.js";
import { plainStencil } from "./plain-stencil.js";
import { plainVectorKernels } from "./plain-vectors.js";
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
    sineTransform(points, lanes = 1) {
      const size = points.reduce((a, b) => a * b, 1);
      const work = points.slice(1).map(() => allocate(sideBySide(lanes) * size));
      return sineTransformKernel(points, points.map(plainSineLines), work);
    },
    modalControl: plainModalControl,
    modalConjugateGradients: plainModalSchur,
    vectors: plainVectorKernels(),
    dense: plainDense(),
    diagonal: plainDiagonal,
    stencil: plainStencil,
    cholesky: plainCholesky,
    multigrid: plainMultigrid,
    dispose() {
      disposed = true;
    },
  };
}
