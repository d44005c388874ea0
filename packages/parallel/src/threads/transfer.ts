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
  const send = (): number => {
    if (headerSent === 0) return (headerSent = ring.write(header, 0));
    const count = ring.write(data, sent);
    sent += count;
    return count;
  };
  return {
    begin(message) {
      data = message;
      header[0] = message.length;
      headerSent = 0;
      sent = 0;
    },
    advance() {
      while (headerSent === 0 || sent < data.length) {
        if (send() === 0) return false;
        moved();
      }
      return true;
    },
  };
}

/** Receives the length, which must be that of the buffer, then the data. */
export function incoming(ring: SharedRing, moved: () => void, route: string): Transfer {
  const header = new Float64Array(1);
  let data = NOTHING;
  let headerRead = 1;
  let received = 0;
  const receive = (): number => {
    if (headerRead === 0) {
      headerRead = ring.read(header, 0);
      if (headerRead === 1 && header[0] !== data.length) throw new Error(`${header[0]} numbers sent ${route}, ${data.length} expected`);
      return headerRead;
    }
    const count = ring.read(data, received);
    received += count;
    return count;
  };
  return {
    begin(buffer) {
      data = buffer;
      headerRead = 0;
      received = 0;
    },
    advance() {
      while (headerRead === 0 || received < data.length) {
        if (receive() === 0) return false;
        moved();
      }
      return true;
    },
  };
}
