/** The functions of assembly/modal-schur.ts. Pointers and strides are in bytes. */
export interface ModalSchurExports {
  modalSchurApply(table: number, steps: number, stride: number, mu: number, x: number, out: number, modes: number, work: number): void;
  modalSchurBegin(table: number, steps: number, stride: number, mu: number, y: number, modes: number, work: number, sums: number): void;
  modalSchurTurn(table: number, steps: number, stride: number, mu: number, beta: number, y: number, p: number, modes: number, work: number, sums: number): void;
  modalSchurAdvance(table: number, steps: number, stride: number, mu: number, a: number, x: number, y: number, p: number, modes: number, work: number, sums: number, residual: number): void;
}
