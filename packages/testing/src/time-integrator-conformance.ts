import { checkTimeIntegrator, type IntegratorCheckOptions, type TimeIntegrator } from "@parakkt/core";

/** An integrator and what its laws are to be tested with. */
export interface IntegratorUnderTest extends IntegratorCheckOptions {
  readonly integrator: TimeIntegrator;
}

/**
 * The conformance suite of `TimeIntegrator` as jest tests: one test a law. One line admits a new integrator:
 *
 *     describeTimeIntegrator("backward Euler, n = 15", () => ({ integrator, step, random }));
 */
export function describeTimeIntegrator(name: string, create: () => IntegratorUnderTest): void {
  describe(name, () => {
    const { integrator, ...options } = create();
    for (const { law, figure, tolerance } of checkTimeIntegrator(integrator, options)) {
      test(law, () => {
        expect(figure).toBeLessThanOrEqual(tolerance);
      });
    }
  });
}
