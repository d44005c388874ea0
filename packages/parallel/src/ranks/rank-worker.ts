import { parentPort, workerData } from "node:worker_threads";
import { openRank, type OpenRank } from "./open-rank.js";
import type { RankMessage, RankProgram, RankTask } from "./rank-program.js";

const task = workerData as RankTask;
const send = (message: RankMessage): void => parentPort?.postMessage(message);

let rank: OpenRank | undefined;
try {
  rank = await openRank(task.place);
  if (rank.seat) send({ kind: "seat", seat: rank.seat });
  const { rankProgram } = (await import(task.module)) as { rankProgram: RankProgram<unknown, unknown> };
  const value = await rankProgram(rank.communicator, task.data, { tell: (news) => send({ kind: "news", news }) });
  rank.close();
  send({ kind: "result", value });
} catch (error) {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  send({ kind: "error", name, message, stack: stack ?? message });
  rank?.giveUp();
}
