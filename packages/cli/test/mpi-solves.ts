// Solves all configs on MPI ranks; every rank leaves what it knows in the given directory: started by tests under mpirun.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { mpiRanks } from "@parakkt/parallel";
import { rankConfigs } from "./rank-configs.js";
import { solveOnRank } from "./solve-program.js";

const [directory] = process.argv.slice(2);
const { communicator, finalize } = await mpiRanks();
const solves = Object.keys(rankConfigs).map((name) => solveOnRank(name, communicator));
writeFileSync(join(directory, `rank-${communicator.rank}.json`), JSON.stringify(solves));
finalize();
