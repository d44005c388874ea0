import { freemem } from "node:os";

/** Share of the free memory that a run may take unless the config says otherwise. */
const SHARE = 0.7;
const UNITS: Readonly<Record<string, number>> = { "": 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };

/** Bytes of `budget.memory`: a number, a size such as 4GiB, or auto = 70 % of the free memory or of the container's limit. */
export function memoryBudget(setting: number | string, free: number = freeMemory()): number {
  if (typeof setting === "number") return setting;
  const size = /^(\d+(?:\.\d+)?)\s*([KMGT]i?)?B?$/.exec(setting);
  return size === null ? Math.floor(SHARE * free) : Number(size[1]) * UNITS[size[2] ?? ""]!;
}

/** Free memory of the machine, or what the container leaves where that is less. */
function freeMemory(): number {
  const limit = process.constrainedMemory();
  const left = limit > 0 ? limit - process.memoryUsage.rss() : Infinity;
  return Math.min(freemem(), left > 0 ? left : freemem());
}

/** "1.5 GiB". */
export function formatBytes(bytes: number): string {
  const power = Math.min(4, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  const value = bytes / 2 ** (10 * power);
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${["B", "KiB", "MiB", "GiB", "TiB"][power]}`;
}
