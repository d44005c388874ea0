// The real program with the numerics replaced by a stand-in: started by tests as a process of its own.
import { main } from "@parakkt/cli";

process.exitCode = await main(process.argv.slice(2), { jobModule: new URL("./stub-job.js", import.meta.url).href });
