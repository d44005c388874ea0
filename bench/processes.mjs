import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const CHILD = fileURLToPath(new URL("child.mjs", import.meta.url));
const LIMIT_MILLISECONDS = 1_800_000;
const start = promisify(execFile);

/** Libraries that would start threads of their own are kept to one. */
const ONE_THREAD = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };

/** What a program prints; it runs on one thread. Errors: with the last line of its complaints. */
export async function outputOf(program, parameters, environment = {}) {
  try {
    const { stdout } = await start(program, parameters.map(String), { env: { ...process.env, ...ONE_THREAD, ...environment }, timeout: LIMIT_MILLISECONDS });
    return stdout;
  } catch (error) {
    const complaint = error.stderr?.trim().split("\n").at(-1);
    throw new Error(complaint || error.message.split("\n")[0], { cause: error });
  }
}

/** The result of a task of child.mjs in a process of its own, so that its peak memory is that of one run. */
export async function runTask(name, parameters) {
  const result = JSON.parse(await outputOf(process.execPath, [CHILD, name, JSON.stringify(parameters)]));
  if (result.error !== undefined) throw new Error(result.error);
  return result;
}
