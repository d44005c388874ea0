import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadStudy } from "../dist/study/load-study.js";
import { runMain } from "./run-main.js";
import { useTemporaryDirectory } from "./temporary-directory.js";

const directory = useTemporaryDirectory();
const PAPER = fileURLToPath(new URL("../../../paper", import.meta.url));

test("paper/kkt-counts.yaml: all 40 counts of FGMRES on the KKT matrix are those of the reference within one", async () => {
  const { code, stdout } = await runMain("paper", "kkt-counts", "--out", directory());
  expect(stdout).toContain("40 of 40 counts agree with the reference");
  expect(code).toBe(0);
  expect(readFileSync(join(directory(), "kkt-counts", "table.tex"), "utf8")).toContain("restricted 16");
}, 600_000);

test("paper/schur-counts.mjs: all 120 counts on the Schur complement agree, those of the methods that fail too", () => {
  const { status, stdout } = spawnSync(process.execPath, [join(PAPER, "schur-counts.mjs")], { encoding: "utf8" });
  expect(stdout).toContain("120 of 120 counts agree");
  expect(status).toBe(0);
}, 600_000);

test("every study in paper/ loads, and parakkt paper lists every table", async () => {
  const names = readdirSync(PAPER).filter((name) => /\.(yaml|mjs)$/.test(name));
  for (const name of names.filter((file) => file.endsWith(".yaml"))) {
    expect(loadStudy({ path: join(PAPER, name), overrides: [], allowPath: false }).cells.filter(({ refusal }) => refusal)).toEqual([]);
  }
  expect((await runMain("paper", "--list")).stdout.split("\n")).toEqual(names.map((name) => name.replace(/\.\w+$/, "")).sort());
  expect(await runMain("paper", "kkt-count")).toMatchObject({ code: 64, stderr: expect.stringContaining("did you mean kkt-counts?") as string });
});
