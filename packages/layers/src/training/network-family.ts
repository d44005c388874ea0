import type { Network } from "../network/network.js";
import type { NetworkInputs } from "../network/propagation.js";
import type { DataSet } from "./data/data-set.js";

export interface NetworkSize {
  readonly batch: number;
  /** N; layers that are opened or closed serially do not count. */
  readonly depth: number;
}

/** One kind of network for batches of any size and, where that makes sense, any depth; T does not depend on the depth. */
export interface NetworkFamily {
  /** With parameters that are shared with other networks of the family; default: new ones, zero. */
  build(size: NetworkSize, parameters?: Float64Array): Network;
  /** How the network reads these samples. */
  inputs(samples: DataSet): NetworkInputs;
}
