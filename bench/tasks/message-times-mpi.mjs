import { mpiRanks } from "../../packages/parallel/dist/index.js";
import { rankProgram } from "./message-times.mjs";

const { communicator, finalize } = await mpiRanks();
const times = rankProgram(communicator);
if (communicator.rank === 0) console.log(JSON.stringify(times));
finalize();
