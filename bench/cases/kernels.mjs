import { runTask } from "../processes.mjs";

const LEAST_ROUNDS = 9;
const MILLISECONDS = 5;

/** The C peer of a kernel (always in double precision) and the largest ratio allowed; none is only for information. */
const C = (required) => ({ c: { label: "C", required } });

const QUICK_POINTS = 15;

/** Every pair once; `quick` takes 15 points an axis throughout. */
function kernelSettings({ quick }) {
  const pair = (kernel, what, setting, peers) => kernelPair(kernel, what, { ...setting, ...(quick && { n: QUICK_POINTS }) }, peers);
  const stencils = [
    { diffusivity: "constant", lanes: 1, n: 127 },
    { diffusivity: "constant", lanes: 8, n: 127 },
    { diffusivity: "smooth", lanes: 1, n: 127 },
    { diffusivity: "smooth", lanes: 8, n: 127 },
    { diffusivity: "constant", lanes: 1, n: 63, dimension: 3 },
    { diffusivity: "constant", lanes: 8, n: 63, dimension: 3 },
  ].map((setting) => pair("stencil", "residual and norm", setting, C(setting.dimension === 3 ? 1.5 : 2.2)));
  const transforms = [63, 127, 255].map((n) => pair("transform", "sine transform", { n }, { fftw: { label: "FFTW", required: 1.5 }, avx2: { label: "C with AVX2", required: 1.9 } }));
  const products = [pair("transform", "sine transform by products", { n: 100 }, { blas: { label: "OpenBLAS", required: 3.4 }, fftw: { label: "FFTW" } })];
  // A block is one megabyte; two vectors, and nine, are more than a large last-level cache.
  const vectors = Object.entries({ "axpy-dot": [1, 256], "multi-dot": [1, 48] }).flatMap(([kernel, sizes]) =>
    sizes.map((blocks) => pair(kernel, `${kernel}, ${blocks === 1 ? "in cache" : "in memory"}`, { n: 127, lanes: 8, blocks }, C(1.5))),
  );
  const cycles = [
    { n: 127, lanes: 1 },
    { n: 127, lanes: 8 },
    { n: 255, lanes: 8 },
    { n: 31, lanes: 8, dimension: 3 },
  ].flatMap((setting) => ["double", "single"].map((precision) => pair("multigrid", `V(1,1), ${precision}`, { ...setting, precision }, C(precision === "double" ? 2.5 : undefined))));
  const sweeps = [
    pair("sweep", "sweeps with transforms in and out", { n: 127, lanes: 8, steps: 32 }, { fftw: { label: "FFTW", required: 0.2 } }),
    pair("sweep", "sweeps in the sine basis", { n: 127, lanes: 8, steps: 32, transforms: false }, { fftw: { label: "FFTW" } }),
  ];
  const pairs = [...stencils, ...transforms, ...products, ...vectors, ...cycles, ...sweeps];
  return [...new Map(pairs.map((made) => [made.id, made])).values()];
}

function kernelPair(kernel, what, setting, peers) {
  const { n, dimension = 2, lanes, diffusivity } = setting;
  const label = [what, diffusivity && `${diffusivity} ν`, `${n}${dimension === 3 ? "³" : "²"}`, lanes && `${lanes} lane${lanes > 1 ? "s" : ""}`].filter(Boolean).join(", ");
  return { id: label.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-"), label, kernel, setting, peers };
}

/** Kernels against their C peers in one process, microseconds per state (right-hand side). */
export function kernelsCase(options) {
  const pairs = kernelSettings(options);
  const sides = pairs.flatMap(({ id, label, peers }) => [
    { id, label, side: "ours" },
    ...Object.entries(peers).map(([peer, named]) => ({ id: `${id}/${peer}`, label: `${label}: ${named.label}`, side: "peer", needs: "kernels" })),
  ]);
  return {
    name: "kernels",
    title: "Kernels",
    entries: sides,
    collect: (context) => collectPairs(pairs, context),
    ratios: pairs.flatMap(({ id, label, peers }) =>
      Object.entries(peers).map(([peer, { label: name, required }]) => ({ label: `${label} / ${name}`, ours: id, peers: [`${id}/${peer}`], metric: "microseconds", required })),
    ),
  };
}

async function collectPairs(pairs, { rounds, peers, progress, quick }) {
  const collected = {};
  for (const { id, label, kernel, setting, peers: named } of pairs) {
    const parameters = { kernel, setting, rounds: quick ? rounds : Math.max(rounds, LEAST_ROUNDS), milliseconds: quick ? 1 : MILLISECONDS, c: peers.kernels ?? null };
    const { times, details, reason } = await runTask("kernel", parameters).catch((error) => ({ reason: error.message }));
    progress(reason === undefined ? `${label}: ${times.ours[0].toPrecision(3)} µs` : `${label} is not available: ${reason}`);
    const side = (values, missing) => (values ? { samples: values.map((microseconds) => ({ metrics: { microseconds }, details })) } : { reason: reason ?? missing });
    collected[id] = side(times?.ours);
    for (const peer of Object.keys(named)) collected[`${id}/${peer}`] = side(times?.[peer], peers.missing("kernels") ?? "not built or not for this size");
  }
  return collected;
}

/** Cholesky against CHOLMOD, milliseconds: factorisation, and solves per right-hand side. */
export function choleskyCase({ quick }) {
  const sizes = quick ? [15] : [63, 127];
  const metrics = [["factor", "factorisation"], ["solve1", "solve, 1 lane"], ["solve8", "solve, 8 lanes"]];
  return {
    name: "cholesky",
    title: "Cholesky",
    entries: sizes.flatMap((n) => [
      { id: `cholesky-${n}`, label: `nested-dissection Cholesky, ${n}²`, side: "ours", run: () => runTask("cholesky", { n }) },
      { id: `cholmod-${n}`, label: `CHOLMOD, ${n}²`, side: "peer", needs: "cholmod", run: ({ peers }) => peers.run.cholmod({ n }) },
    ]),
    ratios: sizes.flatMap((n) => metrics.map(([metric, label]) => ({ label: `Cholesky ${n}², ${label}`, ours: `cholesky-${n}`, peers: [`cholmod-${n}`], metric, required: 1.5 }))),
  };
}
