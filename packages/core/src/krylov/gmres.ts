import { countedSystem } from "./counted-system.js";
import { combine, gmresCycle, gmresCycleStorage } from "./gmres-cycle.js";
import { krylovMethod } from "./krylov-loop.js";
import type { KrylovMethod, KrylovSystem } from "./krylov-method.js";
import { requireFittingSizes, requireRestart, requireStationarity } from "./set-up.js";

/** Options of the methods that keep a basis. */
export interface RestartOptions {
  /** Iterations m after which the basis is given up and the method begins again from its x. Default 30. */
  readonly restart?: number;
}

/**
 * GMRES, preconditioned from the right: A M⁻¹ u = b, x = M⁻¹ u.
 *
 * Minimises ‖b − A x‖₂ over x₀ + M⁻¹ span{r₀, (AM⁻¹)r₀, …}; x = x₀ + M⁻¹ V y is formed at a restart and at the end, so that no
 * second basis is kept. Own residual norm: ‖rₖ‖₂ of the least squares problem, which never increases.
 *
 * Storage: m(m + 1)/2 + 6m + 3, and n with a preconditioner; on first use k + 1 ≤ m + 1 basis columns of n doubles for k iterations.
 * Iteration k of a cycle: 1 operator application, 1 preconditioner application, 2(k + 1) inner products in 2 reductions,
 * 2k vector updates. Each cycle of k iterations adds 1 operator and 1 preconditioner application, 2 inner products and k vector
 * updates, the end 1 operator application and 1 inner product.
 *
 * Failure: "breakdown" when the Krylov space is exhausted without containing the solution (a singular operator).
 * Throws `InvalidArgumentError` for a preconditioner that is not stationary: that needs `fgmres`.
 *
 * References: [Saad1986], [Saad2003] sections 6.5 and 9.3.2.
 */
export function gmres(system: KrylovSystem, { restart = 30 }: RestartOptions = {}): KrylovMethod {
  requireFittingSizes("gmres", system);
  requireStationarity("gmres", system);
  requireRestart("gmres", restart);
  const counted = countedSystem("gmres", system);
  const buffer = counted.preconditioned ? counted.vector() : new Float64Array(0);
  const cycle = gmresCycle(counted, restart, {
    direction: (_, v) => counted.precondition(v, buffer),
    correction: (y, count, { basis, scratch }) => counted.precondition(combine(basis, y, count, scratch), buffer),
  });
  return krylovMethod(counted, buffer.length + gmresCycleStorage(restart), cycle);
}
