import { checkTimeIntegrator, uniformTimeGrid, type TimeIntegrator } from "@parakkt/core";
import { decayingIntegrator, denseIntegrator, seededRandom } from "@parakkt/testing";
import { randomScheme } from "./dense-optimal-control.js";

const SIZE = 4;
const scheme = randomScheme(8, SIZE, SIZE);
const right = denseIntegrator(scheme);
const step = uniformTimeGrid(1, 10).step(4);

/** The laws that an integrator fails. */
function failures(integrator: TimeIntegrator, options: { solveTolerance?: number } = {}): string[] {
  const { uniform } = seededRandom(5);
  const smooth = { state: new Float64Array(SIZE).fill(1), duration: 0.1 };
  const checks = checkTimeIntegrator(integrator, { step, random: () => 2 * uniform() - 1, smooth, ...options });
  for (const { figure, tolerance, passed } of checks) expect(passed).toBe(figure <= tolerance);
  return checks.filter(({ passed }) => !passed).map(({ law }) => law);
}

const SOLVES = "step solves its row: L step(x, f) − R x = f";
const STEP_ADJOINT = "stepAdjoint is the transpose of step: ⟨step(x, f), y⟩ = ⟨x, x̄⟩ + ⟨f, w⟩";
const RESIDUAL_ADJOINT = "residualAdjoint is the transpose of residual";
const CONTROL_ADJOINT = "applyControlAdjoint is the transpose of applyControl";
const REPEATS = "step repeats bit for bit and leaves its inputs alone";
const REACTION = "withReaction(ρ) adds ρu: ((Lρ − Rρ) − (L − R)) x = τρ x + O((τρ)²)";
const ADDITIVE = "withReaction(ρ/2) twice is withReaction(ρ)";

const DECAYS = "states decay at least as fast as slowestDecay says: (1 + τµ₀) ‖step(x, 0)‖ ≤ ‖x‖";

const withAndWithoutReaction = (...laws: string[]): string[] => [...laws, ...laws.map((law) => `${law} with reaction`)];

/** The integrator with some of its maps replaced, also under a reaction. */
function planted(integrator: TimeIntegrator, replace: (original: TimeIntegrator) => Partial<TimeIntegrator>): TimeIntegrator {
  return { ...integrator, ...replace(integrator), withReaction: (reaction) => planted(integrator.withReaction(reaction), replace) };
}

describe("checkTimeIntegrator", () => {
  test("finds nothing wrong with a right integrator", () => {
    expect(failures(right)).toEqual([]);
  });

  test("names every law once, with its figure and the largest that is allowed", () => {
    const { uniform } = seededRandom(5);
    const checks = checkTimeIntegrator(right, { step, random: uniform });
    expect(new Set(checks.map(({ law }) => law)).size).toBe(checks.length);
    expect(checks.map(({ law }) => law)).toEqual([
      ...[SOLVES, STEP_ADJOINT, RESIDUAL_ADJOINT, CONTROL_ADJOINT, REPEATS],
      ...[SOLVES, STEP_ADJOINT, RESIDUAL_ADJOINT, CONTROL_ADJOINT, REPEATS].map((law) => `${law} with reaction`),
      ...[REACTION, ADDITIVE],
    ]);
  });

  test("puts a slowest decay to the test, where one is said", () => {
    const decaying = decayingIntegrator(Float64Array.of(3, 5, 80));
    const { uniform } = seededRandom(5);
    const failed = (integrator: TimeIntegrator): string[] =>
      checkTimeIntegrator(integrator, { step, random: () => 2 * uniform() - 1 }).flatMap(({ law, passed }) => (passed ? [] : [law]));
    expect(failed(decaying)).toEqual([]);
    expect(failed({ ...decaying, slowestDecay: 4 })).toEqual([DECAYS]);
  });

  test("lets an iterative solver leave the residual that it is told to allow, and no more", () => {
    const inexact = planted(right, ({ step: solve }) => ({
      step(at, previous, forcing, next) {
        solve(at, previous, forcing, next);
        next[0] *= 1 + 1e-6;
      },
    }));
    expect(failures(inexact)).toContain(SOLVES);
    expect(failures(inexact, { solveTolerance: 1e-4 })).not.toContain(SOLVES);
  });
});

describe("checkTimeIntegrator catches a planted error by the law that it breaks:", () => {
  test("an adjoint step that solves with L instead of Lᵀ", () => {
    const wrong = planted(right, (original) => ({
      stepAdjoint(at, sensitivity, multiplier, previousSensitivity) {
        original.step(at, new Float64Array(SIZE), sensitivity, multiplier);
        original.residualAdjoint(at, multiplier, previousSensitivity, new Float64Array(SIZE));
        for (let j = 0; j < SIZE; j++) previousSensitivity[j] = -previousSensitivity[j];
      },
    }));
    expect(failures(wrong)).toEqual(withAndWithoutReaction(STEP_ADJOINT));
  });

  test("an adjoint step that forgets the transport R", () => {
    const wrong = planted(right, ({ stepAdjoint }) => ({
      stepAdjoint(at, sensitivity, multiplier, previousSensitivity) {
        stepAdjoint(at, sensitivity, multiplier, previousSensitivity);
        previousSensitivity.set(multiplier);
      },
    }));
    expect(failures(wrong)).toEqual(withAndWithoutReaction(STEP_ADJOINT));
  });

  test("an adjoint step that adds to its output", () => {
    const wrong = planted(right, ({ stepAdjoint }) => ({
      stepAdjoint(at, sensitivity, multiplier, previousSensitivity) {
        const before = multiplier.slice();
        stepAdjoint(at, sensitivity, multiplier, previousSensitivity);
        for (let j = 0; j < SIZE; j++) multiplier[j] += before[j];
      },
    }));
    expect(failures(wrong)).toEqual(withAndWithoutReaction(STEP_ADJOINT));
  });

  test("a residual adjoint of the wrong sign", () => {
    const wrong = planted(right, ({ residualAdjoint }) => ({
      residualAdjoint(at, multiplier, previous, current) {
        residualAdjoint(at, multiplier, previous, current);
        for (let j = 0; j < SIZE; j++) previous[j] = -previous[j];
      },
    }));
    expect(failures(wrong)).toEqual(withAndWithoutReaction(RESIDUAL_ADJOINT));
  });

  test("a control adjoint that is the control itself", () => {
    const wrong = planted(right, ({ applyControl }) => ({ applyControlAdjoint: applyControl }));
    expect(failures(wrong)).toEqual(withAndWithoutReaction(CONTROL_ADJOINT));
  });

  test("a step that solves for another step size", () => {
    const wrong = planted(right, ({ step: solve }) => ({
      step: (at, previous, forcing, next) => solve({ ...at, size: 2 * at.size }, previous, forcing, next),
    }));
    expect(failures(wrong)).toEqual([SOLVES, STEP_ADJOINT, `${SOLVES} with reaction`, `${STEP_ADJOINT} with reaction`]);
  });

  test("a step that changes its input", () => {
    const wrong = planted(right, ({ step: solve }) => ({
      step(at, previous, forcing, next) {
        solve(at, previous, forcing, next);
        forcing.fill(0);
      },
    }));
    expect(failures(wrong)).toEqual(withAndWithoutReaction(REPEATS));
  });

  test("a step that remembers the last one", () => {
    const wrong = planted(right, ({ step: solve }) => {
      let calls = 0;
      return {
        step(at, previous, forcing, next) {
          solve(at, previous, forcing, next);
          next[0] *= 1 + 1e-15 * calls++;
        },
      };
    });
    expect(failures(wrong)).toEqual(withAndWithoutReaction(REPEATS));
  });

  test("a reaction of the wrong sign, and one that is left out", () => {
    const reversed = (integrator: TimeIntegrator): TimeIntegrator => ({ ...integrator, withReaction: (reaction) => reversed(integrator.withReaction(-reaction)) });
    const ignored: TimeIntegrator = { ...right, withReaction: () => ignored };
    expect(failures(reversed(right))).toEqual([REACTION]);
    expect(failures(ignored)).toEqual([REACTION]);
  });

  test("a second reaction that replaces the first", () => {
    const replacing: TimeIntegrator = { ...right, withReaction: (reaction) => ({ ...right.withReaction(reaction), withReaction: replacing.withReaction }) };
    expect(failures(replacing)).toEqual([ADDITIVE]);
  });

  test("a wrong order", () => {
    expect(failures({ ...right, order: 2 })).toEqual(["observed order is 2"]);
  });

  test("an output that is not written", () => {
    const wrong = planted(right, ({ residual }) => ({
      residual(at, previous, current, out) {
        const untouched = out[1];
        residual(at, previous, current, out);
        out[1] = untouched;
      },
    }));
    expect(failures(wrong)).toEqual(expect.arrayContaining([SOLVES, RESIDUAL_ADJOINT, REACTION]));
  });
});
