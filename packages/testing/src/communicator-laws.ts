import type { Communicator, NeighbourExchange } from "@parakkt/core";

/** A small SPMD program and what it must hand back on rank `rank` of `size`, by the meaning of the operations alone. */
export interface CommunicatorLaw {
  readonly name: string;
  /** Repeatable; hands back plain numbers, so that they can come from another thread or process. */
  readonly program: (communicator: Communicator) => number[];
  readonly expected: (rank: number, size: number) => number[];
}

/** More than any engine keeps in one mailbox. */
const LONG = 40_001;

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const value = (rank: number, i: number): number => 1000 * rank + i + 0.25;
const valuesOf = (rank: number, length: number): number[] => range(length).map((i) => value(rank, i));
const vectorOf = (rank: number, length: number): Float64Array => Float64Array.from(valuesOf(rank, length));

/** A sum that notices numbers in wrong places. */
function digest(data: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += (1 + (i % 7)) * data[i];
  return sum;
}

/** Rank r sends r + 2 numbers to the next rank and 2 r + 1 to the previous one. */
function chain({ rank, size }: Pick<Communicator, "rank" | "size">, scale: number): NeighbourExchange {
  return {
    toPrevious: vectorOf(rank, rank > 0 ? scale * (2 * rank + 1) : 0),
    fromPrevious: new Float64Array(rank > 0 ? scale * (rank + 1) : 0),
    toNext: vectorOf(rank + 100, rank < size - 1 ? scale * (rank + 2) : 0),
    fromNext: new Float64Array(rank < size - 1 ? scale * (2 * rank + 3) : 0),
  };
}

const exchange: CommunicatorLaw = {
  name: "an exchange brings what the neighbours sent, of any lengths, and local work may run meanwhile",
  program: (communicator) =>
    [1, 3, 9000].flatMap((scale) => {
      const buffers = chain(communicator, scale);
      communicator.startExchange(buffers);
      const local = digest(valuesOf(communicator.rank, 100));
      communicator.finishExchange();
      return [local, digest(buffers.fromPrevious), digest(buffers.fromNext)];
    }),
  expected: (rank, size) =>
    [1, 3, 9000].flatMap((scale) => [
      digest(valuesOf(rank, 100)),
      rank > 0 ? digest(valuesOf(rank + 99, scale * (rank + 1))) : 0,
      rank < size - 1 ? digest(valuesOf(rank + 1, scale * (2 * rank + 3))) : 0,
    ]),
};

const pipeline: CommunicatorLaw = {
  name: "messages go down the ranks and back, in the order sent, short and long",
  program: (communicator) => {
    const { rank, size, send, receive } = communicator;
    const head = new Float64Array(2);
    const body = vectorOf(rank, LONG);
    if (rank > 0) receive(rank - 1, head);
    if (rank > 0) receive(rank - 1, body);
    head[0] += rank + 1;
    head[1]++;
    if (rank < size - 1) send(rank + 1, head);
    if (rank < size - 1) send(rank + 1, body);
    if (rank < size - 1) receive(rank + 1, head);
    if (rank > 0) send(rank - 1, head);
    return [...head, digest(body)];
  },
  expected: (_rank, size) => [(size * (size + 1)) / 2, size, digest(valuesOf(0, LONG))],
};

const gathering: CommunicatorLaw = {
  name: "all-gather puts the ranks' vectors in rank order, equally long ones and others, short and long",
  program: ({ rank, size, allGather }) =>
    [1, 40, 20_000].flatMap((length) => {
      const equal = new Float64Array(size * length);
      allGather(vectorOf(rank, length), equal);
      const counts = range(size).map((r) => (r % 3) * length);
      const unequal = new Float64Array(counts.reduce((sum, count) => sum + count, 0));
      allGather(vectorOf(rank, counts[rank]), unequal, counts);
      return [digest(equal), digest(unequal)];
    }),
  expected: (_rank, size) =>
    [1, 40, 20_000].flatMap((length) => [
      digest(range(size).flatMap((r) => valuesOf(r, length))),
      digest(range(size).flatMap((r) => valuesOf(r, (r % 3) * length))),
    ]),
};

/** What rank `from` sends to rank `to`; some send nothing. */
const share = (from: number, to: number, scale: number): number => scale * ((from + 2 * to) % 4);

const transposition: CommunicatorLaw = {
  name: "all-to-all hands part r of rank q to rank r, as part q",
  program: ({ rank, size, allToAll }) =>
    [1, 5000].flatMap((scale) => {
      const sendCounts = range(size).map((to) => share(rank, to, scale));
      const receivedCounts = range(size).map((from) => share(from, rank, scale));
      const send = Float64Array.from(sendCounts.flatMap((count, to) => valuesOf(10 * rank + to, count)));
      const received = new Float64Array(receivedCounts.reduce((sum, count) => sum + count, 0));
      allToAll(send, sendCounts, received, receivedCounts);
      return [digest(received)];
    }),
  expected: (rank, size) =>
    [1, 5000].flatMap((scale) => [digest(range(size).flatMap((from) => valuesOf(10 * from + rank, share(from, rank, scale))))]),
};

/** Summed in another order these have other bits. */
const summand = (rank: number, i: number): number => (rank % 2 === 0 ? 1 : -1) * 10 ** ((7 * rank + i) % 17) + 1 / (rank + 3);

const reduction: CommunicatorLaw = {
  name: "all-reduce adds in rank order, bit for bit",
  program: ({ rank, allReduce }) =>
    [3, 20, LONG].flatMap((length) => {
      const values = Float64Array.from(range(length), (_, i) => summand(rank, i));
      allReduce(values);
      return [...values.subarray(0, 20), digest(values)];
    }),
  expected: (_rank, size) =>
    [3, 20, LONG].flatMap((length) => {
      const sums = range(length).map((i) => range(size).map((r) => summand(r, i)).reduce((sum, next) => sum + next));
      return [...sums.slice(0, 20), digest(sums)];
    }),
};

const distribution: CommunicatorLaw = {
  name: "broadcast copies the root's data, whoever is root; barriers in between change nothing",
  program: ({ rank, size, broadcast, barrier }) =>
    range(size).flatMap((root) =>
      [2, 30_000].map((length) => {
        const data = vectorOf(rank, length);
        broadcast(root, data);
        barrier();
        return digest(data);
      }),
    ),
  expected: (_rank, size) => range(size).flatMap((root) => [2, 30_000].map((length) => digest(valuesOf(root, length)))),
};

const views: CommunicatorLaw = {
  name: "data may be views into larger buffers, whose rest stays as it is",
  program: ({ rank, size, allGather, broadcast, send, receive }) => {
    const storage = new Float64Array(size + 4).fill(-1);
    allGather(storage.subarray(1, 2).fill(rank), storage.subarray(2, 2 + size));
    broadcast(size - 1, storage.subarray(2 + size, 3 + size).fill(rank));
    const message = Float64Array.of(-2, rank, -2);
    if (rank % 2 === 0 && rank < size - 1) send(rank + 1, message.subarray(1, 2));
    if (rank % 2 === 1) receive(rank - 1, message.subarray(1, 2));
    return [...storage, ...message];
  },
  expected: (rank, size) => [-1, rank, ...range(size), size - 1, -1, -2, rank - (rank % 2), -2],
};

const counting: CommunicatorLaw = {
  name: "messages and bytes are those that the rank gave to others",
  program: (communicator) => {
    const { rank, size, startExchange, finishExchange, allGather, allToAll, allReduce, broadcast, barrier } = communicator;
    startExchange(chain(communicator, 1));
    finishExchange();
    allGather(new Float64Array(5), new Float64Array(5 * size));
    const counts = new Array<number>(size).fill(2);
    allToAll(new Float64Array(2 * size), counts, new Float64Array(2 * size), counts);
    allReduce(new Float64Array(3));
    broadcast(0, new Float64Array(7));
    barrier();
    if (rank === 0 && size > 1) communicator.send(size - 1, new Float64Array(11));
    if (rank === size - 1 && size > 1) communicator.receive(0, new Float64Array(11));
    return [communicator.messages, communicator.bytes];
  },
  expected(rank, size) {
    if (size === 1) return [0, 0];
    const lengths = [5, ...new Array<number>(size - 1).fill(2), 3];
    if (rank > 0) lengths.push(2 * rank + 1);
    if (rank < size - 1) lengths.push(rank + 2);
    if (rank === 0) lengths.push(7, 11);
    return [lengths.length, 8 * lengths.reduce((sum, length) => sum + length, 0)];
  },
};

/** What every communicator must do, on any number of ranks. */
export const communicatorLaws: readonly CommunicatorLaw[] = [exchange, pipeline, gathering, transposition, reduction, distribution, views, counting];
