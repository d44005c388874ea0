import { ROW } from "./lanes";

// Where eight transformed lines go: entry k of lane l at destination + k·rowStride + l·laneStride, strides in bytes.
// Set once before a pass; one thread an instance, so globals are the cheapest way to hand it down.

let destination: usize = 0;
let rowStride: usize = 0;
let laneStride: usize = 0;

export function openSink(target: usize, row: usize, lane: usize): void {
  destination = target;
  rowStride = row;
  laneStride = lane;
}
