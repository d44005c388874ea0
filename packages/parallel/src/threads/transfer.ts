import type { SharedRing } from "./shared-ring.js";

/** One direction of the traffic with one other rank: moves one message after another through a ring, as far as it goes without waiting. */
export interface Transfer {
  /** The next message; the last one must be complete. */
  begin(data: Float64Array): void;
  /** Moves what can be moved now; true when the message is complete. */
  advance(): boolean;
}

const NOTHING: Float64Array = new Float64Array(0);

/** Sends the length, then the data. `moved` is told whenever the partner can go on. */
export function outgoing(ring: SharedRing, moved: () => void): Transfer {
  const header = new Float64Array(1);
  let data = NOTHING;
  let headerSent = 1;
  let sent = 0;
  return {
    begin(message) {
      data = message;
      header[0] = message.length;
      headerSent = 0;
      sent = 0;
    },
    advance() {
      if (headerSent === 1 && sent === data.length) return true;
      const before = headerSent + sent;
      if (headerSent === 0) headerSent = ring.write(header, 0);
      if (headerSent === 1) sent += ring.write(data, sent);
      if (headerSent + sent > before) moved();
      return headerSent === 1 && sent === data.length;
    },
  };
}

/** Receives the length, which must be that of the buffer, then the data. */
export function incoming(ring: SharedRing, moved: () => void, route: string): Transfer {
  const header = new Float64Array(1);
  let data = NOTHING;
  let headerRead = 1;
  let received = 0;
  return {
    begin(buffer) {
      data = buffer;
      headerRead = 0;
      received = 0;
    },
    advance() {
      if (headerRead === 1 && received === data.length) return true;
      const before = headerRead + received;
      if (headerRead === 0) {
        headerRead = ring.read(header, 0);
        if (headerRead === 1 && header[0] !== data.length) throw new Error(`${header[0]} numbers sent ${route}, ${data.length} expected`);
      }
      if (headerRead === 1) received += ring.read(data, received);
      if (headerRead + received > before) moved();
      return headerRead === 1 && received === data.length;
    },
  };
}
