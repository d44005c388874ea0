/** The functions of assembly/stencil.ts and assembly/constant-stencil.ts. Pointers are in bytes. */
export interface StencilExports {
  combineStencil(frame: number, lanes: number, dimensions: number, y: boolean, z: boolean, products: boolean): void;
  combineConstantStencil(frame: number, lanes: number, y: boolean, z: boolean, products: boolean): void;
}
