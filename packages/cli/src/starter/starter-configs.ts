/** A commented config to begin with. */
export interface StarterConfig {
  readonly about: string;
  readonly text: string;
}

const SOLVER = `
solver:
  formulation: auto             # auto, schur, full-space, reduced or direct; parakkt plan says what auto chooses
  relativeTolerance: 1.0e-8     # relative residual of the whole optimality system to reach
`;

const heat1d = `problem:
  domain: { extent: [1], cells: [128] }          # a rod; interior points = cells - 1
  time: { final: 1, steps: 256 }
  diffusivity: 0.05                              # a number, a formula of x, or { file: k.npy }
  initialState: "sin(pi*x)"                      # quote formulas; parakkt explain problem.initialState
  target: "exp(-50*(x - 0.5 - 0.3*sin(pi*t))^2)"
  regularization: 1.0e-4                         # weight of the control: smaller = closer to the target, stronger control
${SOLVER}`;

const heat2d = `problem:
  domain: { extent: [1, 1], cells: [64, 64] }    # side lengths and cells, x first
  time: { final: 1, steps: 128 }
  parameters: { amplitude: 1 }                   # names that formulas may use
  diffusivity: 1
  source: 0                                      # formula of x, y, t, or a file
  initialState: "sin(pi*x)*sin(pi*y)"
  target: "amplitude*sin(2*pi*t)*sin(pi*x)*sin(2*pi*y)"
  regularization: 1.0e-4
${SOLVER}`;

const heat3d = `problem:
  domain: { extent: [1, 1, 1], cells: [16, 16, 16] }
  time: { final: 1, steps: 64 }
  diffusivity: "1 + 0.5*sin(2*pi*x)"             # formula of x, y, z; must be positive everywhere
  initialState: "sin(pi*x)*sin(pi*y)*sin(pi*z)"
  target: "t*x*(1-x)*y*(1-y)*z*(1-z)"
  regularization: 1.0e-4
${SOLVER}`;

const inclusion = `problem:
  domain: { extent: [1, 1], cells: [32, 32] }
  time: { final: 1, steps: 128 }
  parameters: { contrast: 1.0e4 }
  diffusivity: "1 + (contrast - 1)*(x > 0.25)*(x < 0.5)*(y > 0.25)*(y < 0.75)"   # comparisons are 0 or 1
  initialState: "sin(pi*x)*sin(pi*y)"
  target: "t*x*(1-x)*y*(1-y)"
  regularization: 1.0e-3

solver:
  formulation: schur            # the Schur complement of the optimality system
  method: cg
  relativeTolerance: 1.0e-8

preconditioner:
  kind: two-level               # domain decomposition in time: two-level, multilevel, one-level, matching, none
  subdomains: 16                # of 8 time steps each
  overlap: 1
`;

const study = `problem:
  domain: { extent: [1, 1], cells: [16, 16] }
  time: { final: 1, steps: 64 }
  initialState: "sin(pi*x)*sin(pi*y)"
  target: "t*x*(1-x)*y*(1-y)"
  regularization: 1.0e-4

solver: { formulation: schur, method: cg }
preconditioner: { kind: two-level, subdomains: 4 }

study:                          # parakkt study FILE runs every combination; parakkt solve FILE runs the config above
  grid:
    problem.time.steps: [64, 128]
    preconditioner.subdomains: [4, 8]
    problem.regularization: [1.0e-2, 1.0e-4]
`;

/** The templates of `parakkt init`; their configs are solved by the tests. */
export const starterConfigs: Readonly<Record<string, StarterConfig>> = {
  "heat-1d": { about: "a rod", text: heat1d },
  "heat-2d": { about: "the unit square (the default)", text: heat2d },
  "heat-3d": { about: "a cube with a diffusivity that varies", text: heat3d },
  inclusion: { about: "a diffusivity that jumps, two-level preconditioner written out", text: inclusion },
  study: { about: "a scaling study", text: study },
};

/** The text of the file: language-server line, what to do next, the config. */
export function starterText({ about, text }: StarterConfig, names: { readonly file: string; readonly schema: string }): string {
  const head = [
    `# yaml-language-server: $schema=${names.schema}`,
    `# Optimal control of the heat equation: ${about.replace(" (the default)", "")}.`,
    `# Next: parakkt plan ${names.file}, parakkt ${text.includes("\nstudy:") ? "study" : "solve"} ${names.file}; parakkt explain KEY says what a key means.`,
  ];
  return `${head.join("\n")}\n${text}`;
}
