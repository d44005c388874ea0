import { runTask } from "../processes.mjs";

const SIZE = { n: 127, steps: 512 };
const QUICK_SIZE = { n: 15, steps: 64 };
const OMEGAS = [1, 1e-4, 1e-6];
/** δ of the windows: what takes least time; steps after which a disturbance has decayed by a tenth, where that is less than a window (docs/theory/matching.md). */
const FORGOTTEN = { 1: 48, 1e-4: 12, 1e-6: 2 };
/** Where a limit is asked for. */
const REQUIRED = { omega: 1e-4, sameMethod: 1 / 1.7, bestSerial: 1 / 1.4, mpi: 1.1 };

const short = (omega) => (omega < 1 ? omega.toExponential() : String(omega));

/** The ways of solving: name, and what `strong/program.mjs` takes. Sweeps in single precision read half as much of the factors. */
const ways = (omega) => ({
  matching: { name: "matching" },
  "windows, P = 8, single": { name: "windows", subdomains: 8, overlap: FORGOTTEN[omega], precision: "single" },
  "windows, P = 16, single": { name: "windows", subdomains: 16, overlap: FORGOTTEN[omega], precision: "single" },
  "two-level, P = 64": { name: "two-level", subdomains: 64, overlap: 1 },
  "two-level, P = 64, single": { name: "two-level", subdomains: 64, overlap: 1, precision: "single" },
});
const PLACES = { "1 thread": { backend: "threads", ranks: 1 }, "2 threads": { backend: "threads", ranks: 2 }, "2 MPI ranks": { backend: "mpi", ranks: 2 } };
const serialOnly = new Set(["matching", "windows, P = 8, single"]);

/** Strong scaling on two cores, smooth variable ν: each method against itself on one thread, and against the best method on one thread; MPI against threads. */
export function strongCase({ quick }) {
  const size = quick ? QUICK_SIZE : SIZE;
  const idOf = (way, place, omega) => `strong, ${way}, ω = ${short(omega)}, ${place}`;
  const entries = OMEGAS.flatMap((omega) =>
    Object.entries(ways(omega)).flatMap(([way, parameters]) =>
      Object.entries(PLACES)
        .filter(([place]) => place === "1 thread" || !serialOnly.has(way))
        .map(([place, ranks]) => {
          const id = idOf(way, place, omega);
          const fitted = { ...parameters, overlap: Math.min(parameters.overlap ?? 0, Math.floor(size.steps / (parameters.subdomains ?? 1))) };
          return { id, label: id, side: place === "1 thread" ? "peer" : "ours", run: () => runTask("strong", { ...size, omega, ...fitted, ...ranks }) };
        }),
    ),
  );
  const parallel = (omega) => Object.keys(ways(omega)).filter((way) => !serialOnly.has(way));
  const required = (omega, most) => (omega === REQUIRED.omega ? { required: most } : {});
  const ratios = OMEGAS.flatMap((omega) =>
    parallel(omega).flatMap((way) => {
      const threads = idOf(way, "2 threads", omega);
      const ratio = (against, peers, most) => ({ label: `${way}, ω = ${short(omega)}: ${against}`, ours: threads, peers, metric: "wall", ...most });
      const serial = Object.keys(ways(omega)).map((other) => idOf(other, "1 thread", omega));
      return [
        ratio("two threads against one", [idOf(way, "1 thread", omega)], required(omega, REQUIRED.sameMethod)),
        ratio("two threads against the best on one", serial, required(omega, REQUIRED.bestSerial)),
        { ...ratio("MPI against threads", [threads], required(omega, REQUIRED.mpi)), ours: idOf(way, "2 MPI ranks", omega) },
      ];
    }),
  );
  return { name: "strong", title: "Strong scaling on two cores", rounds: quick ? 1 : 3, entries, ratios };
}
