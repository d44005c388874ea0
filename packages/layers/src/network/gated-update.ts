/** One entry of h' from h, w = 1 − z and n, with its partial derivatives; dt is the step size. */
export interface GatedUpdate {
  readonly name: string;
  next(dt: number, h: number, w: number, n: number): number;
  slopeH(dt: number, w: number): number;
  slopeW(dt: number, h: number, w: number, n: number): number;
  slopeN(dt: number, w: number): number;
}

/** h' = h + dt (1 − z)(n − h), forward Euler; at dt = 1 the classic unit z h + (1 − z) n [Cho2014]. Unstable for much larger steps. */
export const classicUpdate: GatedUpdate = {
  name: "classic",
  next: (dt, h, w, n) => h + dt * w * (n - h),
  slopeH: (dt, w) => 1 - dt * w,
  slopeW: (dt, h, _w, n) => dt * (n - h),
  slopeN: (dt, w) => dt * w,
};

/** h' = (h + dt (1 − z) n)/(1 + dt (1 − z)): the same equation with the damping at the end of the step [Moon2022]. Stable for every dt. */
export const implicitUpdate: GatedUpdate = {
  name: "implicit",
  next: (dt, h, w, n) => (h + dt * w * n) / (1 + dt * w),
  slopeH: (dt, w) => 1 / (1 + dt * w),
  slopeW: (dt, h, w, n) => (dt * (n - h)) / (1 + dt * w) ** 2,
  slopeN: (dt, w) => (dt * w) / (1 + dt * w),
};
