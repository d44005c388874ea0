import { serialCommunicator, uniformTimeGrid } from "@parakkt/core";
import { modelledTime, timeHierarchy } from "@parakkt/layers";
import { runOnThreads } from "@parakkt/parallel";

const program = new URL("../layers/ranks-program.mjs", import.meta.url);

/**
 * Two forward cycles on threads: { ranks, measured, modelled, serial, step, latency, perByte } in seconds. `measured` is wall time; `modelled` is what `modelledTime` makes of the
 * time of a layer in the serial march and of messages, both measured in the same run.
 */
export async function run({ ranks, layers, width, batch, cycles }) {
  const results = await runOnThreads(program, { threads: ranks, data: { layers, width, batch, cycles } });
  const longest = (name) => Math.max(...results.map((result) => result[name]));
  const { serial, short, state } = results[0];
  const step = serial / layers;
  const perByte = ranks === 1 ? 0 : Math.max(0, state - short) / (8 * (width * batch - 1));
  const hierarchy = timeHierarchy(uniformTimeGrid(1, layers), { levels: 2, coarsening: 4, communicator: { ...serialCommunicator(), size: ranks } });
  const { total } = modelledTime({ hierarchy, iterations: cycles, stateSize: width * batch }, { step, latency: short, perByte });
  return { ranks, measured: longest("parallel"), modelled: total, serial, step, latency: short, perByte };
}
