import { euclideanSpace } from "@parakkt/core";

/** How far a gradient is from the exact one. */
export interface GradientAgreement {
  /** cos ∠(g, g*): descent needs more than 0. */
  readonly cosine: number;
  /** ‖g − g*‖/‖g*‖ */
  readonly relativeError: number;
}

export function gradientAgreement(gradient: Float64Array, exact: Float64Array): GradientAgreement {
  const { innerProduct } = euclideanSpace(exact.length);
  const [gg, ge, ee] = [innerProduct(gradient, gradient), innerProduct(gradient, exact), innerProduct(exact, exact)];
  const difference = gradient.reduce((sum, value, j) => sum + (value - exact[j]) ** 2, 0);
  return { cosine: ge / Math.sqrt(gg * ee), relativeError: Math.sqrt(difference / ee) };
}
