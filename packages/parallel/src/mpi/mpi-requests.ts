import type { MpiLibrary } from "./mpi-library.js";

/** Calls MPI functions and waits for what they started. */
export interface MpiRequests {
  /** Calls a function that starts something; its last argument is the address of a request. `kept` is not freed before it is complete. */
  start(name: StartingFunction, kept: object, ...args: readonly unknown[]): void;
  /** Waits until everything started is complete. */
  complete(): void;
  /** Looks once, so that what was started goes on. */
  look(): void;
  /** Doubles in the i-th message started, after `complete`. */
  count(i: number): number;
  /** Calls any other function. */
  call(name: keyof MpiLibrary["call"], ...args: readonly unknown[]): void;
}

/** How a waiting rank passes its time; throws where the job was ended. */
export interface MpiPatience {
  /** After a look that found nothing; `looks` counts from 1. */
  pause(looks: number): void;
  /** The wait is over. */
  resume(): void;
}

type StartingFunction = Extract<keyof MpiLibrary["call"], `MPI_I${"s" | "r" | "a" | "b"}${string}`>;

export function mpiRequests(library: MpiLibrary, size: number, patience: MpiPatience): MpiRequests {
  const { requestBytes, statusBytes } = library;
  const room = 2 * size + 4;
  const memory = new Uint8Array(room * requestBytes);
  const places = Array.from({ length: room }, (_, i) => memory.subarray(i * requestBytes, (i + 1) * requestBytes));
  const statuses = new Uint8Array(room * statusBytes);
  const statusOf = Array.from({ length: room }, (_, i) => statuses.subarray(i * statusBytes, (i + 1) * statusBytes));
  const done = new Int32Array(1);
  const received = new Int32Array(1);
  const kept: (object | undefined)[] = new Array<undefined>(room).fill(undefined);
  let open = 0;

  const call = (name: keyof MpiLibrary["call"], ...args: readonly unknown[]): void => {
    const code = library.call[name](...args);
    if (code !== 0) throw new Error(`${name}: ${errorText(library, code)}`);
  };
  const look = (): void => {
    done[0] = 0;
    call("MPI_Testall", open, memory, done, statuses);
  };
  const forget = (): void => {
    kept.fill(undefined, 0, open);
    open = 0;
  };
  return {
    call,
    look() {
      if (open === 0) return;
      look();
      if (done[0] !== 0) forget();
    },
    start(name, keep, ...args) {
      call(name, ...args, places[open]);
      kept[open++] = keep;
    },
    complete() {
      if (open === 0) return;
      look();
      for (let looks = 1; done[0] === 0; looks++) {
        patience.pause(looks);
        look();
      }
      patience.resume();
      forget();
    },
    count(i) {
      call("MPI_Get_count", statusOf[i], library.double, received);
      return received[0];
    },
  };
}

function errorText({ call }: MpiLibrary, code: number): string {
  const text = new Uint8Array(1024);
  const length = new Int32Array(1);
  if (call.MPI_Error_string(code, text, length) !== 0) return `error ${code}`;
  return Buffer.from(text.subarray(0, length[0])).toString();
}
