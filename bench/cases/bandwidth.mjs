import { runTask } from "../processes.mjs";

/** Memory bandwidth, from WebAssembly and from C: what the roofline of the page divides by. */
export function bandwidthCase({ quick }) {
  return {
    name: "bandwidth",
    title: "Memory bandwidth",
    entries: [
      { id: "bandwidth-wasm", label: "WebAssembly", side: "ours", run: () => runTask("bandwidth", quick ? { doubles: 2 ** 16 } : {}) },
      { id: "bandwidth-stream", label: "C (stream)", side: "peer", needs: "stream", run: ({ peers }) => peers.run.stream() },
    ],
  };
}
