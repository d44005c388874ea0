import type { TrainingSettings } from "./training-settings.js";

/** All of a config that decides the bits of a training; ranks, checkpoints and output do not. */
export function fingerprintOf({ data, network, training, propagation }: TrainingSettings): string {
  return JSON.stringify({ data, network, training, propagation });
}

/** The first section in which two fingerprints differ, in words. */
export function fingerprintDifference(before: string, now: string): string | undefined {
  if (before === now) return undefined;
  const [old, current] = [before, now].map((text) => JSON.parse(text) as Record<string, Record<string, unknown>>);
  for (const section of Object.keys(current!)) {
    const keys = [...new Set([...Object.keys(old![section] ?? {}), ...Object.keys(current![section]!)])];
    const key = keys.find((name) => JSON.stringify(old![section]?.[name]) !== JSON.stringify(current![section]![name]));
    if (key !== undefined) return `${section}.${key} was ${JSON.stringify(old![section]?.[key])} and is ${JSON.stringify(current![section]![key])}`;
  }
  return "the config differs";
}
