import type { Block } from "@parakkt/kernels";
import type { Arena } from "../linalg/arena.js";
import type { Communicator } from "../parallel/communicator.js";
import { laneNeighbours } from "./lane-neighbours.js";
import type { LaneGroup, SpaceTimeLayout } from "./space-time-layout.js";

/** Rows of one series and their neighbours for reading. A block is valid until the next but one is asked for. */
export interface LaneSeries {
  /** The series to be read from now on. One exchange of a state each way. */
  read(x: Float64Array): void;
  row(group: LaneGroup, k: number): Block;
  before(group: LaneGroup, k: number): Block;
  after(group: LaneGroup, k: number): Block;
}

/** Storage: that of `laneNeighbours`. */
export function laneSeries(layout: SpaceTimeLayout, communicator: Communicator, arena: Arena): LaneSeries {
  const neighbours = laneNeighbours(layout, communicator, arena);
  let series: Float64Array = new Float64Array(0);
  return {
    read(x) {
      series = x;
      neighbours.exchange(x);
    },
    row: (group, k) => neighbours.row(series, group, k),
    before: (group, k) => neighbours.before(series, group, k),
    after: (group, k) => neighbours.after(series, group, k),
  };
}
