export { sineTransformLines } from "./sine-transform";
export { solveModes } from "./modal-control";
export * from "./vectors";
export * from "./diagonal";
export * from "./stencil";
export * from "./cholesky";
export * from "./multigrid";
export * from "./modal-schur";
