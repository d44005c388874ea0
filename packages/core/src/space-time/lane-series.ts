import type { Block, Lanes } from "@parakkt/kernels";
import type { Arena } from "../linalg/arena.js";
import type { Communicator } from "../parallel/communicator.js";
import { laneNeighbours, rowBuffer } from "./lane-neighbours.js";
import type { LaneGroup, SpaceTimeLayout } from "./space-time-layout.js";

/** to ← from in another basis, K lanes. */
export type BlockConversion = (lanes: Lanes, from: Block, to: Block) => void;

/** Rows of one series and their neighbours for reading, in the basis in which they are wanted. A block is valid until the next but one is asked for. */
export interface LaneSeries {
  /** The series to be read from now on. One exchange of a state each way. */
  read(x: Float64Array): void;
  row(group: LaneGroup, k: number): Block;
  before(group: LaneGroup, k: number): Block;
  after(group: LaneGroup, k: number): Block;
}

/** Storage: that of `laneNeighbours`, and two rows of the widest group where blocks are converted. Each row is converted once when rows are read one after another. */
export function laneSeries(layout: SpaceTimeLayout, communicator: Communicator, arena: Arena, convert?: BlockConversion): LaneSeries {
  const neighbours = laneNeighbours(layout, communicator, arena);
  const present = convert ? heldConversions(layout, arena, convert) : undefined;
  let series: Float64Array = new Float64Array(0);
  const shown = (group: LaneGroup, block: Block): Block => (present ? present.of(group.lanes, block, block.data === series) : block);
  return {
    read(x) {
      series = x;
      present?.forget();
      neighbours.exchange(x);
    },
    row: (group, k) => shown(group, neighbours.row(series, group, k)),
    before: (group, k) => shown(group, neighbours.before(series, group, k)),
    after: (group, k) => shown(group, neighbours.after(series, group, k)),
  };
}

/** The last two blocks that were converted, known by where they begin unless they are passing ones. */
function heldConversions(layout: SpaceTimeLayout, arena: Arena, convert: BlockConversion) {
  const slot = () => ({ offset: Number.NaN, block: rowBuffer(layout, arena) });
  let [recent, older] = [slot(), slot()];
  return {
    forget(): void {
      recent.offset = older.offset = Number.NaN;
    },
    of(lanes: Lanes, from: Block, lasting: boolean): Block {
      const known = lasting && recent.offset === from.offset;
      if (known) return recent.block;
      [recent, older] = [older, recent];
      if (lasting && recent.offset === from.offset) return recent.block;
      convert(lanes, from, recent.block);
      recent.offset = lasting ? from.offset : Number.NaN;
      return recent.block;
    },
  };
}
