import { countedSystem } from "./counted-system.js";
import { combine, gmresCycle, gmresCycleStorage } from "./gmres-cycle.js";
import type { RestartOptions } from "./gmres.js";
import { krylovMethod } from "./krylov-loop.js";
import type { KrylovMethod, KrylovSystem } from "./krylov-method.js";
import { requireFittingSizes, requireRestart } from "./set-up.js";

/**
 * Flexible GMRES: preconditioned from the right by an M that may differ in every iteration (an inner iteration, say).
 *
 * Minimises ‖b − A x‖₂ over x₀ + span{z₀, z₁, …}, zₖ = Mₖ⁻¹ vₖ; x = x₀ + Z y is formed at a restart and at the end. With a
 * stationary M it takes the iterates of GMRES, saves one preconditioner application a cycle and keeps a second basis.
 * Own residual norm: ‖rₖ‖₂ of the least squares problem, which never increases.
 *
 * Storage: m(m + 1)/2 + 6m + 3; on first use k + 1 ≤ m + 1 basis columns of n doubles for k iterations, and k more with a
 * preconditioner. Iteration k of a cycle: 1 operator application, 1 preconditioner application, 2(k + 1) inner products in
 * 2 reductions, 2k vector updates. Each cycle of k iterations adds 1 operator application, 2 inner products and k vector updates,
 * the end 1 operator application and 1 inner product.
 *
 * Failure: "breakdown" when no vector is left to extend the basis and the solution is not yet found, because A or Mₖ is singular.
 *
 * References: [Saad1993], [Saad2003] section 9.4.1.
 */
export function fgmres(system: KrylovSystem, { restart = 30 }: RestartOptions = {}): KrylovMethod {
  requireFittingSizes("fgmres", system);
  requireRestart("fgmres", restart);
  const counted = countedSystem("fgmres", system);
  const directions: Float64Array[] = [];
  const cycle = gmresCycle(counted, restart, {
    direction: (k, v) => (counted.preconditioned ? counted.precondition(v, (directions[k] ??= counted.vector())) : v),
    correction: (y, count, { basis, scratch }) => combine(counted.preconditioned ? directions : basis, y, count, scratch),
  });
  return krylovMethod(counted, gmresCycleStorage(restart), cycle);
}
