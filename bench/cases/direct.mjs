import { runTask } from "../processes.mjs";

const OMEGA = 1e-4;
const REPETITIONS = 3;
const METHODS = ["fftw", "gemm"];

/** The direct solver against the hand-written C program that does the same work, whose spatial transform is FFTW's or a matrix product. */
export function directCase({ quick }) {
  const sizes = quick ? [[15, 16]] : [[127, 512], [255, 256]];
  const entries = sizes.flatMap(([n, steps]) => [directEntry({ n, steps }), ...METHODS.map((method) => limitEntry({ n, steps, method }))]);
  return {
    name: "direct",
    title: "Direct solver",
    entries,
    ratios: sizes.map(([n, steps]) => ({
      label: `direct, ${n} × ${steps}`,
      ours: idOf({ n, steps }),
      peers: METHODS.map((method) => `limit-${method}-${n}x${steps}`),
      metric: "cpu",
      required: 1,
    })),
    limits: [{ label: `direct, ${sizes[0].join(" × ")}, peak memory`, entry: idOf({ n: sizes[0][0], steps: sizes[0][1] }), metric: "peakBytes", unit: "bytes", most: 260e6 }],
  };
}

/** One series beyond the last-level cache and more; and the cube. */
export function directGrowthCase({ quick, machine }) {
  const sizes = quick ? [[7, 16], [15, 16]] : [[127, 512], [255, 256], [255, 512], [255, 1024]];
  const squares = sizes.map(([n, steps]) => ({ n, steps }));
  const cube = quick ? { n: 7, steps: 8, dimension: 3 } : { n: 63, steps: 64, dimension: 3 };
  return {
    name: "direct-growth",
    title: "Growth of the direct solver",
    entries: [...squares, cube].map(directEntry),
    spreads: [growth("direct, time per unknown", squares.map(idOf), { machine, series: 2 })],
  };
}

/** Sizes count whose `series` state series do not fit the last-level cache. */
export function growth(label, entries, { machine, series }) {
  const cache = machine.caches.at(-1)?.bytes ?? 0;
  return { label, entries, metric: "nanosecondsPerState", required: 0.25, beyond: ({ details }) => 8 * series * details.states > cache };
}

const idOf = ({ n, steps, dimension = 2 }) => `direct-${dimension === 3 ? "cube-" : ""}${n}x${steps}`;

function directEntry(size) {
  const { n, steps, dimension = 2 } = size;
  const parameters = { ...size, omega: OMEGA, repetitions: REPETITIONS };
  return { id: idOf(size), label: `direct ${n}${dimension === 3 ? "³" : "²"} × ${steps}`, side: "ours", run: () => runTask("direct", parameters) };
}

function limitEntry({ n, steps, method }) {
  return {
    id: `limit-${method}-${n}x${steps}`,
    label: `limit (C), ${method}, ${n}² × ${steps}`,
    side: "peer",
    needs: "limit",
    run: ({ peers }) => peers.run.limit({ n, steps, omega: OMEGA, repetitions: REPETITIONS, method }),
  };
}
