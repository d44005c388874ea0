import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { peakResidentBytes } from "../dist/peak-memory.js";

const MODULE = fileURLToPath(new URL("../dist/peak-memory.js", import.meta.url));
const BALLAST = 300e6;

/** What a small program sees of itself whose parent holds `BALLAST` bytes. */
function seenBySmallChild(expression: string): number {
  const child = `const { peakResidentBytes } = await import(${JSON.stringify(MODULE)}); console.log(${expression});`;
  const parent = `const ballast = Buffer.alloc(${BALLAST}, 1);
    const { stdout } = require("node:child_process").spawnSync(process.execPath, ["--input-type=module", "-e", ${JSON.stringify(child)}], { encoding: "utf8" });
    console.log(stdout, ballast.length);`;
  return parseInt(spawnSync(process.execPath, ["-e", parent], { encoding: "utf8" }).stdout, 10);
}

test("the peak counts what this process touches", () => {
  const ballast = Buffer.alloc(BALLAST, 1);
  expect(peakResidentBytes()).toBeGreaterThan(ballast.length);
});

const onLinux = process.platform === "linux" ? test : test.skip;

onLinux("the peak does not count what the parent held; that of getrusage does", () => {
  expect(seenBySmallChild("peakResidentBytes()")).toBeLessThan(BALLAST / 2);
  expect(seenBySmallChild("1024 * process.resourceUsage().maxRSS")).toBeGreaterThan(BALLAST);
});
