import type { Communicator } from "@parakkt/core";

/** The root's text on all ranks; what the others give does not matter. Two broadcasts. */
export function broadcastText(communicator: Communicator, root: number, text: string): string {
  const bytes = communicator.rank === root ? new TextEncoder().encode(text) : new Uint8Array(0);
  const length = Float64Array.of(bytes.length);
  communicator.broadcast(root, length);
  const data = new Float64Array(Math.ceil(length[0] / 8));
  const view = new Uint8Array(data.buffer, 0, length[0]);
  view.set(bytes);
  communicator.broadcast(root, data);
  return new TextDecoder().decode(view);
}
