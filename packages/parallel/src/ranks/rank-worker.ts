import { parentPort, workerData } from "node:worker_threads";
import { openRank } from "./open-rank.js";
import type { RankProgram, RankTask, RankMessage } from "./rank-program.js";

const task = workerData as RankTask;
const send = (message: RankMessage): void => parentPort?.postMessage(message);

const rank = openRank(task.place);
try {
  const { rankProgram } = (await import(task.module)) as { rankProgram: RankProgram<unknown, unknown> };
  const value = await rankProgram(rank.communicator, task.data, { tell: (news) => send({ kind: "news", news }) });
  rank.close();
  send({ kind: "result", value });
} catch (error) {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  send({ kind: "error", name, message, stack: stack ?? message });
}
