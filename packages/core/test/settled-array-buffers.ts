import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Bytes of array buffers on the heap when what earlier work left is gone, by the second collection at the latest: where a count of allocations begins. */
export function settledArrayBuffers(): number {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}
