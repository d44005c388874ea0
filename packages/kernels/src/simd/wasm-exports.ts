import type { CholeskyExports } from "./cholesky-exports.js";
import type { DenseExports } from "./dense-exports.js";
import type { DiagonalExports } from "./diagonal-exports.js";
import type { ModalSchurExports } from "./modal-schur-exports.js";
import type { MultigridExports } from "./multigrid-exports.js";
import type { StencilExports } from "./stencil-exports.js";
import type { VectorKernelsExports } from "./vectors-exports.js";
import { KERNELS_WASM } from "../generated/kernels-wasm.js";

/** The functions of assembly/index.ts. Pointers and strides are in bytes. */
export interface WasmExports extends VectorKernelsExports, DenseExports, DiagonalExports, StencilExports, CholeskyExports, ModalSchurExports, MultigridExports {
  sineTransformLanes(plan: number, source: number, sourceRow: number, sourceLine: number, target: number, row: number, line: number, lines: number, work: number): void;
  sineTransformLines(plan: number, source: number, sourceRow: number, sourceLane: number, target: number, row: number, lane: number, lines: number, work: number): void;
  solveModes(problem: number, first: number, modes: number, eigenvalues: number, state: number, control: number, work: number): void;
}

let compiled: WebAssembly.Module | undefined;

/** The embedded module, compiled once. */
export function wasmModule(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(wasmBytes());
  return compiled;
}

function wasmBytes(): Uint8Array<ArrayBuffer> {
  const text = atob(KERNELS_WASM);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

export function wasmExports(memory: WebAssembly.Memory): WasmExports {
  return new WebAssembly.Instance(wasmModule(), { env: { memory } }).exports as unknown as WasmExports;
}
