import { cg, euclideanSpace, fgmres, gmres, minres, NonFiniteError, type KrylovMethod, type KrylovSystem } from "@parakkt/core";
import { seededRandom } from "@parakkt/testing";
import { Matrix } from "ml-matrix";
import { densePreconditioner, denseSystem, geometricSpectrum, symmetricMatrix } from "./krylov-matrices.js";

type Application = (x: Float64Array, out: Float64Array) => void;
type Fault = "nan" | "infinity" | "error";

const methods: [string, (system: KrylovSystem) => KrylovMethod][] = [
  ["cg", cg],
  ["minres", minres],
  ["gmres", gmres],
  ["fgmres", fgmres],
];

const n = 30;
const matrix = symmetricMatrix(geometricSpectrum(n, 100), seededRandom(80));
const inverseOfM = symmetricMatrix(geometricSpectrum(n, 3), seededRandom(81));
const rhs = seededRandom(82).normalVector(n);

/** `application` that goes wrong at its call number `call` (from 1) and only there. */
function faulty(application: Application, call: number, fault: Fault): Application {
  let calls = 0;
  return (x, out) => {
    application(x, out);
    if (++calls !== call) return;
    if (fault === "error") throw new NonFiniteError("tapered sweep", 7, 3);
    out[n >> 1] = fault === "nan" ? Number.NaN : Number.POSITIVE_INFINITY;
  };
}

/** The system with a fault in the given call of operator or preconditioner. */
function faultySystem(at: { operator?: number; preconditioner?: number; fault: Fault }): KrylovSystem {
  const { operator, preconditioner = densePreconditioner(inverseOfM), ...rest } = denseSystem(matrix, { preconditioner: densePreconditioner(inverseOfM) });
  const never = Number.POSITIVE_INFINITY;
  return {
    ...rest,
    operator: { ...operator, apply: faulty(operator.apply, at.operator ?? never, at.fault) },
    preconditioner: { ...preconditioner, apply: faulty(preconditioner.apply, at.preconditioner ?? never, at.fault) },
  };
}

const isFinite = (x: Float64Array): boolean => x.every((value) => Number.isFinite(value));

describe.each(methods)("%s and non-finite numbers:", (_, create) => {
  const sound = (maxIterations: number): Float64Array => {
    const x = new Float64Array(n);
    create(faultySystem({ fault: "nan" })).solve(rhs, x, { maxIterations });
    return x;
  };

  test.each(["nan", "infinity", "error"] as const)("one from the operator (%s) is found in the same iteration and x is the last iterate", (fault) => {
    // Application 1 makes the initial residual, application k + 1 belongs to iteration k.
    for (const iteration of [1, 2, 5]) {
      const x = new Float64Array(n);
      const result = create(faultySystem({ operator: iteration + 1, fault })).solve(rhs, x);
      expect(result).toMatchObject({ reason: { kind: "failed", by: "non-finite", iteration }, iterations: iteration - 1 });
      expect(result.reason).toHaveProperty("evidence", expect.stringMatching(/^operator: /));
      expect(x).toEqual(sound(iteration - 1));
      expect(Number.isFinite(result.trueResidualNorm)).toBe(true);
    }
  });

  test.each(["nan", "infinity", "error"] as const)("one from the preconditioner (%s) is found within one iteration and x stays finite", (fault) => {
    for (const call of [1, 2, 5]) {
      const x = new Float64Array(n);
      const { reason, iterations } = create(faultySystem({ preconditioner: call, fault })).solve(rhs, x);
      expect(reason).toMatchObject({ kind: "failed", by: "non-finite" });
      expect(reason).toHaveProperty("evidence", expect.stringMatching(/^preconditioner: /));
      expect(Math.abs(iterations + 1 - call)).toBeLessThanOrEqual(1);
      expect(x).toEqual(sound(iterations));
    }
  });

  test("a NonFiniteError of an application becomes evidence with operator, time step and index", () => {
    const { reason } = create(faultySystem({ preconditioner: 3, fault: "error" })).solve(rhs, new Float64Array(n));
    expect(reason).toHaveProperty("evidence", expect.stringContaining("tapered sweep: non-finite value at time step 7, degree of freedom 3"));
  });

  test("one in the right-hand side or in the initial guess is named before the first iteration", () => {
    const method = create(faultySystem({ fault: "nan" }));
    const badRhs = Float64Array.from(rhs);
    badRhs[3] = Number.NaN;
    const x = new Float64Array(n);
    const result = method.solve(badRhs, x);
    expect(result).toMatchObject({ reason: { by: "non-finite", iteration: 0 }, iterations: 0, residualNorms: [Number.NaN] });
    expect(result.reason).toHaveProperty("evidence", expect.stringMatching(/^right-hand side: /));
    expect(x).toEqual(new Float64Array(n));
    const badGuess = new Float64Array(n).fill(Number.NaN);
    expect(method.solve(rhs, badGuess).reason).toHaveProperty("evidence", expect.stringMatching(/^initial guess: /));
  });

  test("one from the operator in the initial residual is the operator's", () => {
    const { reason } = create(faultySystem({ operator: 1, fault: "nan" })).solve(rhs, new Float64Array(n));
    expect(reason).toMatchObject({ by: "non-finite", iteration: 0, evidence: expect.stringMatching(/^operator: /) });
  });

  test("a sound solve after a failed one is as if that had not been", () => {
    const method = create(faultySystem({ operator: 6, fault: "error" }));
    expect(method.solve(rhs, new Float64Array(n)).reason.kind).toBe("failed");
    const [x, y] = [new Float64Array(n), new Float64Array(n)];
    const again = method.solve(rhs, x);
    expect(again).toEqual(create(faultySystem({ fault: "nan" })).solve(rhs, y));
    expect(x).toEqual(y);
  });

  test("a message of an earlier solve is no evidence for a later one", () => {
    const system = faultySystem({ operator: 3, fault: "error" });
    const apply = faulty(system.operator.apply, 5, "nan");
    const method = create({ ...system, operator: { ...system.operator, apply } });
    // The first solve makes four calls, of which the one that throws is not counted here.
    expect(method.solve(rhs, new Float64Array(n)).reason).toHaveProperty("evidence", expect.stringContaining("tapered sweep"));
    expect(method.solve(rhs, new Float64Array(n)).reason).toMatchObject({ iteration: 1, evidence: expect.not.stringContaining("tapered sweep") });
  });

  test("none stays in padding entries, which no operator overwrites", () => {
    const padding = 3;
    const { operator, preconditioner } = faultySystem({ operator: 4, fault: "error" });
    const inner = (apply: Application): Application => (x, out) => {
      const short = new Float64Array(n);
      try {
        apply(x.subarray(0, n), short);
      } finally {
        out.set(short);
      }
    };
    const size = n + padding;
    const method = create({
      space: euclideanSpace(size),
      operator: { ...operator, rows: size, cols: size, apply: inner(operator.apply) },
      preconditioner: { ...preconditioner!, size, apply: inner(preconditioner!.apply) },
    });
    const paddedRhs = new Float64Array(size);
    paddedRhs.set(rhs);
    expect(method.solve(paddedRhs, new Float64Array(size)).reason.kind).toBe("failed");
    expect(method.solve(paddedRhs, new Float64Array(size)).reason.kind).toBe("converged");
  });

  test("one in the residual that would certify convergence is not converged", () => {
    const { iterations } = create(faultySystem({ fault: "nan" })).solve(rhs, new Float64Array(n));
    const x = new Float64Array(n);
    const result = create(faultySystem({ operator: iterations + 2, fault: "nan" })).solve(rhs, x);
    expect(result).toMatchObject({ reason: { kind: "failed", by: "non-finite", iteration: iterations }, trueResidualNorm: Number.NaN });
    expect(isFinite(x)).toBe(true);
  });

  test("any other exception of an application is passed on", () => {
    const { operator, ...rest } = denseSystem(matrix);
    const broken = { ...operator, apply: () => { throw new RangeError("mistake"); } };
    expect(() => create({ ...rest, operator: broken }).solve(rhs, new Float64Array(n))).toThrow(RangeError);
  });
});

describe("an indefinite operator", () => {
  const indefinite = denseSystem(symmetricMatrix([...geometricSpectrum(20, 50), -0.5, -2], seededRandom(83)));
  const b = seededRandom(84).normalVector(22);

  test("is found by CG, with the curvature as evidence", () => {
    const x = new Float64Array(22);
    const { reason, iterations } = cg(indefinite).solve(b, x);
    expect(reason).toMatchObject({ kind: "failed", by: "indefinite-operator", iteration: iterations + 1 });
    expect(reason).toHaveProperty("evidence", expect.stringMatching(/pᵀAp\/pᵀp = -\d.*‖A‖ is at least .*not positive definite/));
    expect(isFinite(x)).toBe(true);
  });

  test("is no obstacle to MINRES", () => {
    expect(minres(indefinite).solve(b, new Float64Array(22)).reason.kind).toBe("converged");
  });

  test("is found in the first iteration when −A is definite", () => {
    const { reason } = cg(denseSystem(matrix.clone().mul(-1))).solve(rhs, new Float64Array(n));
    expect(reason).toMatchObject({ by: "indefinite-operator", iteration: 1 });
  });

  test("is not what CG says of a definite one, up to condition 1e15 (negative control)", () => {
    for (let exponent = 0; exponent <= 15; exponent++) {
      const definite = denseSystem(symmetricMatrix(geometricSpectrum(20, 10 ** exponent), seededRandom(exponent)));
      const { reason } = cg(definite).solve(seededRandom(exponent + 50).normalVector(20), new Float64Array(20), { maxIterations: 400 });
      expect(reason).not.toMatchObject({ by: "indefinite-operator" });
    }
  });
});

describe("a singular operator", () => {
  test("is told from an indefinite one by CG when rounding alone makes a curvature negative", () => {
    const evidence: string[] = [];
    for (let seed = 0; seed < 20; seed++) {
      const size = 12;
      const spectrum = [0, ...geometricSpectrum(size - 1, 10)];
      const nullVector = symmetricMatrix([1, ...new Array<number>(size - 1).fill(0)], seededRandom(seed)).getColumn(0);
      const { reason } = cg(denseSystem(symmetricMatrix(spectrum, seededRandom(seed)))).solve(Float64Array.from(nullVector), new Float64Array(size));
      expect(reason).not.toMatchObject({ by: "indefinite-operator" });
      if (reason.kind === "failed" && reason.by === "breakdown") evidence.push(reason.evidence);
    }
    // It does happen: pᵀAp is about −ε‖A‖pᵀp for some of the seeds.
    expect(evidence.filter((text) => /pᵀAp\/pᵀp = -\d.*singular/.test(text)).length).toBeGreaterThan(2);
  });

  test.each(methods)("whose null space holds the right-hand side is a breakdown of %s", (_, create) => {
    const x = new Float64Array(3);
    const { reason } = create(denseSystem(Matrix.diag([1, 2, 0]))).solve(Float64Array.of(0, 0, 1), x);
    expect(reason).toMatchObject({ kind: "failed", by: "breakdown", iteration: 1, evidence: expect.stringContaining("singular") });
    expect(x).toEqual(new Float64Array(3));
  });

  test.each([["minres", minres], ["gmres", gmres], ["fgmres", fgmres]] as const)("leaves %s with the least residual of an inconsistent system", (_, create) => {
    const x = new Float64Array(4);
    const result = create(denseSystem(Matrix.diag([1, 2, 3, 0]))).solve(Float64Array.of(1, 1, 1, 1), x);
    expect(result.reason).toMatchObject({ kind: "failed", by: "breakdown" });
    // min ‖b − A x‖ over all x is the part of b in the null space; the last step of a short recurrence is the breakdown itself.
    expect(result.trueResidualNorm).toBeLessThan(1.2);
  });

  test.each(methods)("is no obstacle to %s when the system is consistent", (_, create) => {
    const x = new Float64Array(4);
    const result = create(denseSystem(Matrix.diag([1, 2, 3, 0]))).solve(Float64Array.of(1, 1, 1, 0), x);
    expect(result.reason.kind).toBe("converged");
  });

  test("that is nilpotent is a breakdown of GMRES although the system has a solution", () => {
    const { reason } = gmres(denseSystem(new Matrix([[0, 1], [0, 0]]), { symmetric: false })).solve(Float64Array.of(1, 0), new Float64Array(2));
    expect(reason).toMatchObject({ by: "breakdown", iteration: 1 });
  });
});

describe("an indefinite preconditioner", () => {
  const negative = Matrix.diag(Array.from({ length: n }, (_, k) => (k === 4 ? -50 : 1)));

  test.each([["cg", cg], ["minres", minres]] as const)("is found by %s, with rᵀM⁻¹r as evidence", (_, create) => {
    const { reason } = create(denseSystem(matrix, { preconditioner: densePreconditioner(negative) })).solve(rhs, new Float64Array(n));
    expect(reason).toMatchObject({ kind: "failed", by: "indefinite-preconditioner" });
    expect(reason).toHaveProperty("evidence", expect.stringMatching(/M⁻¹. = -\d.*not positive definite/));
  });

  test.each([["cg", cg], ["minres", minres]] as const)("that maps the residual to zero is found by %s too", (_, create) => {
    const zero = densePreconditioner(Matrix.zeros(n, n));
    const { reason } = create(denseSystem(matrix, { preconditioner: zero })).solve(rhs, new Float64Array(n));
    expect(reason).toMatchObject({ by: "indefinite-preconditioner" });
  });

  test("is no obstacle to GMRES", () => {
    const result = gmres(denseSystem(matrix, { preconditioner: densePreconditioner(negative) }), { restart: n }).solve(rhs, new Float64Array(n));
    expect(result.reason.kind).toBe("converged");
  });
});
