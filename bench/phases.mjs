/**
 * Attributes CPU and wall seconds to phases. Phases nest: time belongs to the innermost one that is open, so that the phases add up to the whole.
 * CPU seconds are those of the process: the engine's compiler and collector threads count.
 */
export function phaseLedger() {
  const totals = new Map();
  const open = [];
  let mark = now();

  const charge = () => {
    const time = now();
    if (open.length > 0) {
      const name = open[open.length - 1];
      const { cpu, wall } = totals.get(name) ?? { cpu: 0, wall: 0 };
      totals.set(name, { cpu: cpu + time.cpu - mark.cpu, wall: wall + time.wall - mark.wall });
    }
    mark = time;
  };
  const run = (phase, work) => {
    charge();
    open.push(phase);
    try {
      return work();
    } finally {
      charge();
      open.pop();
    }
  };
  return {
    run,
    /** `work` as a function that charges its time to `phase`. */
    timed: (phase, work) => (...parameters) => run(phase, () => work(...parameters)),
    /** The same object with the named methods charged to a phase each: { method: phase }. Getters stay getters. */
    timedMethods(object, phases) {
      const copy = Object.create(Object.getPrototypeOf(object), Object.getOwnPropertyDescriptors(object));
      for (const [method, phase] of Object.entries(phases)) {
        if (typeof object[method] !== "function") continue;
        Object.defineProperty(copy, method, { value: (...parameters) => run(phase, () => object[method](...parameters)), enumerable: true });
      }
      return copy;
    },
    /** { phase: seconds } so far, of CPU or wall time. */
    seconds: (clock = "cpu") => Object.fromEntries([...totals].map(([phase, spent]) => [phase, spent[clock]])),
    /** Seconds of all phases but the named ones. */
    total(clock, { without = [] } = {}) {
      return [...totals].reduce((sum, [phase, spent]) => sum + (without.includes(phase) ? 0 : spent[clock]), 0);
    },
  };
}

function now() {
  const { user, system } = process.cpuUsage();
  return { cpu: (user + system) / 1e6, wall: performance.now() / 1e3 };
}
