export type { Kernels, ModalControlKernel, ModalControlProblem, SineTransformKernel } from "./kernels.js";
export { kernels } from "./fastest-kernels.js";
export { simdKernels, simdSupported } from "./simd/simd-kernels.js";
export { plainKernels } from "./reference/plain-kernels.js";
