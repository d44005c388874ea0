import { loadConfig } from "@parakkt/cli";
import type { HeatProblem, LaneIntegrator, Preconditioner, SolveOptions, TimeIntegrator } from "@parakkt/core";
import { twoLevel } from "@parakkt/precond";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadInputData } from "../dist/data/load-input-data.js";
import { configuredModel, verifyModel } from "../dist/verify/verify-config.js";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();

type Plant = (problem: HeatProblem, options: SolveOptions) => { readonly problem?: HeatProblem; readonly options?: SolveOptions };

/** The checks that fail when a mistake is planted into what a config builds. */
function failures(plant: Plant, method = "preconditioner: { subdomains: 4 }"): string[] {
  const path = join(directory(), "heat.yaml");
  writeFileSync(path, 'problem: { target: "x*t", initialState: "x*(1-x)", domain: { cells: [6, 5] }, time: { steps: 16 }, diffusivity: "1 + x", controlScale: 1.3 }\n' + method);
  const loaded = loadConfig({ path });
  const sound = configuredModel(loaded.config, loadInputData({ ...loaded, allowPath: false }));
  const { problem = sound.problem } = plant(sound.problem, {} as SolveOptions);
  const optionsFor: typeof sound.optionsFor = (settings) => {
    const options = sound.optionsFor(settings);
    return plant(problem, options).options ?? options;
  };
  const checks = verifyModel(loaded.config, { problem, optionsFor }, () => undefined);
  return checks.filter(({ verdict }) => verdict === "failed").map(({ name }) => name);
}

const withLanes = (change: (lanes: LaneIntegrator) => Partial<LaneIntegrator>): Plant => (problem) => {
  const changed = (integrator: TimeIntegrator): TimeIntegrator => ({
    ...integrator,
    lanes: (kernels) => {
      const lanes = integrator.lanes!(kernels)!;
      return { ...lanes, ...change(lanes) } as LaneIntegrator;
    },
    withReaction: (reaction) => changed(integrator.withReaction(reaction)),
  });
  return { problem: { ...problem, integrator: changed(problem.integrator) } };
};

test("nothing planted, nothing found", () => {
  expect(failures(() => ({}))).toEqual([]);
});

test.each<[string, Plant, string]>([
  ["a wrong scaling of the control in the fast kernels", withLanes(({ controlScale }) => ({ controlScale: 1.01 * controlScale })), "reported residual"],
  ["a forgotten reaction in the fast kernels", withLanes(() => ({ reaction: 0.5 })), "reported residual"],
  ["a wrong adjoint step", (problem) => {
    const integrator: { lanes?: unknown } & TimeIntegrator = { ...problem.integrator };
    delete integrator.lanes;
    const { stepAdjoint: soundAdjoint } = problem.integrator;
    const stepAdjoint: TimeIntegrator["stepAdjoint"] = (step, sensitivity, multiplier, previous) => {
      soundAdjoint(step, sensitivity, multiplier, previous);
      previous.forEach((value, j) => (previous[j] = 1.01 * value));
    };
    return { problem: { ...problem, integrator: { ...integrator, stepAdjoint } } };
  }, "adjoint of J⁻¹"],
  ["an overlap that is read but not written", (_problem, options) => {
    const preconditioner: SolveOptions["preconditioner"] = (d): Preconditioner => ({ ...twoLevel(d, { combination: "restricted", factor: "exact" }), symmetric: true });
    return { options: { ...options, preconditioner } };
  }, "symmetry of the preconditioner"],
])("%s, planted into what the config builds, fails the check that points to it", (_name, plant, check) => {
  expect(failures(plant)).toContain(check);
});

test("a wrong sign of the control in the fast kernels fails where the control is what is iterated on; S holds its square only", () => {
  const negated = withLanes(({ controlScale }) => ({ controlScale: -controlScale }));
  expect(failures(negated, "solver: { formulation: reduced }")).toContain("reported residual");
  expect(failures(negated)).toEqual([]);
});
