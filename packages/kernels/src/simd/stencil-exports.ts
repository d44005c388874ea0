/** The functions of assembly/stencil.ts. Pointers and strides are in bytes. */
export interface StencilExports {
  combineStencil(frame: number, lanes: number, dimensions: number, constant: boolean, y: boolean, z: boolean, products: boolean): void;
}
