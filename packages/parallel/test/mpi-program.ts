// Runs a rank program on MPI ranks and prints rank 0's view of all results: started by tests under mpirun.
import { mpiRanks, type RankProgram } from "@parakkt/parallel";

const [module] = process.argv.slice(2);
const { rankProgram } = (await import(module)) as { rankProgram: RankProgram<undefined, number[][]> };
const { communicator, finalize } = await mpiRanks();
const results = await rankProgram(communicator, undefined, { tell() {} });
const own = Float64Array.from(results.flat());
const counts = Float64Array.of(own.length);
const lengths = new Float64Array(communicator.size);
communicator.allGather(counts, lengths);
const all = new Float64Array(lengths.reduce((sum, length) => sum + length, 0));
communicator.allGather(own, all, [...lengths]);
if (communicator.rank === 0) console.log(JSON.stringify([...all]));
finalize();
