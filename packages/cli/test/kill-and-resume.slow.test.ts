import { DIRECTORY, findsDamage, stateAt, storeIn } from "./checkpoint-cases.js";
import { killAndResume, outcomeOf, reportIn, resumableSolves, solveIn, writeResumableConfig } from "./killed-runs.js";
import { memoryFileSystem } from "./memory-file-system.js";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();

test("100 times SIGKILL at random times and --resume: the same history, counts and digest", async () => {
  const total = { killed: 0, resumed: 0 };
  for (const [k, [name, method]] of resumableSolves.entries()) {
    writeResumableConfig(directory(), method);
    await solveIn(directory(), ["--out", "whole", "--force"]);
    const whole = outcomeOf(reportIn(directory(), "whole"));
    for (let seed = 10 * k, killed = 0; killed < 25; seed++) {
      await solveIn(directory(), ["--out", "run", "--force", "--set", "solver.maxIterations=1"]);
      const counted = await killAndResume(directory(), { kills: 25 - killed, seed });
      expect([name, outcomeOf(reportIn(directory(), "run"))]).toEqual([name, whole]);
      killed += counted.killed;
      total.killed += counted.killed;
      total.resumed += counted.resumed;
    }
  }
  expect(total.killed).toBeGreaterThanOrEqual(100);
  expect(total.resumed).toBeGreaterThanOrEqual(20);
}, 600_000);

test("every single bit and every length of a checkpoint of 16 KiB", () => {
  const sizes = { steps: 5, dofs: 136, series: 3, subdomains: 1 };
  const files = memoryFileSystem();
  for (const iteration of [10, 20]) storeIn(files).write(stateAt(iteration, sizes));
  const paths = ["data", "json"].map((ending) => `${DIRECTORY}/generation-20.${ending}`);
  expect(paths.reduce((sum, path) => sum + files.content(path).length, 0)).toBeGreaterThanOrEqual(16_384);
  for (const path of paths) {
    const bytes = files.content(path).length;
    for (let bit = 0; bit < 8 * bytes; bit++) if (!findsDamage(files, path, { bit }, 10)) throw new Error(`bit ${bit} of ${path} is not noticed`);
    for (let length = 0; length < bytes; length++) if (!findsDamage(files, path, { length }, 10)) throw new Error(`${path} cut to ${length} bytes is not noticed`);
  }
}, 600_000);
