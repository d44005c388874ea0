import type { CountedSystem } from "./counted-system.js";
import type { KrylovIteration } from "./krylov-run.js";
import { lanczosRecord } from "./lanczos-record.js";
import { scientific } from "./rounding.js";
import type { FusedConjugateGradients } from "./fused-conjugate-gradients.js";

/** The iteration of `cg` when operator and preconditioner come fused: the same iterates up to rounding. Storage: 3n. */
export function fusedIteration(system: CountedSystem, fused: FusedConjugateGradients): KrylovIteration {
  const [own, p, work] = [system.vector(), system.vector(), system.vector()];
  let y = own;
  let rho = 0;
  let previousRho = Infinity;
  const record = lanczosRecord();
  return {
    cycleLength: Infinity,
    residual: () => y,
    keepResidualIn: (vector = own) => void (y = vector),
    present() {
      fused.residual(y, work);
      return { residual: work, work };
    },
    energy: () => rho,
    begin(norm) {
      rho = fused.begin(y);
      previousRho = Infinity;
      record.begin();
      return norm;
    },
    advance(x) {
      system.countFused();
      if (!(rho > 0 && rho < Infinity)) return breakdown(system, rho, { source: "preconditioner", quantity: "rᵀM⁻¹r", output: y });
      const curvature = fused.turn(rho / previousRho, y, p);
      const step = rho / curvature;
      if (!(curvature > 0 && curvature < Infinity && step < Infinity)) return breakdown(system, curvature, { source: "operator", quantity: "pᵀA p", output: p });
      const { preconditioned, residual } = fused.advance(step, { x, y, p });
      if (!Number.isFinite(residual)) {
        system.axpy(-step, p, x);
        return system.nonFinite("operator", "the residual", y);
      }
      record.append(step, rho / previousRho);
      previousRho = rho;
      rho = preconditioned;
      return Math.sqrt(residual);
    },
    conclude: () => undefined,
    record,
    state: {
      scalars: () => [rho, previousRho, ...record.values()],
      restore(scalars) {
        [rho, previousRho] = scalars;
        record.restore(scalars.slice(2));
      },
      vectors: () => [y, p],
    },
  };
}

function breakdown(system: CountedSystem, value: number, { source, quantity, output }: { source: string; quantity: string; output: Float64Array }) {
  if (!Number.isFinite(value)) return system.nonFinite(source, quantity, output);
  return { by: "breakdown" as const, evidence: `${quantity} = ${scientific(value)}: singular to working precision` };
}
