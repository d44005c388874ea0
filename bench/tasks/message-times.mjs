/** Doubles in a message: one, a short record, states of 16², 64², 127² and 255² unknowns. */
export const LENGTHS = [1, 16, 256, 4096, 16129, 65025];

/** The best of many short batches: on a busy machine both ranks have a core to themselves for some of them. */
const BATCHES = 400;

/** Seconds of one message each way, and of one all-reduce, by length; on rank 0, from two ranks. */
export const rankProgram = (communicator) => ({
  pingPong: LENGTHS.map((length) => best(length, (data) => pingPong(communicator, data)) / 2),
  allReduce: LENGTHS.slice(0, 3).map((length) => best(length, (data) => communicator.allReduce(data))),
});

function pingPong({ rank, send, receive }, data) {
  if (rank === 0) send(1, data);
  receive(1 - rank, data);
  if (rank === 1) send(0, data);
}

/** Seconds of one call, the fastest of all batches. */
function best(length, communicate) {
  const data = new Float64Array(length).fill(1e-300);
  const calls = length > 1000 ? 2 : 10;
  let fastest = Infinity;
  for (let batch = 0; batch < BATCHES; batch++) {
    const started = performance.now();
    for (let call = 0; call < calls; call++) communicate(data);
    if (batch > 0) fastest = Math.min(fastest, (performance.now() - started) / 1e3 / calls);
  }
  return fastest;
}
