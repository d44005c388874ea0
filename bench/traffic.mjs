/**
 * Bytes that each phase must move at least when no state series stays in a cache: every series that a pass reads or writes counts once,
 * 8 bytes an entry. `states` is the number of entries of one series.
 */
const BYTES = 8;

/** Transform of ũ in place; per mode ũ in, u and z out; transforms of u and z in place. */
export function directTraffic(states) {
  return {
    data: BYTES * states,
    "forward transform": 2 * BYTES * states,
    "solve in time": 3 * BYTES * states,
    "backward transforms": 4 * BYTES * states,
    certificate: 2 * BYTES * states,
  };
}

/** Series read or written by one application or iteration. */
const series = {
  // S p from p, which brings p·w along; G r from r, half as long; Gᵀ of it with x and p in and out; r −= αw.
  schur: { operator: 2, preconditioner: 6, vectors: 3, recovery: 2 + 3 },
  // Fused: p and x, p, y in and out in two passes; the operator of the recomputed residual apart.
  fused: { operator: 0, preconditioner: 0, vectors: 8, recovery: 2 + 3 },
  // H p: a forward sweep and an adjoint one, each in and out; it brings p·w along. No preconditioner, so two vector passes fewer again.
  reduced: { operator: 4, preconditioner: 0, vectors: 9, recovery: 4 + 4 },
};

/**
 * Conjugate gradients: r·z (2), p = z + βp (3), r −= αw with r·r (3), x += αp (3), as far as the preconditioner does not make p and x itself;
 * recovery is the right-hand side and the way from the solution to (u, z, λ); the certificate reads u, z, λ and ũ.
 */
export function iterationTraffic(formulation, states, { iterations, operatorApplications, preconditionerApplications }) {
  const { operator, preconditioner, vectors, recovery } = series[formulation];
  const bytes = BYTES * states;
  return {
    data: bytes,
    operator: operator * bytes * operatorApplications,
    preconditioner: preconditioner * bytes * preconditionerApplications,
    vectors: vectors * bytes * iterations,
    recovery: recovery * bytes,
    certificate: 4 * bytes,
  };
}
