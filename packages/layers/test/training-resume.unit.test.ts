import { adam, gradientDescent, lbfgs, momentum, type TrainingOptions } from "@parakkt/layers";
import { peaksTraining, trainToTheEnd } from "./training-cases.js";

const cases: [string, Partial<TrainingOptions> & { samples?: number }][] = [
  ["adam on mini-batches with dropout, an indicator and a check", { dropout: 0.2, indicator: { every: 3, threshold: 1e-3, action: "more-iterations" }, checkEvery: 2 }],
  ["momentum with growing depth and batches", { optimizer: (size) => momentum(size), depth: [{ from: 0, size: 8 }, { from: 1, size: 16 }], batchSize: [{ from: 0, size: 25 }, { from: 1, size: 40 }] }],
  ["descent with spline weights and penalties", { optimizer: gradientDescent, spline: { knots: 5, degree: 2 }, regularization: { decay: 1e-3, smoothness: 1e-3 } }],
  ["one-shot with warm-started states and adjoints", { epochs: 5, batchSize: [{ from: 0, size: 60 }], effort: { kind: "inexact", forward: 1, backward: 1 }, warmStart: "states-and-adjoints" }],
  ["one-shot with warm-started states on three levels", { epochs: 5, batchSize: [{ from: 0, size: 60 }], effort: { kind: "inexact", forward: 1, backward: 1 }, warmStart: "states", solver: { coarsening: 2, levels: 3 } }],
  ["l-bfgs with a line search", { epochs: 5, batchSize: [{ from: 0, size: 60 }], optimizer: (size) => lbfgs(size, { pairs: 3 }), rate: { rate: 1 }, effort: { kind: "serial" } }],
];

describe("a training that takes over a snapshot continues with the same bits", () => {
  test.each(cases)("%s, after every update", (_name, options) => {
    const whole = peaksTraining(options);
    const records = trainToTheEnd(whole);
    const updates = whole.position.updates;
    expect(updates).toBeGreaterThanOrEqual(4);
    for (let stop = 1; stop < updates; stop++) {
      const first = peaksTraining(options);
      const before = Array.from({ length: stop }, () => first.advance()).flat();
      const second = peaksTraining(options);
      second.restore(structuredClone(first.snapshot()));
      expect([...before, ...trainToTheEnd(second)]).toEqual(records);
      expect(second.parameters).toEqual(whole.parameters);
    }
  });

  test("but without the optimiser's memory it does not (negative control)", () => {
    const whole = peaksTraining();
    trainToTheEnd(whole);
    const first = peaksTraining();
    first.advance();
    const { position, vectors } = first.snapshot();
    const second = peaksTraining();
    second.restore({ position, vectors: vectors.map((vector, k) => (k === 0 ? vector : new Float64Array(vector.length))) });
    trainToTheEnd(second);
    expect(second.parameters).not.toEqual(whole.parameters);
  });

  test("and two trainings with the same seed are equal, with another seed not", () => {
    const [a, b, c] = [1, 1, 2].map((seed) => peaksTraining({ seed, dropout: 0.1, optimizer: (size) => adam(size) }));
    for (const run of [a, b, c]) trainToTheEnd(run);
    expect(a.parameters).toEqual(b.parameters);
    expect(a.parameters).not.toEqual(c.parameters);
  });
});
