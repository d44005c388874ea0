// One solve on MPI ranks, as its only parameter says; rank 0 prints what all ranks found. Started by tasks/strong.mjs under mpirun.
import { mpiRanks } from "../../packages/parallel/dist/index.js";
import { rankProgram } from "./program.mjs";

const { communicator, finalize } = await mpiRanks();
const own = rankProgram(communicator, JSON.parse(process.argv[2]));
const names = Object.keys(own);
const all = new Float64Array(names.length * communicator.size);
communicator.allGather(Float64Array.from(names, (name) => own[name]), all);
if (communicator.rank === 0) {
  const results = Array.from({ length: communicator.size }, (_, rank) => Object.fromEntries(names.map((name, i) => [name, all[rank * names.length + i]])));
  console.log(JSON.stringify(results));
}
finalize();
