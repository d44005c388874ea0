import { plainKernels, simdKernels, type Kernels, type ModalControlProblem } from "@parakkt/kernels";
import { seededRandom } from "@parakkt/testing";

const random = seededRandom(32);

interface Solved {
  readonly state: Float64Array;
  readonly control: Float64Array;
}

function solve(kernels: Kernels, problem: ModalControlProblem, { state, control }: Solved): Solved {
  const [u, z] = [kernels.allocate(state.length), kernels.allocate(control.length)];
  u.set(state);
  z.set(control);
  kernels.modalControl(problem).solve(u, z);
  return { state: u, control: z };
}

function randomProblem(modes: number, steps: number, sources: "first" | "all"): ModalControlProblem {
  return {
    eigenvalues: random.normalVector(modes).map((value) => Math.exp(3 * value)),
    sizes: random.normalVector(steps).map((value) => 0.1 * Math.exp(value)),
    controlScale: -1.7,
    regularization: 1e-3,
    sources,
    scale: 1,
  };
}

/** The largest entry of the three rows of (KKT.1) in mode q, divided by the largest term that they are made of. */
function kktDefect({ eigenvalues, sizes, controlScale: s, regularization, sources }: ModalControlProblem, data: Solved, { state, control }: Solved): number {
  const modes = eigenvalues.length;
  let defect = 0;
  let largest = 0;
  for (let i = 0; i < state.length; i++) {
    const [k, q] = [Math.floor(i / modes), i % modes];
    const e = 1 + sizes[k] * eigenvalues[q];
    const adjoint = (at: number): number => (at < state.length ? (regularization * control[at]) / s : 0);
    const terms = [sizes[k] * state[i], -sizes[k] * data.state[i], e * adjoint(i), -adjoint(i + modes)];
    const source = k === 0 || sources === "all" ? data.control[i] : 0;
    const constraint = [e * state[i], k > 0 ? -state[i - modes] : 0, -s * sizes[k] * control[i], -source];
    for (const row of [terms, constraint]) {
      defect = Math.max(defect, Math.abs(row.reduce((a, b) => a + b)));
      largest = Math.max(largest, ...row.map(Math.abs));
    }
  }
  return defect / largest;
}

const cases: [number, number, "first" | "all"][] = [[1, 1, "first"], [1, 5, "all"], [2, 1, "all"], [5, 3, "first"], [31, 20, "all"], [32, 20, "first"], [33, 700, "all"], [1501, 20, "first"]];

describe.each<[string, () => Kernels]>([
  ["simd", simdKernels],
  ["plain", plainKernels],
])("the %s modal solve", (_, create) => {
  test.each(cases)("of %i modes and %i steps, source in %s, satisfies the optimality conditions", (modes, steps, sources) => {
    const problem = randomProblem(modes, steps, sources);
    const data = { state: random.normalVector(modes * steps), control: random.normalVector(modes * steps) };
    expect(kktDefect(problem, data, solve(create(), problem, data))).toBeLessThan(1e3 * Number.EPSILON);
  });

  test.each([1e-14, 1e-8, 1, 1e8])("stays accurate for ω = %d", (regularization) => {
    const problem = { ...randomProblem(40, 60, "all"), regularization };
    const data = { state: random.normalVector(2400), control: random.normalVector(2400) };
    expect(kktDefect(problem, data, solve(create(), problem, data))).toBeLessThan(1e3 * Number.EPSILON);
  });
});

test.each(cases)("simd and plain agree on %i modes and %i steps, source in %s", (modes, steps, sources) => {
  const problem = { ...randomProblem(modes, steps, sources), scale: 0.37 };
  const data = { state: random.normalVector(modes * steps), control: random.normalVector(modes * steps) };
  const [fast, plain] = [solve(simdKernels(), problem, data), solve(plainKernels(), problem, data)];
  for (const field of ["state", "control"] as const) {
    const size = plain[field].reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
    const difference = fast[field].reduce((largest, value, i) => Math.max(largest, Math.abs(value - plain[field][i])), 0);
    expect(difference).toBeLessThan(1e-13 * size);
  }
});
